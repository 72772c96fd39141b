import type { Vec3 } from '../../geometry/index.ts';

/** Farther than any reach. */
const FAR = 1e20;

/** What is known of a row of distances, so that most rows need no arithmetic. */
const rowState = { far: 0, mixed: 1, zero: 2 } as const;

/**
 * 1 where a set voxel (or an unset one) has its centre within `radius` mm; what lies beyond the edge of the array is neither.
 * The squared distance of `squaredDistance`, cut off at the radius: then a few neighbours per axis say it all, and rows
 * without any voxel in reach, or full of them, are passed over.
 * @param dims [nx, ny, nz], x fastest. @param spacing mm along x, y, z.
 */
export function withinReach(
  mask: Uint8Array,
  dims: Vec3,
  spacing: Vec3,
  radius: number,
  of: 'set' | 'unset' = 'set',
): Uint8Array {
  const [nx, ny, nz] = dims;
  const limit = radius * radius;
  const [alongX, alongY, alongZ] = [costsOf(spacing[0], limit), costsOf(spacing[1], limit), costsOf(spacing[2], limit)];
  const { distance, states } = distanceInRows(mask, nx, alongX, of);

  const inSlices = new Float32Array(distance.length);
  const sliceStates = new Uint8Array(states.length);
  for (let row = 0; row < states.length; row++) {
    const y = row % ny;
    const target = inSlices.subarray(row * nx, (row + 1) * nx);
    sliceStates[row] = lowerRow(target, distance, states, alongY, { row, step: 1, at: y, count: ny });
  }

  const near = new Uint8Array(mask.length);
  const target = new Float32Array(nx);
  for (let row = 0; row < states.length; row++) {
    const z = Math.floor(row / ny);
    const state = lowerRow(target, inSlices, sliceStates, alongZ, { row, step: ny, at: z, count: nz });
    if (state === rowState.zero) near.fill(1, row * nx, (row + 1) * nx);
    if (state !== rowState.mixed) continue;
    for (let x = 0; x < nx; x++) near[row * nx + x] = target[x]! <= limit ? 1 : 0;
  }
  return near;
}

/** Squared length of 0, 1, 2, … steps along an axis, as far as the reach goes. */
function costsOf(spacing: number, limit: number): readonly number[] {
  const costs = [0];
  for (let steps = 1; spacing * spacing * steps * steps <= limit; steps++)
    costs.push(spacing * spacing * steps * steps);
  return costs;
}

/** Squared distance to the nearest wanted voxel of the same row. */
function distanceInRows(mask: Uint8Array, nx: number, costs: readonly number[], of: 'set' | 'unset') {
  const distance = new Float32Array(mask.length);
  const states = new Uint8Array(mask.length / nx);
  const table = Float64Array.of(...costs, FAR);
  const beyond = costs.length;
  const unwanted = of === 'set' ? 0 : 1;
  for (let row = 0, start = 0; row < states.length; row++, start += nx) {
    let wanted = 0;
    let steps = beyond;
    for (let at = start; at < start + nx; at++) {
      if ((mask[at] === 0 ? 0 : 1) !== unwanted) {
        steps = 0;
        wanted++;
      } else if (steps < beyond) steps++;
      distance[at] = table[steps]!;
    }
    states[row] = wanted === 0 ? rowState.far : wanted === nx ? rowState.zero : rowState.mixed;
    if (states[row] !== rowState.mixed) continue;
    steps = beyond;
    for (let at = start + nx - 1; at >= start; at--) {
      if (distance[at] === 0) steps = 0;
      else if (steps < beyond) steps++;
      if (table[steps]! < distance[at]!) distance[at] = table[steps]!;
    }
  }
  return { distance, states };
}

interface Place {
  readonly row: number;
  /** Rows from one neighbour to the next. */
  readonly step: number;
  /** Which of `count` along the axis this row is. */
  readonly at: number;
  readonly count: number;
}

/** Writes the lowest of the row and its neighbours along one axis, each raised by its own distance. */
function lowerRow(
  target: Float32Array,
  source: Float32Array,
  states: Uint8Array,
  costs: readonly number[],
  { row, step, at, count }: Place,
): number {
  const nx = target.length;
  const own = states[row]!;
  target.set(source.subarray(row * nx, (row + 1) * nx));
  if (own === rowState.zero) return own;
  let state = own;
  for (let steps = 1; steps < costs.length; steps++) {
    for (const side of [-steps, steps]) {
      if (at + side < 0 || at + side >= count) continue;
      const other = row + side * step;
      if (states[other] === rowState.far) continue;
      lower(target, source, other * nx, costs[steps]!);
      state = rowState.mixed;
    }
  }
  return state;
}

function lower(target: Float32Array, source: Float32Array, from: number, cost: number): void {
  for (let x = 0; x < target.length; x++) {
    const value = source[from + x]! + cost;
    if (value < target[x]!) target[x] = value;
  }
}
