import { describe, expect, it } from 'vitest';
import type { Attributes } from '@overread/core/dicom';
import { assembleVolume, describeSeries, type FramePixels, type Volume } from '@overread/core/volume';
import { syntheticSeries } from '../../../support/synthetic-series.ts';

/** 3 x 2 pixels, two slices. */
const shape = { slices: 2, rows: 2, columns: 3 };
const rgb = {
  SamplesPerPixel: 3,
  PhotometricInterpretation: 'RGB',
  BitsAllocated: 8,
  BitsStored: 8,
  PixelRepresentation: 0,
};

function assembled(all: Attributes, values: Uint8Array | Uint16Array, scale: FramePixels['scale'] = 'stored'): Volume {
  const instances = syntheticSeries({ ...shape, all });
  const geometry = describeSeries(instances);
  if (!geometry.ok) throw geometry.error;
  return assembleVolume(
    geometry.value,
    instances.map((instance) => ({ instance, frameNumber: null, values, scale })),
  );
}

const pixels = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [10, 20, 30], [255, 255, 255], [128, 64, 0]]; // prettier-ignore
const planes = [0, 1, 2].map((c) => pixels.map((pixel) => pixel[c]!));

function expectColours({ colour, samples, inColour }: Volume, tolerance = 0): void {
  expect(inColour).toBe(true);
  planes.forEach((plane, c) => {
    [...plane, ...plane].forEach((value, n) => {
      expect(Math.abs(colour![c]![n]! - value), `plane ${c}, pixel ${n}`).toBeLessThanOrEqual(tolerance);
    });
  });
  // ITU-R BT.601.
  expect(Math.abs(samples[0]! - 76)).toBeLessThanOrEqual(tolerance);
  expect(Math.abs(samples[4]! - 255)).toBeLessThanOrEqual(tolerance);
}

/** PS3.3 C.7.6.3.1.2. */
const ybr = pixels.map(([r = 0, g = 0, b = 0]) => [
  Math.round(0.299 * r + 0.587 * g + 0.114 * b),
  Math.min(255, Math.round(-0.168736 * r - 0.331264 * g + 0.5 * b + 128)),
  Math.min(255, Math.round(0.5 * r - 0.418688 * g - 0.081312 * b + 128)),
]);

describe('a series in colour', () => {
  it('is red, green and blue, pixel by pixel or plane by plane', () => {
    expectColours(assembled({ ...rgb, PlanarConfiguration: 0 }, Uint8Array.from(pixels.flat())));
    expectColours(assembled({ ...rgb, PlanarConfiguration: 1 }, Uint8Array.from(planes.flat())));
  });

  it('is turned from luminance and differences', () => {
    const full = { ...rgb, PhotometricInterpretation: 'YBR_FULL' };
    expectColours(assembled(full, Uint8Array.from(ybr.flat())), 2);
    const flat = [40, 80].flatMap((y) => [y, y + 3, 128, 128]);
    const { colour } = assembled({ ...rgb, PhotometricInterpretation: 'YBR_FULL_422' }, Uint8Array.from([...flat, 9, 8, 128, 128])); // prettier-ignore
    for (const plane of colour!) expect([...plane.subarray(0, 6)]).toEqual([40, 43, 80, 83, 9, 8]);
  });

  it('is looked up in its palette, with entries of 8 or 16 bits', () => {
    const table = (c: number, wide: boolean): Attributes => {
      const name = `${['Red', 'Green', 'Blue'][c]!}PaletteColorLookupTable`;
      const entries = planes[c]!;
      const data = wide ? Uint16Array.from(entries, (value) => value * 257) : Uint8Array.from(entries);
      const words = new Uint8Array(data.buffer);
      return { [`${name}Descriptor`]: [6, 5, wide ? 16 : 8], [`${name}Data`]: wide ? words : words.buffer };
    };
    for (const wide of [true, false]) {
      const palette = { ...rgb, SamplesPerPixel: 1, PhotometricInterpretation: 'PALETTE COLOR' };
      const tables = Object.assign({}, ...[0, 1, 2].map((c) => table(c, wide))) as Attributes;
      // Indices before the first entry stand for it.
      const volume = assembled({ ...palette, ...tables }, Uint8Array.of(2, 6, 7, 8, 9, 10));
      expectColours(volume);
    }
  });

  it('is taken as it is where a viewer made red, green and blue of it', () => {
    expectColours(
      assembled({ ...rgb, PhotometricInterpretation: 'YBR_FULL_422' }, Uint8Array.from(pixels.flat()), 'rgb'),
    );
  });

  it('is refused where colours have more bits, a palette is lacking, or pixels are', () => {
    expect(() => assembled({ ...rgb, BitsAllocated: 16 }, new Uint16Array(18))).toThrow(/16 bits/);
    expect(() => assembled({ PhotometricInterpretation: 'PALETTE COLOR' }, new Uint8Array(6))).toThrow(/palette/);
    expect(() => assembled(rgb, new Uint8Array(6))).toThrow(/6 values instead of 18/);
  });

  it('does not mix with greyscale', () => {
    const instances = syntheticSeries(shape).map((instance, k) => (k === 0 ? { ...instance, ...rgb } : instance));
    expect(describeSeries(instances)).toMatchObject({ ok: false, error: { code: 'volume.mixed-images' } });
  });
});

it('a picture without a scale is counted in pixels, and says so', () => {
  const picture = { ...rgb, Modality: 'US', SOPInstanceUID: '2.25.3', Rows: 300, Columns: 200 };
  const geometry = describeSeries([picture]);
  expect(geometry).toMatchObject({ ok: true, value: { inColour: true, grid: { dims: [200, 300, 1] } } });
  expect(geometry.ok && geometry.value.warnings[0]!.message).toContain('as if a pixel were 1 mm');
});

describe('MONOCHROME1', () => {
  const film = { PhotometricInterpretation: 'MONOCHROME1', BitsStored: 10, PixelRepresentation: 0, RescaleSlope: 2, RescaleIntercept: -100 }; // prettier-ignore

  it('keeps its values and names the range in which they are turned', () => {
    const volume = assembled(film, Uint16Array.of(0, 1, 2, 3, 4, 1023));
    expect([volume.samples[0], volume.samples[5]]).toEqual([-100, 1946]);
    expect(volume.monochrome1).toEqual([-100, 1946]);
    expect(assembled({ ...film, PixelRepresentation: 1 }, new Uint16Array(6)).monochrome1).toEqual([-1124, 922]);
    expect(assembled({ ...film, PhotometricInterpretation: 'MONOCHROME2' }, new Uint16Array(6)).monochrome1).toBeUndefined(); // prettier-ignore
  });

  it('is refused where other images of the series are MONOCHROME2', () => {
    const instances = syntheticSeries({ ...shape, each: (k) => (k === 0 ? film : {}) });
    const geometry = describeSeries(instances);
    if (!geometry.ok) throw geometry.error;
    expect(() => assembleVolume(geometry.value, instances.map((instance) => ({ instance, frameNumber: null, values: new Uint16Array(6), scale: 'stored' })))).toThrow(/1 of 2 images are MONOCHROME1/); // prettier-ignore
  });
});
