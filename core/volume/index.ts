export type { SeriesGeometry, SliceReference, Volume, VolumeSamples } from './types.ts';
export { volumeArrays } from './arrays.ts';
export { describeSeries } from './describe-series.ts';
export { describePixels, type PixelDescription } from './pixel-description.ts';
export { assembleVolume, createVolumeAssembler, type FramePixels, type VolumeAssembler } from './assemble-volume.ts';
