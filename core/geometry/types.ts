/** Three numbers; which space and unit, the name that carries them says. */
export type Vec3 = readonly [number, number, number];

/** 4x4 matrix, row-major (16 numbers). */
export type Matrix4 = readonly number[];

/**
 * A regular grid of voxels in patient space.
 * Memory order is i fastest: sample (i, j, k) stands at `i + ni * (j + nj * k)`.
 */
export interface Grid {
  /** Voxel counts [ni, nj, nk]: i runs along an image row (column index), j down the rows, k over the slices. */
  readonly dims: Vec3;
  /** Voxel centre index (i, j, k), 0-based, to LPS millimetres. */
  readonly indexToWorld: Matrix4;
}

/** Axis-aligned box of a grid, in voxel indices, both ends included. */
export interface IndexBox {
  readonly min: Vec3;
  readonly max: Vec3;
}

/** Samples of a grid, i fastest. */
export type GridSamples = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Float32Array;
