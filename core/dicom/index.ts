export type { Code } from './code.ts';
export { integerOf, itemOf, itemsOf, numberOf, numbersOf, textOf, textsOf, type Attributes } from './attributes.ts';
