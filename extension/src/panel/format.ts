import type { AnalysisSource, Finding, Measurement } from '@overread/core/analysis';
import { derivations, measurementNames, type Code } from '@overread/core/dicom';
import type { SeriesSummary } from '../host/types.ts';
import { text } from '../text/index.ts';

/** A DICOM Person Name as a person reads it: `Given Family`. */
export function readableName(personName: string): string {
  const [family = '', given = '', middle = ''] = (personName.split('=')[0] ?? '').split('^');
  return [given, middle, family].filter((part) => part !== '').join(' ');
}

/** A score with two digits behind the point where it is small, fewer where it is large. */
export function scoreText(finding: Finding): string | null {
  if (finding.score === null) return null;
  const { value, kind } = finding.score;
  return text(`findings.${kind}`, { value: value.toFixed(scoreDigits(value)) });
}

function scoreDigits(value: number): number {
  return Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
}

/** The least change of its score that a reader sees: half of the last digit. */
export function leastSeen({ score }: Finding): number {
  return 0.5 * 10 ** -scoreDigits(score?.value ?? 0);
}

/** By how much a score changes: two digits that count. */
export function changeText(value: number): string {
  return Number(value.toPrecision(2)).toString().replace('-', minus);
}

/** `present, score 0.87`: what the model states of the finding, and how sure it is; null where it says neither. */
export function statementText(finding: Finding): string | null {
  const presence = finding.presence === null ? null : text(`findings.presence.${finding.presence}`);
  const parts = [presence, scoreText(finding)].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

/** Mean of the long and the short axial diameter in whole mm, and both; null where they were not measured. */
export function sizeText(finding: Finding): string | null {
  const long = measured(finding, measurementNames.longAxis)?.value;
  const short = measured(finding, measurementNames.shortAxis)?.value;
  if (long === undefined || short === undefined) return null;
  const whole = (value: number) => Math.round(value);
  return text('findings.size', { mean: whole((long + short) / 2), long: whole(long), short: whole(short) });
}

export function volumeText(finding: Finding): string | null {
  const volume = measured(finding, measurementNames.volume);
  return volume === undefined ? null : valueText(volume);
}

/** Value and unit as radiologists write them: volumes below 1 mL in mm³, HU and percent short. */
function valueText(measurement: Measurement): string {
  const millilitres = inMillilitres(measurement);
  if (millilitres !== null && millilitres < 1) return `${Math.round(millilitres * 1000)} mm³`;
  const unit = unitText(measurement);
  return unit === '' ? numberText(measurement) : `${numberText(measurement)} ${unit}`;
}

/** The number alone, for a column whose head says the unit; volumes in mL whatever unit they came in. */
export function numberText(measurement: Measurement): string {
  const { value, unit } = measurement;
  const millilitres = inMillilitres(measurement);
  if (millilitres !== null) return millilitres < 100 ? plain(millilitres, 1) : grouped(Math.round(millilitres));
  switch (unit.value) {
    case "[hnsf'U]":
      return plain(value, 0);
    case '%':
    case 'mm':
      return plain(value, 1);
    default:
      return Number(value.toPrecision(3)).toString().replace('-', minus);
  }
}

/** The unit that `numberText` speaks in. */
function unitText(measurement: Measurement): string {
  if (inMillilitres(measurement) !== null) return 'mL';
  const { value } = measurement.unit;
  return value === "[hnsf'U]" ? 'HU' : value === '1' ? '' : value;
}

function inMillilitres({ value, unit }: Measurement): number | null {
  return unit.value === 'mm3' ? value / 1000 : unit.value.toLowerCase() === 'ml' ? value : null;
}

const minus = '\u2212';

function plain(value: number, digits: number): string {
  return value.toFixed(digits).replace('-', minus);
}

/** Thousands apart by a thin space. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, '\u2009');
}

/** What a measurement is called in a table head, and its unit: `Volume, mL`. */
export function measurementTitle(measurement: Measurement): string {
  const { name, derivation } = measurement;
  const share = /below (-?\d+(?:\.\d+)?) HU/.exec(name.meaning);
  if (share !== null) return `< ${(share[1] ?? '').replace('-', minus)} HU, %`;
  const isMean = isCode(derivation, derivations.mean);
  const title = isCode(name, measurementNames.volume)
    ? text('tissues.volume')
    : isCode(name, measurementNames.attenuation) && isMean
      ? text('tissues.mean')
      : derivation === null
        ? name.meaning
        : `${derivation.meaning} ${name.meaning}`;
  const unit = unitText(measurement);
  return unit === '' ? title : `${title}, ${unit}`;
}

/** What is measured and its value, in one line: `Mean Attenuation −843 HU`. */
export function measurementText(measurement: Measurement): string {
  const { name, derivation } = measurement;
  const title = derivation === null ? name.meaning : `${derivation.meaning} ${name.meaning}`;
  return `${title} ${valueText(measurement)}`;
}

/** Side and place in words, e.g. `Right upper third`. */
export function placeText(finding: Finding): string | null {
  const parts = [finding.laterality?.meaning, finding.place ?? finding.site?.meaning].filter(
    (part) => part !== undefined,
  );
  return parts.length === 0 ? null : parts.join(' ');
}

/**
 * Series and image number (or frame of a multi-frame image) of the slice through the finding's centre; null where the
 * images carry none. The short form is the one the viewer uses in its own lists: `S:3 I:71`.
 */
export function imageText(
  finding: Finding,
  { slices, seriesNumber: series }: Pick<AnalysisSource, 'slices' | 'seriesNumber'>,
  form: 'long' | 'short',
): string | null {
  if (finding.region === null) return null;
  const slice = slices[Math.round(finding.region.centre[2])];
  const image = slice?.frameNumber ?? slice?.instanceNumber ?? null;
  if (slice === undefined || image === null) return null;
  if (form === 'short') {
    return series === null
      ? text('findings.imageOnlyShort', { image })
      : text('findings.imageShort', { series, image });
  }
  if (slice.frameNumber !== null) {
    return series === null ? text('findings.frameOnly', { image }) : text('findings.frame', { series, image });
  }
  return series === null ? text('findings.imageOnly', { image }) : text('findings.image', { series, image });
}

/** `about 40 s left`; null while there is no estimate. Rounded coarsely: a number that jumps is not read. */
export function timeLeftText(milliseconds: number | null): string | null {
  if (milliseconds === null || !Number.isFinite(milliseconds)) return null;
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 10) return text('run.left.seconds', { count: seconds });
  if (seconds < 90) return text('run.left.seconds', { count: Math.round(seconds / 5) * 5 });
  return text('run.left.minutes', { count: Math.round(seconds / 60) });
}

// Making a formatter takes milliseconds, and the panel asks at every drawing.
const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const isoDate = new Intl.DateTimeFormat('en-CA');

/** Hour and minute of a moment of today, else its date too. */
export function momentText(iso: string, now: Date): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return iso;
  const time = timeOfDay.format(moment);
  const today = moment.toDateString() === now.toDateString();
  return today ? time : `${isoDate.format(moment)} ${time}`;
}

function isCode(a: Code | null, b: Code): boolean {
  return a !== null && a.value === b.value && a.scheme === b.scheme;
}

function measured(finding: Finding, name: Code): Measurement | undefined {
  return finding.measurements.find((measurement) => isCode(measurement.name, name));
}

/** `S:5 T2 FLAIR`: a series by number and description. */
export function seriesName({ seriesNumber, description }: Pick<SeriesSummary, 'seriesNumber' | 'description'>): string {
  const name = description === '' ? text('series.unnamed') : description;
  return seriesNumber === null ? name : text('channels.series', { number: seriesNumber, name });
}
