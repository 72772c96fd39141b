import type { Vec3 } from '@overread/core/geometry';

/** Colours of heat maps, from the least value to the greatest, evenly apart: black-body, so that order is seen in grey too. sRGB. */
export const heatStops: readonly Vec3[] = [
  [60, 0, 80],
  [150, 20, 90],
  [220, 60, 40],
  [250, 140, 20],
  [255, 220, 80],
  [255, 255, 220],
];
