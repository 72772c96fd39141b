import type { JsonDataset, JsonElement, JsonValue, PersonName } from '../part10/dicom-json.ts';

/** One attribute to match and the value asked for. */
export interface MatchingKey {
  readonly tag: string;
  readonly value: string;
}

const rangeVrs = new Set(['DA', 'TM', 'DT']);

/** Whether a dataset fits every key (PS3.4 C.2.2.2): universal, single value, list of UIDs, wild card, range. */
export function matches(dataset: JsonDataset, keys: readonly MatchingKey[]): boolean {
  return keys.every(({ tag, value }) => value === '' || value === '*' || matchesElement(dataset[tag], value));
}

function matchesElement(element: JsonElement | undefined, wanted: string): boolean {
  const values = (element?.Value ?? []).flatMap(texts);
  if (element?.vr === 'UI') {
    const list = wanted.split(/[,\\]/);
    return values.some((value) => list.includes(value));
  }
  if (element && rangeVrs.has(element.vr) && wanted.includes('-')) {
    const [from = '', to = ''] = wanted.split('-');
    return values.some((value) => (from === '' || value >= from) && (to === '' || value.slice(0, to.length) <= to));
  }
  // Names match whatever their case, which PS3.4 C.2.2.2.1 leaves to the archive.
  const fold = (text: string) => (element?.vr === 'PN' ? text.toLowerCase() : text);
  return values.some((value) => isLike(fold(value), fold(wanted)));
}

function texts(value: JsonValue): string[] {
  if (value === null) return [];
  if (typeof value !== 'object') return [String(value)];
  return Object.values(value as PersonName).filter((part) => typeof part === 'string');
}

/**
 * Wild card matching without a regular expression: an address must not choose how long the search takes.
 * `*` stands for any run of characters, `?` for one.
 */
function isLike(text: string, pattern: string): boolean {
  let at = 0;
  let wanted = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[wanted] === '*') {
      star = wanted;
      wanted += 1;
      resume = at;
    } else if (wanted < pattern.length && (pattern[wanted] === '?' || pattern[wanted] === text[at])) {
      at += 1;
      wanted += 1;
    } else if (star >= 0) {
      wanted = star + 1;
      resume += 1;
      at = resume;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(wanted));
}
