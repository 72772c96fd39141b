export type { Grid, GridSamples, IndexBox, Matrix4, Vec3 } from './types.ts';
export { add, cross, distance, dot, length, mapAxes, normalize, scale, subtract } from './vector.ts';
export { affineColumn, affineFromColumns, invert, multiply, transformDirection, transformPoint } from './affine.ts';
export { affineFromPlane, planeNormal, type PatientPlane } from './patient-plane.ts';
export {
  checkGrid,
  containsIndex,
  gridDirections,
  gridNormal,
  gridOrigin,
  gridSpacing,
  indexToIndexMatrix,
  indexToWorld,
  makeGrid,
  sameGrid,
  strides,
  voxelCount,
  voxelVolume,
  worldToIndex,
  worldToIndexMatrix,
} from './grid.ts';
export { straightGrid, turnedGrid } from './turned.ts';
export { axisTowards, orientationCode, type DirectedAxis, type PatientDirection } from './orientation.ts';
export {
  boxCorners,
  boxExtent,
  boxFromWorld,
  boxOnGrid,
  boxSize,
  boxToWorld,
  cropGrid,
  expandBox,
  gridBox,
  intersectBoxes,
  resizedGrid,
  uniteBoxes,
} from './box.ts';
export { centreAlignedGrid, edgeAlignedGrid, isotropicGrid, respacedGrid } from './isotropic.ts';
export { resample, resampleSlab, type Interpolation, type Resampling, type Slab } from './resample.ts';
export { axisAlong } from './axis-map.ts';
export { createSampler, type Sampled, type SampledBy, type Sampler } from './sampler.ts';
