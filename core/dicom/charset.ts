import { readCodeExtensions } from './code-extensions.ts';
import { initialSets, type CodeElements } from './code-elements.ts';

/** What we write in: ASCII, Latin-1 or UTF-8 (PS3.3 section C.12.1.1.2). */
export type WrittenCharacterSet = '' | 'ISO_IR 100' | 'ISO_IR 192';

/** Whether the character set has every character of the text. */
export function canEncode(text: string, set: WrittenCharacterSet): boolean {
  if (set === 'ISO_IR 192') return true;
  const highest = set === '' ? 0x7e : 0xff;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > highest || (unit > 0x7e && unit < 0xa0)) return false;
  }
  return true;
}

/** Reads the bytes of a value; `person` says that it is a PN, whose delimiters end an escape sequence's reach. */
export type TextDecoding = (bytes: Uint8Array, person?: boolean) => string;

/** Sets that stand alone, without code extensions (PS3.3 table C.12-5), with the label of their decoder. */
const wholeSets: Readonly<Record<string, string>> = { 'ISO_IR 192': 'utf-8', GB18030: 'gb18030', GBK: 'gbk' };

/**
 * A decoder for text of the named sets (the values of Specific Character Set). Code extensions (ISO 2022, PS3.5
 * section 6.1.2.5) are followed inside a value. Bytes that no set explains become U+FFFD, never an error; bytes above
 * 127 where only ASCII was named are tried as UTF-8, the commonest omission.
 */
export function textDecoderFor(sets: readonly string[]): TextDecoding {
  const names = sets.map((set) => set.trim());
  const whole = names.map((name) => wholeSets[name]).find((label) => label !== undefined);
  const initial: CodeElements = initialSets(names);
  if (whole !== undefined || (initial.g1 === null && names.every((name) => !name.startsWith('ISO 2022')))) {
    const decoder = new TextDecoder(whole ?? 'utf-8', { ignoreBOM: true });
    return (bytes) => decoder.decode(bytes);
  }
  return (bytes, person = false) => readCodeExtensions(bytes, initial, person);
}
