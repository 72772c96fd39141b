/** One element of the DICOM JSON model (PS3.18 Annex F). At most one of the three kinds of value is there. */
export interface JsonElement {
  readonly vr: string;
  readonly Value?: readonly JsonValue[];
  readonly InlineBinary?: string;
  readonly BulkDataURI?: string;
}

export interface PersonName {
  readonly Alphabetic?: string;
  readonly Ideographic?: string;
  readonly Phonetic?: string;
}

export type JsonValue = string | number | null | PersonName | JsonDataset;

/** Keyed by tag as eight upper-case hexadecimal digits. */
export interface JsonDataset {
  [tag: string]: JsonElement;
}

/** First value as text; empty where there is none. A person's name gives its alphabetic form. */
export function textOf(dataset: JsonDataset, tag: string): string {
  const value = dataset[tag]?.Value?.[0];
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') return (value as PersonName).Alphabetic ?? '';
  return String(value);
}

/** First value as a number; null where there is none. */
export function numberOf(dataset: JsonDataset, tag: string): number | null {
  const value = dataset[tag]?.Value?.[0];
  const number = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : NaN;
  return Number.isFinite(number) ? number : null;
}
