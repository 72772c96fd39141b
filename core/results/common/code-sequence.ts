import { currentCode, itemOf, textOf, type Attributes, type Code, type Dataset } from '../../dicom/index.ts';

/** A code as the one item of a code sequence (PS3.3 section 8.8); values over 16 characters go into Long Code Value. */
function codeItem(code: Code): Dataset {
  const value = code.value.length <= 16 ? { CodeValue: code.value } : { LongCodeValue: code.value };
  return { ...value, CodingSchemeDesignator: code.scheme, CodeMeaning: code.meaning };
}

const made = new WeakMap<Code, readonly Dataset[]>();

/** A code sequence. The same code gives the same sequence: what writes it can tell, and need not write it out again. */
export function codeSequence(code: Code): readonly Dataset[] {
  const known = made.get(code);
  if (known !== undefined) return known;
  const sequence = [codeItem(code)];
  made.set(code, sequence);
  return sequence;
}

/** The code of an item; null where value or scheme is missing. */
function codeOfItem(item: Attributes): Code | null {
  const value = textOf(item, 'CodeValue') ?? textOf(item, 'LongCodeValue') ?? textOf(item, 'URNCodeValue');
  const scheme = textOf(item, 'CodingSchemeDesignator');
  if (value === null || scheme === null) return null;
  return { value, scheme, meaning: textOf(item, 'CodeMeaning') ?? '' };
}

/** The code in the first item of a code sequence, or null. */
export function codeIn(attributes: Attributes, keyword: string): Code | null {
  const item = itemOf(attributes, keyword);
  return item === null ? null : codeOfItem(item);
}

/** Same concept: value and scheme count, the meaning is for people; a retired SNOMED RT code is its SNOMED CT one. */
export function sameCode(a: Code | null, b: Code | null): boolean {
  if (a === null || b === null) return false;
  if (a.scheme === b.scheme) return a.value === b.value;
  const one = currentCode(a);
  const other = currentCode(b);
  return one.value === other.value && one.scheme === other.scheme;
}
