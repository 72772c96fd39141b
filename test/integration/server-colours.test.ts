import { readFileSync } from 'node:fs';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readPart10, type Part10 } from '@overread/core/dicom';
import { assembleVolume, describeSeries, type Volume } from '@overread/core/volume';
import { decodeColour } from '../../inference-server/src/pixels/decode-colour.ts';
import { sharedData } from '../support/shared-data.ts';

const samples = sharedData('transfer-syntaxes', 'WG04');
const palettes = sharedData('transfer-syntaxes', 'pydicom-data');

/** The picture in a file as a volume of one slice, decoded as the server does. */
async function volumeOf({ dataset, transferSyntaxUID }: Part10): Promise<Volume> {
  const pixels = dataset['PixelData'] as Uint8Array | readonly Uint8Array[];
  const bytes = pixels instanceof Uint8Array ? pixels : new Uint8Array(Buffer.concat(pixels.slice(1)));
  const decoded = await decodeColour(bytes, transferSyntaxUID, dataset);
  const geometry = describeSeries([dataset]);
  if (!geometry.ok) throw geometry.error;
  return assembleVolume(geometry.value, [{ instance: dataset, frameNumber: null, ...decoded }]);
}

const differences = (a: Volume, b: Volume): number[] =>
  a.colour!.map((plane, c) => plane.reduce((most, value, n) => Math.max(most, Math.abs(value - b.colour![c]![n]!)), 0));

describe.skipIf(samples === null || palettes === null)('pictures in colour (../shared/data)', () => {
  const read = (name: string): Part10 => readPart10(readFileSync(`${samples!}/${name}`));
  const reference = (): Promise<Volume> =>
    volumeOf(readPart10(zstdDecompressSync(readFileSync(`${samples!}/REF/US1_UNC.zst`))));

  it.each(['RLE/US1_RLE', 'J2KR/US1_J2KR'])('%s holds the colours of the uncompressed picture', async (name) => {
    const volume = await volumeOf(read(name));
    expect(volume.grid.dims).toEqual([640, 480, 1]);
    expect(differences(volume, await reference())).toEqual([0, 0, 0]);
  });

  it('a lossy picture is close to it', async () => {
    const [red, green, blue] = (await volumeOf(read('J2KI/US1_J2KI'))).colour!;
    const original = (await reference()).colour!;
    [red, green, blue].forEach((plane, c) => {
      const error = plane.reduce((sum, value, n) => sum + Math.abs(value - original[c]![n]!), 0) / plane.length;
      expect(error).toBeLessThan(6);
    });
  });

  it('a palette gives the same colours in every encoding', async () => {
    const picture = (name: string): Promise<Volume> => volumeOf(readPart10(readFileSync(`${palettes!}/${name}`)));
    const plain = await picture('OBXXXX1A.dcm');
    expect(new Set(plain.colour![0]).size).toBeGreaterThan(10);
    expect(differences(await picture('OBXXXX1A_rle.dcm'), plain)).toEqual([0, 0, 0]);
    const sums = ({ colour }: Volume): number[] => colour!.map((plane) => plane.reduce((sum, value) => sum + value, 0));
    // The sums of what pydicom's apply_color_lut gives, the upper 8 of its 16 bits.
    expect(sums(plain)).toEqual([4695020, 5866509, 7356886]);
    // Its tables are in segments.
    await expect(picture('gdcm-US-ALOKA-16.dcm')).rejects.toMatchObject({ code: 'volume.unsupported-pixels' });
  });

  it('tells a picture that was cut short', async () => {
    const { dataset, transferSyntaxUID } = read('RLE/US1_RLE');
    const [, frame] = dataset['PixelData'] as readonly Uint8Array[];
    await expect(decodeColour(frame!.slice(0, 40), transferSyntaxUID, dataset)).rejects.toMatchObject({
      code: 'image.damaged',
    });
  });
});
