export type { SeriesGeometry, SliceReference, Volume, VolumeSamples } from './types.ts';
export { volumeArrays } from './arrays.ts';
export { ybrToRgb } from './colour/write-colours.ts';
export { describeSeries } from './describe-series.ts';
export { describePixels, type PixelDescription } from './pixel-description.ts';
export { assembleVolume, createVolumeAssembler } from './assemble-volume.ts';
export type { FramePixels, VolumeAssembler } from './slice-places.ts';
