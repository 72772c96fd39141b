import { boxSize, uniteBoxes, type IndexBox, type Vec3 } from '../../geometry/index.ts';
import { labelComponents, type Components } from '../components.ts';

/** The box of every label from 1 to 255 that occurs, by label. One pass, run by run. */
export function labelBoxes(labels: Uint8Array, [ni, nj, nk]: Vec3): ReadonlyMap<number, IndexBox> {
  const min = [0, 1, 2].map(() => new Int32Array(256).fill(0x7fffffff)) as [Int32Array, Int32Array, Int32Array];
  const max = [0, 1, 2].map(() => new Int32Array(256).fill(-1)) as [Int32Array, Int32Array, Int32Array];
  for (let k = 0, row = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++, row += ni) {
      for (let i = 0; i < ni;) {
        const label = labels[row + i]!;
        const first = i;
        do i++;
        while (i < ni && labels[row + i] === label);
        if (label === 0) continue;
        if (first < min[0][label]!) min[0][label] = first;
        if (i - 1 > max[0][label]!) max[0][label] = i - 1;
        if (j < min[1][label]!) min[1][label] = j;
        if (j > max[1][label]!) max[1][label] = j;
        if (k < min[2][label]!) min[2][label] = k;
        max[2][label] = k;
      }
    }
  }
  const boxes = new Map<number, IndexBox>();
  for (let label = 1; label < 256; label++) {
    if (max[2][label]! < 0) continue;
    const of = (ends: typeof min): Vec3 => [ends[0][label]!, ends[1][label]!, ends[2][label]!];
    boxes.set(label, { min: of(min), max: of(max) });
  }
  return boxes;
}

/** The connected components of some labels together, in the box that holds them. */
export interface LabelComponents {
  readonly box: IndexBox;
  /** Runs count within the box. */
  readonly components: Components;
}

/** Components of these labels taken as one (26 neighbours); null where none occurs. */
export function componentsOf(
  labels: Uint8Array,
  dims: Vec3,
  wanted: readonly number[],
  boxes: ReadonlyMap<number, IndexBox>,
): LabelComponents | null {
  const held = wanted.flatMap((label) => boxes.get(label) ?? []);
  if (held.length === 0) return null;
  const box = held.reduce(uniteBoxes);
  return { box, components: labelComponents(maskOf(labels, dims, wanted, box), boxSize(box), 26) };
}

/** 1 where one of these labels stands, for the voxels of a box. */
export function maskOf(labels: Uint8Array, dims: Vec3, wanted: readonly number[], box: IndexBox): Uint8Array {
  const chosen = new Uint8Array(256);
  for (const label of wanted) chosen[label] = 1;
  const [bi, bj, bk] = boxSize(box);
  const mask = new Uint8Array(bi * bj * bk);
  for (let row = 0, to = 0; row < bj * bk; row++) {
    const from = rowStart(row, dims, box);
    for (let i = 0; i < bi; i++, to++) mask[to] = chosen[labels[from + i]!]!;
  }
  return mask;
}

/** Where a row of the box (j fastest) starts in the whole volume. */
export function rowStart(row: number, [ni, nj]: Vec3, { min, max }: IndexBox): number {
  const rows = max[1] - min[1] + 1;
  return ((Math.floor(row / rows) + min[2]) * nj + (row % rows) + min[1]) * ni + min[0];
}

/** One component's runs of voxels along i. */
export interface VoxelRun {
  /** First voxel, and how many follow it along i, itself counted. */
  readonly first: Vec3;
  readonly length: number;
  /** Index of the first voxel in the whole volume. */
  readonly at: number;
}

/** The runs of some components, in order of memory. */
export function* runsOf(
  { box, components: { runs } }: LabelComponents,
  dims: Vec3,
  isWanted: (component: number) => boolean,
): Generator<VoxelRun & { readonly component: number }> {
  const [bi, bj] = boxSize(box);
  for (let r = 0; r < runs.length; r += 3) {
    const component = runs[r + 2]!;
    if (!isWanted(component)) continue;
    const start = runs[r]!;
    const row = Math.floor(start / bi);
    const i = start % bi;
    yield {
      component,
      first: [box.min[0] + i, box.min[1] + (row % bj), box.min[2] + Math.floor(row / bj)],
      length: runs[r + 1]!,
      at: rowStart(row, dims, box) + i,
    };
  }
}
