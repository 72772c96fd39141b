import { OverreadError } from '../../errors/index.ts';

const iso = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6})\d*)?(Z|[+-]\d\d:\d\d)$/;

/** ISO 8601 with offset as DT, e.g. `20260102T…` -> `20260102030405.678+0100`. @throws OverreadError `results.inconsistent` */
export function toDateTime(text: string): string {
  const match = iso.exec(text);
  if (match === null || Number.isNaN(Date.parse(text))) {
    throw new OverreadError('results.inconsistent', { why: `${text} is no time with an offset` });
  }
  const [, year, month, day, hour, minute, second, fraction, offset = 'Z'] = match;
  const zone = offset === 'Z' ? '+0000' : offset.replace(':', '');
  return `${year}${month}${day}${hour}${minute}${second}${fraction === undefined ? '' : `.${fraction}`}${zone}`;
}

/** DT with offset as ISO 8601 with offset (`+00:00` for UTC); null where it is less than that. */
export function fromDateTime(text: string): string | null {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,6})?([+-])(\d\d)(\d\d)$/.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', sign, hours, minutes] = match;
  const found = `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${sign}${hours}:${minutes}`;
  return Number.isNaN(Date.parse(found)) ? null : found;
}

export interface DateAndTime {
  /** DA. */
  readonly date: string;
  /** TM with milliseconds. */
  readonly time: string;
}

/** An instant on the clock of a zone. @param zone Timezone Offset From UTC, `+hhmm` or `-hhmm`. */
export function clockIn(instant: Date, zone: string): DateAndTime {
  const minutes = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5))) * (zone.startsWith('-') ? -1 : 1);
  const digits = new Date(instant.getTime() + minutes * 60_000).toISOString().replaceAll(/[-:TZ]/g, '');
  return { date: digits.slice(0, 8), time: digits.slice(8) };
}

/** The offset of this machine's clock at an instant, as Timezone Offset From UTC (0008,0201). */
export function localZone(instant: Date): string {
  const minutes = -instant.getTimezoneOffset();
  const digits = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${digits(Math.floor(size / 60))}${digits(size % 60)}`;
}
