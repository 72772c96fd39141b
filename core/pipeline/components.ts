import type { Vec3 } from '../geometry/index.ts';

/** Connected components of a mask, kept as runs along the fastest axis. Labels count from 1; label 0 is background. */
export interface Components {
  readonly count: number;
  /** Voxels of each component, by label; entry 0 is unused. */
  readonly sizes: Uint32Array;
  /** Three numbers a run: linear index of its first voxel, its length, its label. */
  readonly runs: Int32Array;
}

/**
 * Labels the set voxels of a mask (x fastest) that touch each other.
 * Runs along x are joined by union-find, so the cost follows the number of runs and not the number of voxels of a component.
 * @param connectivity 6 (faces) or 26 (faces, edges and corners).
 */
export function labelComponents(mask: Uint8Array, dims: Vec3, connectivity: 6 | 26 = 6): Components {
  const [nx, ny, nz] = dims;
  const reach = connectivity === 26 ? 1 : 0;
  const store = new RunStore();
  // First run of each row, by row number; one more entry closes the last row.
  const rowStart = new Int32Array(ny * nz + 1);
  for (let row = 0; row < ny * nz; row++) {
    rowStart[row] = store.length;
    store.addRuns(mask, row * nx, nx);
    rowStart[row + 1] = store.length;
    const y = row % ny;
    if (y > 0) store.joinRows(rowStart, row, row - 1, nx, reach);
    if (row < ny) continue;
    store.joinRows(rowStart, row, row - ny, nx, reach);
    if (reach === 0) continue;
    if (y > 0) store.joinRows(rowStart, row, row - ny - 1, nx, reach);
    if (y < ny - 1) store.joinRows(rowStart, row, row - ny + 1, nx, reach);
  }
  return store.finish();
}

/** Labels of the k largest components, largest first. */
export function largestComponents(components: Components, k: number): number[] {
  const labels = Array.from({ length: components.count }, (_, index) => index + 1);
  labels.sort((a, b) => components.sizes[b]! - components.sizes[a]! || a - b);
  return labels.slice(0, k);
}

/** Sets `value` at every voxel of the given component; answers the target. */
export function paintComponent(components: Components, label: number, target: Uint8Array, value = 1): Uint8Array {
  const { runs } = components;
  for (let r = 0; r < runs.length; r += 3) {
    if (runs[r + 2] === label) target.fill(value, runs[r], runs[r]! + runs[r + 1]!);
  }
  return target;
}

class RunStore {
  length = 0;
  private starts = new Int32Array(1 << 12);
  private lengths = new Int32Array(1 << 12);
  private parents = new Int32Array(1 << 12);

  addRuns(mask: Uint8Array, from: number, count: number): void {
    const end = from + count;
    let voxel = from;
    while (voxel < end) {
      while (voxel < end && mask[voxel] === 0) voxel++;
      if (voxel === end) return;
      const start = voxel;
      while (voxel < end && mask[voxel] !== 0) voxel++;
      this.add(start, voxel - start);
    }
  }

  /** Joins every run of `row` with every run of `other` that overlaps it in x (within `reach`). */
  joinRows(rowStart: Int32Array, row: number, other: number, nx: number, reach: number): void {
    let a = rowStart[row]!;
    let b = rowStart[other]!;
    const aEnd = rowStart[row + 1]!;
    const bEnd = rowStart[other + 1]!;
    const shift = (row - other) * nx;
    while (a < aEnd && b < bEnd) {
      const aFirst = this.starts[a]! - shift;
      const aLast = aFirst + this.lengths[a]! - 1;
      const bFirst = this.starts[b]!;
      const bLast = bFirst + this.lengths[b]! - 1;
      if (aFirst <= bLast + reach && bFirst <= aLast + reach) this.union(a, b);
      if (aLast < bLast) a++;
      else b++;
    }
  }

  finish(): Components {
    const labelOf = new Int32Array(this.length);
    const runs = new Int32Array(this.length * 3);
    let count = 0;
    for (let run = 0; run < this.length; run++) {
      // The root of a set is its earliest run, so it has its label before any other run asks for it.
      const root = this.find(run);
      if (root === run) labelOf[run] = ++count;
      runs[3 * run] = this.starts[run]!;
      runs[3 * run + 1] = this.lengths[run]!;
      runs[3 * run + 2] = labelOf[root]!;
    }
    const sizes = new Uint32Array(count + 1);
    for (let r = 0; r < runs.length; r += 3) sizes[runs[r + 2]!]! += runs[r + 1]!;
    return { count, sizes, runs };
  }

  private add(start: number, length: number): void {
    if (this.length === this.starts.length) this.grow();
    this.starts[this.length] = start;
    this.lengths[this.length] = length;
    this.parents[this.length] = this.length;
    this.length++;
  }

  private find(run: number): number {
    const { parents } = this;
    while (parents[run] !== run) {
      parents[run] = parents[parents[run]!]!;
      run = parents[run]!;
    }
    return run;
  }

  private union(a: number, b: number): void {
    const rootA = this.find(a);
    const rootB = this.find(b);
    if (rootA < rootB) this.parents[rootB] = rootA;
    else this.parents[rootA] = rootB;
  }

  private grow(): void {
    const larger = (old: Int32Array<ArrayBuffer>) => {
      const next = new Int32Array(old.length * 2);
      next.set(old);
      return next;
    };
    this.starts = larger(this.starts);
    this.lengths = larger(this.lengths);
    this.parents = larger(this.parents);
  }
}
