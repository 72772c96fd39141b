import type { CornerstoneImage } from './cornerstone.ts';

/**
 * Red, green and blue of each pixel one after the other, in an array of our own; null where what is cached is something else (a preview,
 * another size, greyscale). The viewer has looked up palettes and turned other colour spaces by then; an alpha channel it may add is left out.
 */
export function colourPixels(image: CornerstoneImage, rows: number, columns: number): Uint8Array | null {
  const fullResolution = image.imageQualityStatus === undefined || image.imageQualityStatus >= 8;
  if (!fullResolution || image.rows !== rows || image.columns !== columns || image.color !== true) return null;
  const pixels = image.getPixelData();
  const count = rows * columns;
  const components = pixels.length / count;
  if (components !== 3 && components !== 4) return null;
  const colours = new Uint8Array(3 * count);
  for (let n = 0, from = 0, to = 0; n < count; n++, from += components, to += 3) {
    colours[to] = pixels[from]!;
    colours[to + 1] = pixels[from + 1]!;
    colours[to + 2] = pixels[from + 2]!;
  }
  return colours;
}
