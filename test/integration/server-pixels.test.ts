import { readFileSync } from 'node:fs';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { integerOf, readPart10, type Part10 } from '@overread/core/dicom';
import { decodeFrame } from '../../inference-server/src/pixels/decode-frame.ts';
import type { PixelFormat, StoredValues } from '../../inference-server/src/pixels/stored-values.ts';
import { sharedData } from '../support/shared-data.ts';

const samples = sharedData('transfer-syntaxes', 'WG04');

/** Lossless encodings of each picture: its name in the sample set, and the folders that have it. */
const lossless: readonly [picture: string, encodings: readonly string[]][] = [
  ['CT1', ['RLE', 'JPLL', 'JLSL', 'J2KR']],
  ['CT2', ['RLE', 'JPLL', 'JLSL', 'J2KR']],
  ['MR1', ['RLE', 'JPLL', 'JLSL', 'J2KR']],
  ['MR3', ['RLE', 'JPLL', 'JLSL', 'J2KR']],
  ['NM1', ['RLE', 'JPLL', 'JLSL', 'J2KR']],
  ['XA1', ['RLE', 'JPLL', 'JLSL', 'J2KR']],
];
/** Lossy ones, with the largest difference seen in stored values as a share of the picture's range. */
const lossy: readonly [picture: string, encoding: string, share: number][] = [
  ['CT1', 'JLSN', 0.01],
  ['CT2', 'J2KI', 0.15],
  ['MR1', 'J2KI', 0.15],
];

describe.skipIf(samples === null)('frames of the NEMA WG-04 samples (../shared/data)', () => {
  const pairs = lossless.flatMap(([picture, encodings]) => encodings.map((encoding) => [picture, encoding] as const));
  it.each(pairs)('%s decodes from %s to the values of the uncompressed picture', async (picture, encoding) => {
    const decoded = await decode(read(picture, encoding));
    expect(differences(decoded, await decode(reference(picture)))).toBe(0);
  });

  it.each(lossy)('%s decodes from %s close to the uncompressed picture', async (picture, encoding, share) => {
    const original = await decode(reference(picture));
    const decoded = await decode(read(picture, encoding));
    const range = spread(original);
    const largest = Array.from(decoded, (value, at) => Math.abs(value - original[at]!)).reduce((a, b) =>
      Math.max(a, b),
    );
    expect(largest / range).toBeLessThan(share);
  });

  it('refuses 12-bit lossy JPEG, which no decoder here reads, by its transfer syntax', async () => {
    await expect(decode(read('MR1', 'JPLY'))).rejects.toMatchObject({
      code: 'image.transfer-syntax',
      details: { transferSyntax: '1.2.840.10008.1.2.4.51' },
    });
  });

  it.each(['RLE', 'JPLL', 'JLSL', 'J2KR'])('tells a frame of %s that was cut short', async (encoding) => {
    const file = read('CT1', encoding);
    const frame = encodedFrame(file);
    const format = formatOf(file);
    await expect(decodeFrame(frame.slice(0, 40), file.transferSyntaxUID, format)).rejects.toMatchObject({
      code: 'image.damaged',
    });
  });

  it('refuses a frame that holds a picture of another size', async () => {
    const file = read('CT1', 'J2KR');
    const format = { ...formatOf(file), rows: 100 };
    await expect(decodeFrame(encodedFrame(file), file.transferSyntaxUID, format)).rejects.toMatchObject({
      code: 'image.damaged',
    });
  });
});

function read(picture: string, encoding: string): Part10 {
  return readPart10(readFileSync(`${samples!}/${encoding}/${picture}_${encoding}`));
}

function reference(picture: string): Part10 {
  return readPart10(zstdDecompressSync(readFileSync(`${samples!}/REF/${picture}_UNC.zst`)));
}

function decode(file: Part10): Promise<StoredValues> {
  return decodeFrame(encodedFrame(file), file.transferSyntaxUID, formatOf(file));
}

/** The one frame: all fragments but the offset table, or the plain octets. */
function encodedFrame({ dataset }: Part10): Uint8Array {
  const pixels = dataset['PixelData'] as Uint8Array | readonly Uint8Array[];
  return pixels instanceof Uint8Array ? pixels : new Uint8Array(Buffer.concat(pixels.slice(1)));
}

function formatOf({ dataset }: Part10): PixelFormat {
  return {
    rows: integerOf(dataset, 'Rows')!,
    columns: integerOf(dataset, 'Columns')!,
    bitsAllocated: integerOf(dataset, 'BitsAllocated')!,
    bitsStored: integerOf(dataset, 'BitsStored')!,
    signed: integerOf(dataset, 'PixelRepresentation') === 1,
  };
}

function differences(values: StoredValues, expected: StoredValues): number {
  expect(values).toHaveLength(expected.length);
  return Array.from(values).filter((value, at) => value !== expected[at]).length;
}

function spread(values: StoredValues): number {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return high - low;
}
