import { isKeyword, textOf, type Attributes, type Keyword } from '../../../dicom/index.ts';
import { pathTo, type ItemAt } from '../path.ts';
import type { Fault } from '../rule.ts';

/** Whether an attribute has a value: a text, a number, an item or bytes. */
export function hasValue(attributes: Attributes, keyword: Keyword): boolean {
  const value = attributes[keyword];
  if (value === undefined || value === null) return false;
  if (typeof value === 'string') return textOf(attributes, keyword) !== null;
  return !Array.isArray(value) || value.length > 0;
}

/** Type 1 attributes of an item that have no value. */
export function* missing({ attributes, path }: ItemAt, keywords: readonly Keyword[]): Generator<Fault> {
  for (const keyword of keywords) {
    if (!hasValue(attributes, keyword)) yield { path: pathTo(path, keyword), message: `${keyword} has no value` };
  }
}

/** An attribute whose value is none of those allowed. Absent ones are the affair of `missing`. */
export function* notOneOf(
  { attributes, path }: ItemAt,
  keyword: Keyword,
  allowed: readonly string[],
): Generator<Fault> {
  const value = textOf(attributes, keyword);
  if (value !== null && !allowed.includes(value)) {
    yield { path: pathTo(path, keyword), message: `${keyword} is ${value}, not ${allowed.join(' or ')}` };
  }
}

export const whole = (dataset: Attributes): ItemAt => ({ attributes: dataset, path: '' });

/** Keywords of the dataset that are in the table. */
export function keywordsOf(attributes: Attributes): readonly Keyword[] {
  return Object.keys(attributes).filter(isKeyword);
}
