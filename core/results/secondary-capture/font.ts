/** Glyph size in cells; one more column and row are left free between glyphs. */
export const glyphWidth = 5;
export const glyphHeight = 7;

/**
 * A capital alphabet drawn for this project. A glyph is seven rows from the top, each a base-32 digit (0-9, A-V) whose
 * five bits are its cells from the left.
 */
const glyphs: Readonly<Record<string, string>> = {
  ' ': '0000000',
  A: 'EHHVHHH',
  B: 'UHHUHHU',
  C: 'EHGGGHE',
  D: 'UHHHHHU',
  E: 'VGGUGGV',
  F: 'VGGUGGG',
  G: 'EHGNHHE',
  H: 'HHHVHHH',
  I: 'E44444E',
  J: '72222IC',
  K: 'HIKOKIH',
  L: 'GGGGGGV',
  M: 'HRLLHHH',
  N: 'HPLJHHH',
  O: 'EHHHHHE',
  P: 'UHHUGGG',
  Q: 'EHHHLID',
  R: 'UHHUKIH',
  S: 'FGGE11U',
  T: 'V444444',
  U: 'HHHHHHE',
  V: 'HHHHHA4',
  W: 'HHHLLRH',
  X: 'HHA4AHH',
  Y: 'HHA4444',
  Z: 'V1248GV',
  0: 'EHJLPHE',
  1: '4C4444E',
  2: 'EH1248V',
  3: 'EH161HE',
  4: '26AIV22',
  5: 'VGU11HE',
  6: '68GUHHE',
  7: 'V124444',
  8: 'EHHEHHE',
  9: 'EHHF12C',
  '.': '00000CC',
  ',': '0000C48',
  ':': '0CC0CC0',
  ';': '0CC0C48',
  '-': '000E000',
  _: '000000V',
  '+': '044V440',
  '/': '11248GG',
  '(': '2488842',
  ')': '8422248',
  '[': 'E88888E',
  ']': 'E22222E',
  '%': 'OP248J3',
  '?': 'EH12404',
  '!': '4444404',
  "'": '4480000',
  '"': 'AA00000',
  '=': '00V0V00',
  '<': '248G842',
  '>': '8421248',
  '#': 'AAVAVAA',
  '*': '04LEL40',
  '&': 'CIK8LID',
  '|': '4444444',
  '~': '008L200',
};

/** A box, for a character that the alphabet lacks. */
const unknown = 'VHHHHHV';

/** The text as the alphabet can say it: capitals, without accents. */
export function toCapitals(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toUpperCase();
}

/** Whether every character of the text has a glyph. */
export function canDraw(text: string): boolean {
  return Array.from(toCapitals(text)).every((character) => Object.hasOwn(glyphs, character));
}

/** Whether the cell (column from the left, row from the top) of a character is inked. @param character A capital. */
export function isInked(character: string, column: number, row: number): boolean {
  const glyph = Object.hasOwn(glyphs, character) ? glyphs[character] : unknown;
  return ((Number.parseInt(glyph?.[row] ?? '0', 32) >> (glyphWidth - 1 - column)) & 1) === 1;
}
