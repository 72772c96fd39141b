import type { Vec3 } from '@overread/core/geometry';
import { heatStops } from '../heat-colours.ts';
import { heatLevels } from '../types.ts';

/** RGB 0–255 and alpha 0–1 as one pixel of an ImageData seen as Uint32Array (little-endian, as all browsers' machines are). */
function pixel([red, green, blue]: Vec3, alpha: number): number {
  return ((Math.round(alpha * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** One colour per segment number, as fill or as edge. */
export function segmentPalette(
  segments: readonly { readonly number: number; readonly colour: Vec3 }[],
  alpha: number,
): Uint32Array {
  const palette = new Uint32Array(256);
  for (const { number, colour } of segments) palette[number] = pixel(colour, alpha);
  return palette;
}

/** Level 0 is transparent; higher levels are lighter and cover more. */
export function heatPalette(): Uint32Array {
  const palette = new Uint32Array(256);
  for (let level = 1; level <= heatLevels; level++) {
    const share = (level - 1) / (heatLevels - 1);
    const place = share * (heatStops.length - 1);
    const low = Math.min(heatStops.length - 2, Math.floor(place));
    const mix = (axis: 0 | 1 | 2): number =>
      Math.round(heatStops[low]![axis] + (place - low) * (heatStops[low + 1]![axis] - heatStops[low]![axis]));
    palette[level] = pixel([mix(0), mix(1), mix(2)], 0.35 + 0.65 * share);
  }
  palette.fill(palette[heatLevels]!, heatLevels + 1);
  return palette;
}
