/** A set designated to G0: seven-bit codes of one or two bytes. */
type LowSet = 'ascii' | 'jis-x-0208' | 'jis-x-0212';
/** What bytes above 127 are read by: the label of a decoder, which takes `width` bytes for a character. */
interface HighSet {
  readonly label: string;
  readonly width: 1 | 2;
}

/** Code elements in force (PS3.5 section 6.1.2.5.1). */
export interface CodeElements {
  readonly g0: LowSet;
  readonly g1: HighSet | null;
}

const single = (label: string): HighSet => ({ label, width: 1 });
const double = (label: string): HighSet => ({ label, width: 2 });
const katakana = single('shift_jis');
const korean = double('euc-kr');
const chinese = double('gbk');

/** G1 sets by ISO registration number. Latin-1 is read as windows-1252, which agrees with it outside 80 to 9F. */
const highSets: Readonly<Record<string, HighSet>> = {
  100: single('iso-8859-1'),
  101: single('iso-8859-2'),
  109: single('iso-8859-3'),
  110: single('iso-8859-4'),
  144: single('iso-8859-5'),
  127: single('iso-8859-6'),
  126: single('iso-8859-7'),
  138: single('iso-8859-8'),
  148: single('iso-8859-9'),
  203: single('iso-8859-15'),
  166: single('windows-874'),
  13: katakana,
  149: korean,
  58: chinese,
};

/**
 * Escape sequences (PS3.3 tables C.12-3 and C.12-4), the bytes after ESC as text. Romaji of JIS X 0201 counts as ASCII:
 * it differs by the yen sign and the overline, and the former's code is the delimiter of values.
 */
const escapes: Readonly<Record<string, Partial<CodeElements>>> = {
  '(B': { g0: 'ascii' },
  '(J': { g0: 'ascii' },
  $B: { g0: 'jis-x-0208' },
  '$@': { g0: 'jis-x-0208' },
  '$(D': { g0: 'jis-x-0212' },
  ')I': { g1: katakana },
  '-A': { g1: single('iso-8859-1') },
  '-B': { g1: single('iso-8859-2') },
  '-C': { g1: single('iso-8859-3') },
  '-D': { g1: single('iso-8859-4') },
  '-L': { g1: single('iso-8859-5') },
  '-G': { g1: single('iso-8859-6') },
  '-F': { g1: single('iso-8859-7') },
  '-H': { g1: single('iso-8859-8') },
  '-M': { g1: single('iso-8859-9') },
  '-b': { g1: single('iso-8859-15') },
  '-T': { g1: single('windows-874') },
  '$)C': { g1: korean },
  '$)A': { g1: chinese },
};

/**
 * What holds at the start of every value: the first named set. Where that is plain ASCII the first other one reads
 * bytes above 127, since some writers leave its escape sequence out.
 */
export function initialSets(names: readonly string[]): CodeElements {
  for (const name of names) {
    const number = /^ISO(?:_IR| 2022 IR) (\d+)$/.exec(name)?.[1];
    const g1 = number === undefined ? undefined : highSets[number];
    if (g1 !== undefined) return { g0: 'ascii', g1 };
  }
  return { g0: 'ascii', g1: null };
}

/** The code element that an escape sequence at `at` (the byte after ESC) designates, and its length; null for none known. */
export function escapeAt(
  bytes: Uint8Array,
  at: number,
): { readonly length: number; readonly set: Partial<CodeElements> } | null {
  for (const length of [2, 3]) {
    const set = escapes[String.fromCharCode(...bytes.subarray(at, at + length))];
    if (set !== undefined) return { length, set };
  }
  return null;
}
