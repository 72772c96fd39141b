/**
 * What an element of a value looks at along one spatial axis: element x at the input's voxels from `step` x + `low` to `step` x + `high`.
 */
export interface AxisField {
  /** Voxels of the input from one element to the next: 2 after a stride of 2. */
  readonly step: number;
  readonly low: number;
  readonly high: number;
}

/** Along D, H, W (or H, W). */
export type Field = readonly AxisField[];

/** A sliding window along one axis: output y reads elements `stride` y - `head` + `dilation` n, n from 0 to `kernel` - 1. */
export interface Sliding {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly head: number;
}

export const ownVoxel: AxisField = { step: 1, low: 0, high: 0 };

/** Through a convolution or a pooling. */
export function throughWindow({ step, low, high }: AxisField, { kernel, stride, dilation, head }: Sliding): AxisField {
  return { step: step * stride, low: low - step * head, high: high + step * (dilation * (kernel - 1) - head) };
}

/** Through a transposed convolution of dilation 1: output y is written by elements from (y + head - kernel + 1) / stride to (y + head) / stride. */
export function throughTransposed(
  { step, low, high }: AxisField,
  { kernel, stride, head }: Omit<Sliding, 'dilation'>,
): AxisField {
  const unit = step / stride;
  return { step: unit, low: low + unit * (head - kernel + 1), high: high + unit * head };
}

/** Of values that are combined element by element; null where they are not of one scale. */
export function united(fields: readonly Field[]): Field | null {
  const [first, ...others] = fields;
  if (first === undefined) return null;
  return others.reduce<Field | null>((all, field) => {
    if (all?.length !== field.length || all.some(({ step }, axis) => step !== field[axis]?.step)) return null;
    return all.map(({ step, low, high }, axis) => ({
      step,
      low: Math.min(low, field[axis]!.low),
      high: Math.max(high, field[axis]!.high),
    }));
  }, first);
}
