import { expect, it } from 'vitest';
import { colourPixels } from '../../../../extension/src/host/colour-pixels.ts';
import type { CornerstoneImage } from '../../../../extension/src/host/cornerstone.ts';

const image = (pixels: Uint8ClampedArray, changes: Partial<CornerstoneImage> = {}): CornerstoneImage => ({
  imageId: 'x',
  rows: 1,
  columns: 2,
  color: true,
  getPixelData: () => pixels,
  ...changes,
});
const plain = Uint8ClampedArray.of(1, 2, 3, 4, 5, 6);

it('takes red, green and blue, without an alpha channel', () => {
  expect(colourPixels(image(plain), 1, 2)).toEqual(Uint8Array.from(plain));
  expect(colourPixels(image(Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255)), 1, 2)).toEqual(Uint8Array.from(plain));
});

it('takes nothing else for colours', () => {
  expect(colourPixels(image(plain, { color: false }), 1, 2)).toBeNull();
  expect(colourPixels(image(plain, { imageQualityStatus: 6 }), 1, 2)).toBeNull();
  expect(colourPixels(image(plain), 2, 2)).toBeNull();
  expect(colourPixels(image(plain.subarray(0, 2)), 1, 2)).toBeNull();
});
