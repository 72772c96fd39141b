import { mapAxes, type Vec3 } from '../../geometry/index.ts';

/** A box of a mask that may reach beyond its array: distances in it cost what the object costs, not what the volume costs. */
export interface MaskWindow {
  /** Index of the first voxel of the window in the whole; may be negative. */
  readonly origin: Vec3;
  readonly size: Vec3;
}

/** The box of the set voxels with a rim of voxels round it; null if none is set. */
export function windowAround(mask: Uint8Array, dims: Vec3, rim: Vec3): MaskWindow | null {
  const box = boundingBox(mask, dims);
  if (box === null) return null;
  return {
    origin: mapAxes((a) => box.min[a] - rim[a]),
    size: mapAxes((a) => box.max[a] - box.min[a] + 1 + 2 * rim[a]),
  };
}

/** The mask inside a window; unset beyond the edge of the whole. */
export function cutOut(whole: Uint8Array, dims: Vec3, window: MaskWindow): Uint8Array {
  const part = new Uint8Array(window.size[0] * window.size[1] * window.size[2]);
  forRows(dims, window, (inWhole, inPart, length) => part.set(whole.subarray(inWhole, inWhole + length), inPart));
  return part;
}

/** A whole mask that is unset outside the window. */
export function putBack(part: Uint8Array, dims: Vec3, window: MaskWindow): Uint8Array {
  const whole = new Uint8Array(dims[0] * dims[1] * dims[2]);
  forRows(dims, window, (inWhole, inPart, length) => whole.set(part.subarray(inPart, inPart + length), inWhole));
  return whole;
}

/** Rows that window and whole have in common. */
function forRows(
  dims: Vec3,
  { origin, size }: MaskWindow,
  row: (inWhole: number, inPart: number, length: number) => void,
): void {
  const low = mapAxes((a) => Math.max(0, origin[a]));
  const high = mapAxes((a) => Math.min(dims[a], origin[a] + size[a]));
  const length = high[0] - low[0];
  if (length <= 0) return;
  for (let z = low[2]; z < high[2]; z++) {
    for (let y = low[1]; y < high[1]; y++) {
      const inPart = ((z - origin[2]) * size[1] + y - origin[1]) * size[0] + low[0] - origin[0];
      row((z * dims[1] + y) * dims[0] + low[0], inPart, length);
    }
  }
}

/** Smallest box around the voxels that are 1, both ends included; null if none is. */
export function boundingBox(mask: Uint8Array, dims: Vec3): { min: Vec3; max: Vec3 } | null {
  const [nx, ny, nz] = dims;
  const min = [nx, ny, nz];
  const max = [-1, -1, -1];
  for (let first = mask.indexOf(1); first >= 0;) {
    const row = Math.floor(first / nx);
    const [y, z] = [row % ny, Math.floor(row / ny)];
    const end = (row + 1) * nx;
    const last = mask.lastIndexOf(1, end - 1);
    min[0] = Math.min(min[0]!, first - row * nx);
    max[0] = Math.max(max[0]!, last - row * nx);
    min[1] = Math.min(min[1]!, y);
    max[1] = Math.max(max[1]!, y);
    min[2] = Math.min(min[2]!, z);
    max[2] = z;
    first = mask.indexOf(1, end);
  }
  return max[2]! < 0 ? null : { min: min as unknown as Vec3, max: max as unknown as Vec3 };
}
