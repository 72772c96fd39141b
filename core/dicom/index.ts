export type { Code } from './code.ts';
export {
  categories,
  derivations,
  editReasons,
  lateralities,
  measurementNames,
  privateCodes,
  privateScheme,
  quantities,
  rejectionReasons,
  reviewStates,
  shareBelow,
  structures,
  units,
} from './codes.ts';
export { integerOf, itemOf, itemsOf, numberOf, numbersOf, textOf, textsOf, type Attributes } from './attributes.ts';
