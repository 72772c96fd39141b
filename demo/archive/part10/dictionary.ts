import dcmjs from 'dcmjs';

const byKeyword = dcmjs.data.DicomMetaDictionary.nameMap;

const plainTag = (tag: string) => tag.replace(/[(),]/g, '').toUpperCase();

const vrByTag = new Map(
  Object.values(byKeyword).flatMap((entry) => (entry ? [[plainTag(entry.tag), entry.vr] as const] : [])),
);

/** The dictionary's names for "one of two": binary data in words, a pointer, a lookup table. */
const wordsVr: Readonly<Record<string, string>> = { ox: 'OW', up: 'UL', lt: 'OW', na: 'UN' };

/**
 * VR by the data dictionary, for datasets that do not state it (PS3.5 A.1); UN where the dictionary knows none.
 * @param signed whether Pixel Representation says that pixel values are signed, which decides between US and SS.
 */
export function vrOfTag(tag: string, signed: boolean): string {
  const vr = vrByTag.get(tag) ?? 'UN';
  if (vr === 'xs') return signed ? 'SS' : 'US';
  return wordsVr[vr] ?? vr;
}

/** Eight hexadecimal digits of a keyword (`PatientName`) or tag (`00100010`); null where it is neither. */
export function tagOf(name: string): string | null {
  if (/^[0-9A-Fa-f]{8}$/.test(name)) return name.toUpperCase();
  // The keyword comes from an address: only a key of the table itself counts.
  const entry = Object.hasOwn(byKeyword, name) ? byKeyword[name] : undefined;
  return entry ? plainTag(entry.tag) : null;
}
