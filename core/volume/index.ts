export type { SeriesGeometry, SliceReference, Volume, VolumeSamples } from './types.ts';
