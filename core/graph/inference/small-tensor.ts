import type { TensorProto } from '../onnx/types.ts';
import { elementCount, shapeOf } from '../tensor/shape.ts';
import { numbersOf } from '../tensor/numbers.ts';

/** A value that is known without running the graph: extents, axes, scales and what is reckoned with them. Booleans are 0 and 1. */
export interface SmallTensor {
  readonly dims: readonly number[];
  /** Row-major; null: this one is not known. */
  readonly values: readonly (number | null)[];
}

/** Longer ones are data, not settings. */
const most = 64;

/** Null where it would be long. */
export function smallTensor(
  dims: readonly number[],
  valueAt: (at: readonly number[], n: number) => number | null,
): SmallTensor | null {
  const count = elementCount(dims);
  if (dims.length > most || !(count >= 0 && count <= most)) return null;
  const at = dims.map(() => 0);
  const values = Array.from({ length: count }, (_, n) => {
    const value = valueAt(at, n);
    for (let axis = dims.length - 1; axis >= 0 && ++at[axis]! === dims[axis]; axis--) at[axis] = 0;
    return value;
  });
  return { dims, values };
}

export function smallList(values: readonly (number | null)[]): SmallTensor | null {
  return smallTensor([values.length], (_, n) => values[n]!);
}

/** A short constant's values; null where it is long or of a type that is not reckoned with. */
export function smallConstant(tensor: TensorProto): SmallTensor | null {
  const values = numbersOf(tensor);
  const dims = shapeOf(tensor);
  return values === null || dims === null || elementCount(dims) !== values.length ? null : { dims, values };
}

/** The values where all of them are known. */
export function knownNumbers(tensor: SmallTensor | null): readonly number[] | null {
  return tensor?.values.every((value) => value !== null) === true ? tensor.values : null;
}

/** The value at a position, counted along each axis from 0. */
export function valueAt({ dims, values }: SmallTensor, at: readonly number[]): number | null {
  return values[dims.reduce((index, extent, axis) => index * extent + at[axis]!, 0)] ?? null;
}

/** What a function makes of several, extent 1 stretched; null where they do not fit each other. */
export function elementwise(
  inputs: readonly SmallTensor[],
  of: (values: readonly (number | null)[]) => number | null,
): SmallTensor | null {
  const rank = Math.max(0, ...inputs.map(({ dims }) => dims.length));
  const aligned = inputs.map(({ dims, values }) => ({
    dims: [...new Array<number>(rank - dims.length).fill(1), ...dims],
    values,
  }));
  const dims = Array.from({ length: rank }, (_, axis) => {
    const extents = aligned.map((input) => input.dims[axis]!);
    return extents.find((extent) => extent !== 1) ?? 1;
  });
  const fits = aligned.every((input) => input.dims.every((extent, axis) => extent === 1 || extent === dims[axis]));
  if (!fits) return null;
  return smallTensor(dims, (at) =>
    of(
      aligned.map((input) =>
        valueAt(
          input,
          input.dims.map((extent, axis) => (extent === 1 ? 0 : at[axis]!)),
        ),
      ),
    ),
  );
}
