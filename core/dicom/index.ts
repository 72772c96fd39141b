export type { Code } from './code.ts';
export {
  categories,
  dcmCodes,
  derivations,
  editReasons,
  englishUnitedStates,
  lateralities,
  measurementNames,
  modalities,
  presences,
  privateCodes,
  privateScheme,
  qualitativeEvaluations,
  quantities,
  rejectionReasons,
  reviewStates,
  sctCodes,
  shareBelow,
  structures,
  units,
} from './codes.ts';
export {
  bytesOf,
  integerOf,
  itemOf,
  itemsOf,
  numberOf,
  numbersOf,
  textOf,
  textsOf,
  type Attributes,
} from './attributes.ts';
export { formatTag, isKeyword, keywordOf, tags, type Keyword } from './tags.ts';
export { implementation, sopClasses, transferSyntaxes } from './uids.ts';
export { currentCode } from './snomed-rt.ts';
export { structureNamed, type NamedStructure } from './organs.ts';
export { isUID, newUID } from './uid.ts';
export { formatDecimalString } from './decimal.ts';
export { canEncode, textDecoderFor, type WrittenCharacterSet } from './charset.ts';
export { codePoints, shortText, textVrs } from './text-vr.ts';
export type { Dataset, DrawnBytes, ElementValue } from './dataset.ts';
export { writePart10, type WriteOptions } from './part10/write.ts';
export { readPart10, type Part10 } from './part10/read.ts';
export { inflate } from './part10/inflate.ts';
export { defaultReadLimits, type RawElement, type ReadLimits } from './part10/elements.ts';
