import type { Vec3 } from '../../geometry/index.ts';

/** A local maximum of a scalar map; `voxel` is [i, j, k] of the map's grid. */
export interface Peak {
  readonly voxel: Vec3;
  readonly value: number;
}

/**
 * Voxels that are at least `minimum` and higher than all their 26 neighbours (of equal neighbours, the first in memory
 * counts), highest first. Voxels on the faces of the map are no candidates.
 * @param within 1 where a peak may stand, on the map's grid; null: everywhere
 */
export function localMaxima(values: Float32Array, dims: Vec3, minimum: number, within: Uint8Array | null): Peak[] {
  const [ni, nj, nk] = dims;
  const neighbours = neighbourOffsets(dims);
  const peaks: Peak[] = [];
  for (let k = 1; k < nk - 1; k++) {
    for (let j = 1; j < nj - 1; j++) {
      const row = (k * nj + j) * ni;
      for (let i = 1; i < ni - 1; i++) {
        const value = values[row + i]!;
        if (!(value >= minimum) || (within !== null && within[row + i] === 0)) continue;
        if (isHighest(values, row + i, value, neighbours)) peaks.push({ voxel: [i, j, k], value });
      }
    }
  }
  return peaks.sort((a, b) => b.value - a.value);
}

/** Keeps, highest first, the peaks that are at least `distance` mm from every kept one. */
export function suppressNear(peaks: readonly Peak[], spacing: Vec3, distance: number): Peak[] {
  const kept: Peak[] = [];
  for (const peak of peaks) {
    const near = kept.some((other) => {
      const [a, b, c] = peak.voxel.map((index, axis) => (index - other.voxel[axis as 0]) * spacing[axis as 0]);
      return Math.hypot(a!, b!, c!) < distance;
    });
    if (!near) kept.push(peak);
  }
  return kept;
}

function isHighest(values: Float32Array, at: number, value: number, neighbours: Int32Array): boolean {
  for (const offset of neighbours) {
    const other = values[at + offset]!;
    if (other > value || (other === value && offset < 0)) return false;
  }
  return true;
}

function neighbourOffsets([ni, nj]: Vec3): Int32Array {
  const steps = [-1, 0, 1];
  const all = steps.flatMap((k) => steps.flatMap((j) => steps.map((i) => (k * nj + j) * ni + i)));
  return Int32Array.from(all.filter((offset) => offset !== 0));
}
