import { lateralities, type Code } from '../../dicom/index.ts';
import type { Vec3 } from '../../geometry/index.ts';
import type { Lattice } from '../lattice.ts';

/** What later stages need to know of the lungs to say where something lies in them. */
export interface LungMap {
  readonly lattice: Lattice;
  /** One array of cells per lung; one alone where only one was found or both are joined. */
  readonly parts: readonly Uint8Array[];
  /** Middle of each part in x, cells. */
  readonly middles: readonly number[];
  /** Middle of the body in x, cells. */
  readonly bodyMiddle: number;
}

export interface LungPlace {
  readonly laterality: Code;
  /** Third of that lung's height: `upper third`, `middle third`, `lower third`. */
  readonly place: string;
}

/** Side and third of a voxel [i, j, k] of the source grid. Right is the patient's right. */
export function placeInLungs(lungs: LungMap, voxel: Vec3): LungPlace {
  const { dims, offsets } = lungs.lattice;
  const cell =
    offsets[0][Math.round(voxel[0])]! + offsets[1][Math.round(voxel[1])]! + offsets[2][Math.round(voxel[2])]!;
  const [x, z] = [cell % dims[0], Math.floor(cell / (dims[0] * dims[1]))];
  const lung = nearestPart(lungs, cell);
  const [middle, other] = [lungs.middles[lung]!, lungs.middles[1 - lung]];
  const isRight = other === undefined ? x < lungs.bodyMiddle : middle < other;
  const [low, high] = heightOf(lungs.parts[lung]!, dims);
  const share = (z - low) / Math.max(1, high - low);
  const place = share > 2 / 3 ? 'upper third' : share > 1 / 3 ? 'middle third' : 'lower third';
  return { laterality: isRight ? lateralities.right : lateralities.left, place };
}

/** Index of the lung with most cells in a small cube round the cell. */
function nearestPart({ lattice, parts }: LungMap, cell: number): 0 | 1 {
  const [nx, ny, nz] = lattice.dims;
  const [x, y, z] = [cell % nx, Math.floor(cell / nx) % ny, Math.floor(cell / (nx * ny))];
  const near = (part: Uint8Array, reach: number) => {
    let count = 0;
    for (let c = Math.max(0, z - reach); c <= Math.min(nz - 1, z + reach); c++)
      for (let b = Math.max(0, y - reach); b <= Math.min(ny - 1, y + reach); b++)
        for (let a = Math.max(0, x - reach); a <= Math.min(nx - 1, x + reach); a++)
          count += part[(c * ny + b) * nx + a]!;
    return count;
  };
  const [first, second] = parts as [Uint8Array, Uint8Array?];
  return second !== undefined && near(second, 4) > near(first, 4) ? 1 : 0;
}

/** First and last z with a set cell. */
function heightOf(part: Uint8Array, dims: Vec3): [number, number] {
  const area = dims[0] * dims[1];
  return [Math.floor(part.indexOf(1) / area), Math.floor(part.lastIndexOf(1) / area)];
}

/** Middle of a body or a lung in x, cells. */
export function middleOf(part: Uint8Array, [nx]: Vec3): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < part.length; row += nx) {
    for (let x = 0; x < nx; x++) {
      if (part[row + x] === 0) continue;
      sum += x;
      count++;
    }
  }
  return sum / Math.max(1, count);
}
