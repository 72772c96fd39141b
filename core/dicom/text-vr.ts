/** Text value representations: most characters per value, and whether a backslash separates values (PS3.5 section 6.2). */
export const textVrs: Readonly<Record<string, { readonly limit: number; readonly multiple: boolean }>> = {
  AE: { limit: 16, multiple: true },
  AS: { limit: 4, multiple: true },
  CS: { limit: 16, multiple: true },
  DA: { limit: 8, multiple: true },
  DS: { limit: 16, multiple: true },
  DT: { limit: 26, multiple: true },
  IS: { limit: 12, multiple: true },
  LO: { limit: 64, multiple: true },
  LT: { limit: 10240, multiple: false },
  PN: { limit: 194, multiple: true },
  SH: { limit: 16, multiple: true },
  ST: { limit: 1024, multiple: false },
  TM: { limit: 16, multiple: true },
  UC: { limit: Infinity, multiple: true },
  UI: { limit: 64, multiple: true },
  UR: { limit: Infinity, multiple: false },
  UT: { limit: Infinity, multiple: false },
};

/** VRs whose text is in the dataset's character set; the others are ASCII. */
export const localisedVrs: ReadonlySet<string> = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);

const hasControl = (character: string) => character < ' ' || character === '\u007f';

/** Characters as VR limits count them. */
export function codePoints(text: string): readonly string[] {
  return Array.from(text);
}

/**
 * Free text made fit for LO or SH: one line, no backslash, at most `limit` characters (cut with an ellipsis).
 * Never used on what identifies somebody or something.
 */
export function shortText(text: string, limit = 64): string {
  const characters = codePoints(text.replaceAll('\\', '/')).map((character) =>
    hasControl(character) ? ' ' : character,
  );
  const line = characters.join('').trim();
  const kept = codePoints(line);
  return kept.length <= limit
    ? line
    : `${kept
        .slice(0, limit - 3)
        .join('')
        .trimEnd()}...`;
}
