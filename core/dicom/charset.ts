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

/** Defined terms of Specific Character Set with the decoder that reads them. */
const decoders: Readonly<Record<string, string>> = {
  '': 'utf-8',
  'ISO_IR 6': 'utf-8',
  'ISO_IR 100': 'iso-8859-1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 148': 'iso-8859-9',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 192': 'utf-8',
  'ISO 2022 IR 87': 'iso-2022-jp',
  'ISO 2022 IR 149': 'euc-kr',
  'ISO 2022 IR 58': 'gb18030',
  GBK: 'gbk',
  GB18030: 'gb18030',
};

/**
 * A decoder for text of the named sets. Bytes it cannot read become U+FFFD, never an error; the first set that is
 * not plain ASCII decides (code extensions that mix several sets in one value are not followed).
 */
export function textDecoderFor(sets: readonly string[]): (bytes: Uint8Array) => string {
  const names = sets.map((set) => set.replace(/^ISO 2022 IR (?!87$|149$|58$)/, 'ISO_IR ').trim());
  const chosen = names.find((name) => name !== '' && name !== 'ISO_IR 6') ?? '';
  const decoder = new TextDecoder(decoders[chosen] ?? 'utf-8');
  return (bytes) => decoder.decode(bytes);
}
