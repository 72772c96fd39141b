import { OverreadError } from '../../errors/index.ts';

/** Element types that labels come in: int64 from ArgMax itself, the others from a Cast. */
export type LabelType = 'uint8' | 'int32' | 'int64' | 'float32';

/** An ArgMax (and Casts after it) that stood at the end of a graph and was taken off: whoever runs the graph does it. */
export interface DetachedArgMax {
  readonly kind: 'arg-max';
  /** The output that the model had, and the output that it has now in its place: what ArgMax read. */
  readonly output: string;
  readonly replacedBy: string;
  /** Negative: from the last axis. */
  readonly axis: number;
  readonly keepDims: boolean;
  /** Which of equal values wins: the last instead of the first. */
  readonly selectLastIndex: boolean;
  /** Element type of the output that the model had. */
  readonly type: LabelType;
}

export interface ArgMaxResult {
  readonly dims: readonly number[];
  /** Uint8Array up to 256 classes. */
  readonly labels: Uint8Array | Int32Array;
}

/**
 * What the detached ArgMax would have said of `values` (row-major, of shape `dims`).
 * @throws OverreadError `graph.invalid` where the axis is not one of the shape's; `pipeline.bad-output` naming the output that the model
 *   had, where NaN is among what is compared: no label is the highest then, and a silent 0 would be background
 */
export function applyArgMax(
  values: Float32Array | Float64Array | Int32Array | Uint8Array,
  dims: readonly number[],
  step: Pick<DetachedArgMax, 'output' | 'axis' | 'keepDims' | 'selectLastIndex'>,
): ArgMaxResult {
  const axis = step.axis < 0 ? step.axis + dims.length : step.axis;
  const classes = dims[axis];
  if (classes === undefined || classes < 1) {
    throw new OverreadError('graph.invalid', {
      why: `ArgMax over axis ${step.axis} of a value of shape [${dims.join(', ')}]`,
    });
  }
  const inner = dims.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  const outer = dims.slice(0, axis).reduce((product, extent) => product * extent, 1);
  const labels = classes <= 256 ? new Uint8Array(outer * inner) : new Int32Array(outer * inner);
  // Class by class over a block as long as the inner axes: memory is read in order.
  const best = values.slice(0, inner);
  for (let block = 0; block < outer; block++) {
    const base = block * classes * inner;
    const target = block * inner;
    best.set(values.subarray(base, base + inner));
    for (let label = 1; label < classes; label++) {
      const start = base + label * inner;
      for (let at = 0; at < inner; at++) {
        const value = values[start + at]!;
        const leader = best[at]!;
        // NaN takes the lead and never loses it, so that one look at the winners finds it.
        if (value > leader || (step.selectLastIndex && value === leader) || value !== value) {
          best[at] = value;
          labels[target + at] = label;
        }
      }
    }
    if (hasNaN(best)) throw notANumber(step.output);
  }
  const kept = step.keepDims ? [1] : [];
  return { dims: [...dims.slice(0, axis), ...kept, ...dims.slice(axis + 1)], labels };
}

/** A loop of its own: blocks are as large as windows. */
function hasNaN(values: ArrayLike<number>): boolean {
  for (let at = 0; at < values.length; at++) if (values[at] !== values[at]) return true;
  return false;
}

function notANumber(name: string): OverreadError {
  return new OverreadError('pipeline.bad-output', {
    why: `output '${name}': it compares values that are no numbers (NaN)`,
    details: { name },
  });
}
