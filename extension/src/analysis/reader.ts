/** Who reads: the person logged in, else the name typed once on this machine, else nobody. A name is never logged. */
const key = 'overread.reader';

/** The typed name, or null; also null where the browser keeps nothing (private window, blocked storage). */
export function rememberedReader(storage: Storage | null): string | null {
  try {
    const name = storage?.getItem(key)?.trim();
    return name === undefined || name === '' ? null : name;
  } catch {
    return null;
  }
}

/** Remembers the typed name; an empty one forgets it. */
export function rememberReader(storage: Storage | null, name: string): void {
  try {
    if (name.trim() === '') storage?.removeItem(key);
    else storage?.setItem(key, name.trim());
  } catch {
    // Storage is blocked: the name holds for this visit.
  }
}

/**
 * What a person typed, as a DICOM Person Name (PS3.5 section 6.2): `Family^Given`. A comma parts family and given name;
 * without one the last word is the family name. At most 64 characters; characters with a meaning in DICOM are dropped.
 */
export function personName(typed: string): string | null {
  const clean = typed
    .replace(/[\\=\p{Cc}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (clean === '') return null;
  if (clean.includes('^')) return clean.slice(0, 64);
  const [family, given] = clean.includes(',') ? partAt(clean, clean.indexOf(','), 1) : lastWordFirst(clean);
  return (given === '' ? family : `${family}^${given}`).slice(0, 64);
}

function lastWordFirst(name: string): [string, string] {
  const space = name.lastIndexOf(' ');
  return space < 0 ? [name, ''] : [name.slice(space + 1), name.slice(0, space)];
}

function partAt(name: string, index: number, width: number): [string, string] {
  return [name.slice(0, index).trim(), name.slice(index + width).trim()];
}
