import { canEncode, textOf, type Attributes, type Dataset, type WrittenCharacterSet } from '../../dicom/index.ts';

/** The source's character set where we write it and it can say everything in the object; else UTF-8. */
export function chooseCharacterSet(source: Attributes, dataset: Dataset): WrittenCharacterSet {
  const named = textOf(source, 'SpecificCharacterSet') ?? '';
  if (named !== '' && named !== 'ISO_IR 100') return 'ISO_IR 192';
  return sayable(dataset, named) ? named : 'ISO_IR 192';
}

function sayable(value: unknown, set: WrittenCharacterSet): boolean {
  if (typeof value === 'string') return canEncode(value, set);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return true;
  if (Array.isArray(value)) {
    // Numbers, where there are any, are many.
    if (typeof value[0] === 'number') return true;
    for (const part of value as readonly unknown[]) if (!sayable(part, set)) return false;
    return true;
  }
  for (const keyword in value) if (!sayable((value as Attributes)[keyword], set)) return false;
  return true;
}
