import { describe, expect, test } from 'vitest';
import type { CornerstoneImage, PreScale } from '../../../../extension/src/host/cornerstone.ts';
import { storedValues, usablePixels } from '../../../../extension/src/host/stored-values.ts';

const range = { bitsAllocated: 16, signed: true };
const unsigned = { bitsAllocated: 16, signed: false };
const scaledBy = (scalingParameters: NonNullable<PreScale['scalingParameters']>): PreScale => ({
  enabled: true,
  scaled: true,
  scalingParameters,
});

describe('stored values out of what the viewer holds', () => {
  test('unscaled pixels are taken as they are, in an array of our own', () => {
    const pixels = new Int16Array([-3, 0, 7]);
    const stored = storedValues(pixels, undefined, range);
    expect([...stored!]).toEqual([-3, 0, 7]);
    expect(stored).not.toBe(pixels);
    expect(stored!.buffer).not.toBe(pixels.buffer);
  });

  test('a whole rescale is undone', () => {
    const preScale = scaledBy({ rescaleSlope: 1, rescaleIntercept: -1024, modality: 'CT' });
    expect([...storedValues(new Int16Array([-1024, 0, 976]), preScale, unsigned)!]).toEqual([0, 1024, 2000]);
    const inverted = scaledBy({ rescaleSlope: -1, rescaleIntercept: 10 });
    expect([...storedValues(new Int16Array([10, 7]), inverted, unsigned)!]).toEqual([0, 3]);
  });

  test('a fractional rescale in float32 is undone exactly', () => {
    const stored = [0, 1, 4095, 32767, -32768];
    const [slope, intercept] = [0.731, -12.25];
    const pixels = Float32Array.from(stored, (value) => value * slope + intercept);
    const preScale = scaledBy({ rescaleSlope: slope, rescaleIntercept: intercept });
    expect([...storedValues(pixels, preScale, range)!]).toEqual(stored);
  });

  test('SUV scaling of PET is undone', () => {
    const stored = [0, 17, 32767];
    const preScale = scaledBy({ rescaleSlope: 0.5, rescaleIntercept: 0, suvbw: 0.000273, modality: 'PT' });
    const pixels = Float32Array.from(stored, (value) => value * 0.5 * 0.000273);
    expect([...storedValues(pixels, preScale, range)!]).toEqual(stored);
  });

  test('values cut to integers are not taken, not even where they come as float32', () => {
    const preScale = scaledBy({ rescaleSlope: 0.5, rescaleIntercept: -1024 });
    expect(storedValues(new Int16Array([-1024, -975, 976]), preScale, unsigned)).toBeNull();
    expect(storedValues(new Float32Array([-1024, -975, 976]), preScale, unsigned)).toBeNull();
  });

  test('values wrapped into int16 are not taken', () => {
    // 64511 + 1024 = 65535 stored; as int16 it reads -1025.
    const one = scaledBy({ rescaleSlope: 1, rescaleIntercept: -1024 });
    expect(storedValues(new Int16Array([0, -1025]), one, unsigned)).toBeNull();
    const three = scaledBy({ rescaleSlope: 3, rescaleIntercept: -1000 });
    expect(storedValues(new Int16Array([5630, -31046]), three, unsigned)).toBeNull();
    expect(storedValues(new Int16Array([-1]), undefined, unsigned)).toBeNull();
  });

  test('pixels swapped for a quantised form are not taken', () => {
    const preScale = { enabled: true, scaled: false, scalingParameters: { rescaleSlope: 0.5, rescaleIntercept: 0 } };
    expect(storedValues(new Uint16Array([0, 65535]), preScale, unsigned)).toBeNull();
  });

  test('float32 too coarse for the intercept is not taken', () => {
    const preScale = scaledBy({ rescaleSlope: 0.0001, rescaleIntercept: -100_000 });
    const pixels = Float32Array.from([1, 2, 3], (value) => value * 0.0001 - 100_000);
    expect(storedValues(pixels, preScale, range)).toBeNull();
  });

  test('a slope of 0 and values that are no numbers are not taken', () => {
    expect(
      storedValues(new Float32Array([0.5]), scaledBy({ rescaleSlope: 0, rescaleIntercept: 0.5 }), range),
    ).toBeNull();
    expect(storedValues(new Float32Array([NaN]), scaledBy({ rescaleSlope: 0.5 }), range)).toBeNull();
    expect(storedValues(new Float32Array([NaN]), undefined, range)).toBeNull();
  });
});

describe('which images are usable', () => {
  const image = (part: Partial<CornerstoneImage>): CornerstoneImage => ({
    imageId: 'wadors:1',
    rows: 2,
    columns: 2,
    getPixelData: () => new Int16Array([1, 2, 3, 4]),
    ...part,
  });

  test('full resolution, one component, the size in the header', () => {
    expect([...usablePixels(image({}), 2, 2)!]).toEqual([1, 2, 3, 4]);
    expect(usablePixels(image({ imageQualityStatus: 8 }), 2, 2)).not.toBeNull();
  });

  test.each([
    ['a preview of a progressive load', image({ imageQualityStatus: 6 })],
    ['a decimated image', image({ rows: 1, columns: 4 })],
    ['a colour image', image({ color: true })],
    ['several components', image({ numberOfComponents: 3 })],
    ['too few pixels', image({ getPixelData: () => new Int16Array(3) })],
  ])('not %s', (_, unusable) => {
    expect(usablePixels(unusable, 2, 2)).toBeNull();
  });
});
