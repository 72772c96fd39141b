/** Bytes of an ICC profile (ICC.1:2001-04, big-endian): four-letter signatures and 32-bit numbers in order. */
const headerLength = 128;

/** Colorants of sRGB (IEC 61966-2-1) seen in D50, as the profile connection space is: X, Y, Z of red, green, blue. */
const colorants = {
  rXYZ: [0.43607, 0.22249, 0.01392],
  gXYZ: [0.38515, 0.71687, 0.09708],
  bXYZ: [0.14307, 0.06061, 0.7141],
} as const;
const d50 = [0.9642, 1, 0.8249] as const;

/** Entries of the tone curve: linear in between, an 8-bit sample is met within a tenth of a step. */
const curveEntries = 1024;

/**
 * sRGB as an ICC input profile (three-component matrix, class `scnr`), which is the kind PS3.3 C.11.15 asks for.
 */
export function srgbProfile(): Uint8Array {
  const curve = toneCurve();
  const tags: readonly (readonly [signature: string, data: Uint8Array])[] = [
    ['desc', description('sRGB')],
    ['cprt', text('No copyright, use freely')],
    ['wtpt', xyz(d50)],
    ['rXYZ', xyz(colorants.rXYZ)],
    ['gXYZ', xyz(colorants.gXYZ)],
    ['bXYZ', xyz(colorants.bXYZ)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ];
  const start = headerLength + 4 + 12 * tags.length;
  const offsets = new Map<Uint8Array, number>();
  let size = start;
  for (const [, data] of tags) {
    if (offsets.has(data)) continue;
    offsets.set(data, size);
    size += Math.ceil(data.length / 4) * 4;
  }
  const profile = new Uint8Array(size);
  const view = new DataView(profile.buffer);
  writeHeader(profile, view);
  view.setUint32(headerLength, tags.length);
  tags.forEach(([signature, data], index) => {
    const at = headerLength + 4 + 12 * index;
    const offset = offsets.get(data) ?? 0;
    ascii(profile, at, signature);
    view.setUint32(at + 4, offset);
    view.setUint32(at + 8, data.length);
    profile.set(data, offset);
  });
  return profile;
}

function writeHeader(profile: Uint8Array, view: DataView): void {
  view.setUint32(0, profile.length);
  view.setUint32(8, 0x02400000);
  ascii(profile, 12, 'scnrRGB XYZ ');
  // 1 January 2000, 00:00:00: the same bytes in every object.
  [2000, 1, 1, 0, 0, 0].forEach((part, index) => {
    view.setUint16(24 + 2 * index, part);
  });
  ascii(profile, 36, 'acsp');
  d50.forEach((value, index) => {
    view.setInt32(68 + 4 * index, fixed(value));
  });
}

/** s15Fixed16Number. */
const fixed = (value: number) => Math.round(value * 65536);

function xyz(values: readonly [number, number, number]): Uint8Array {
  const data = typed('XYZ ', 20);
  const view = new DataView(data.buffer);
  values.forEach((value, index) => {
    view.setInt32(8 + 4 * index, fixed(value));
  });
  return data;
}

/** Sample value to light, both 0 to 1 as 16-bit numbers. */
function toneCurve(): Uint8Array {
  const data = typed('curv', 12 + 2 * curveEntries);
  const view = new DataView(data.buffer);
  view.setUint32(8, curveEntries);
  for (let index = 0; index < curveEntries; index++) {
    const value = index / (curveEntries - 1);
    const light = value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    view.setUint16(12 + 2 * index, Math.round(light * 65535));
  }
  return data;
}

function text(words: string): Uint8Array {
  const data = typed('text', 9 + words.length);
  ascii(data, 8, words);
  return data;
}

/** textDescriptionType: the ASCII words; Unicode and ScriptCode parts are there and empty. */
function description(words: string): Uint8Array {
  const data = typed('desc', 12 + words.length + 1 + 8 + 3 + 67);
  new DataView(data.buffer).setUint32(8, words.length + 1);
  ascii(data, 12, words);
  return data;
}

function typed(signature: string, length: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(length);
  ascii(data, 0, signature);
  return data;
}

function ascii(bytes: Uint8Array, at: number, words: string): void {
  for (let index = 0; index < words.length; index++) bytes[at + index] = words.charCodeAt(index);
}
