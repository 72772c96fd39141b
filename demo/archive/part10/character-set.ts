/** Labels of TextDecoder for the defined terms of Specific Character Set (PS3.3 C.12.1.1.2). */
const encodings: Readonly<Record<string, string>> = {
  'ISO_IR 6': 'windows-1252',
  'ISO_IR 100': 'windows-1252',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 203': 'iso-8859-15',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
  'ISO IR 87': 'iso-2022-jp',
  'ISO IR 159': 'iso-2022-jp',
  'ISO IR 149': 'euc-kr',
  'ISO IR 58': 'gb18030',
};

export type TextReader = (bytes: Uint8Array) => string;

/**
 * Reader of text in the given character sets. With code extensions the last multi-byte set decides, which reads the
 * names of the standard's own Japanese, Korean and Chinese examples; a set nobody defined is read as Latin 1.
 */
export function textReader(terms: readonly string[]): TextReader {
  const labels = terms.map(
    (term) => encodings[term.trim().replace('ISO 2022 IR', 'ISO IR')] ?? encodingOfPlainTerm(term),
  );
  const decoder = new TextDecoder(labels.findLast((label) => label !== 'windows-1252') ?? 'windows-1252');
  return (bytes) => decoder.decode(bytes);
}

function encodingOfPlainTerm(term: string): string {
  return encodings[term.trim().replace('ISO 2022 IR', 'ISO_IR')] ?? 'windows-1252';
}
