import { intAttribute, intsAttribute } from '../attribute.ts';
import type { NodeProto } from '../onnx/types.ts';
import { knownNumbers, smallTensor, valueAt, type SmallTensor } from './small-tensor.ts';

// Small values that are joined, picked, cut and turned: the counterpart of what `reshaping` says of shapes.

export function joined(node: NodeProto, values: readonly (SmallTensor | null)[]): SmallTensor | null {
  const parts = values.filter((value) => value !== null);
  const [first] = parts;
  if (first === undefined || parts.length !== values.length) return null;
  const axis = fromEnd(intAttribute(node, 'axis', 0), first.dims.length);
  const along = parts.map(({ dims }) => dims[axis] ?? 0);
  const fits = parts.every(({ dims }) => dims.every((extent, at) => at === axis || extent === first.dims[at]));
  if (!fits || axis < 0 || axis >= first.dims.length) return null;
  const dims = first.dims.with(
    axis,
    along.reduce((sum, extent) => sum + extent, 0),
  );
  return smallTensor(dims, (at) => {
    let [part, within] = [0, at[axis]!];
    while (within >= along[part]!) within -= along[part++]!;
    return valueAt(parts[part]!, at.with(axis, within));
  });
}

export function gathered(node: NodeProto, first: SmallTensor | null, second: SmallTensor | null): SmallTensor | null {
  const indices = knownNumbers(second);
  if (first === null || second === null || indices === null) return null;
  const axis = fromEnd(intAttribute(node, 'axis', 0), first.dims.length);
  const extent = first.dims[axis];
  if (extent === undefined || indices.some((index) => index < -extent || index >= extent)) return null;
  const inner = second.dims.length;
  return smallTensor([...first.dims.slice(0, axis), ...second.dims, ...first.dims.slice(axis + 1)], (at) => {
    const index = valueAt(second, at.slice(axis, axis + inner)) ?? 0;
    return valueAt(first, [...at.slice(0, axis), fromEnd(index, extent), ...at.slice(axis + inner)]);
  });
}

export function sliced(node: NodeProto, values: readonly (SmallTensor | null)[]): SmallTensor | null {
  const [first = null] = values;
  const listed = (name: string, at: number): readonly number[] | null =>
    intsAttribute(node, name) ?? knownNumbers(values[at] ?? null);
  const [starts, ends] = [listed('starts', 1), listed('ends', 2)];
  if (first === null || starts === null || ends?.length !== starts.length) return null;
  const left = (at: number): boolean => (node.input[at] ?? '') === '';
  const axes = listed('axes', 3) ?? (left(3) ? starts.map((_, at) => at) : null);
  const steps = listed('steps', 4) ?? (left(4) ? starts.map(() => 1) : null);
  if (axes === null || steps === null || steps.includes(0)) return null;
  const taken = first.dims.map((extent, axis) => {
    const at = axes.findIndex((other) => fromEnd(other, first.dims.length) === axis);
    return at < 0 ? { start: 0, step: 1, count: extent } : rangeOf(extent, starts[at]!, ends[at]!, steps[at] ?? 1);
  });
  return smallTensor(
    taken.map(({ count }) => count),
    (at) =>
      valueAt(
        first,
        at.map((n, axis) => taken[axis]!.start + n * taken[axis]!.step),
      ),
  );
}

/** Positions that a Slice takes along an axis. */
function rangeOf(extent: number, from: number, to: number, step: number) {
  const within = (value: number, low: number, high: number): number =>
    Math.min(high, Math.max(low, fromEnd(value, extent)));
  const [start, end] =
    step > 0
      ? [within(from, 0, extent), within(to, 0, extent)]
      : [within(from, 0, extent - 1), within(to, -1, extent - 1)];
  return { start, step, count: Math.max(0, Math.ceil((end - start) / step)) };
}

export function transposed(node: NodeProto, first: SmallTensor | null): SmallTensor | null {
  if (first === null) return null;
  const order = intsAttribute(node, 'perm') ?? first.dims.map((_, at) => first.dims.length - 1 - at);
  if (order.length !== first.dims.length || first.dims.some((_, axis) => !order.includes(axis))) return null;
  return smallTensor(
    order.map((axis) => first.dims[axis]!),
    (at) =>
      valueAt(
        first,
        first.dims.map((_, axis) => at[order.indexOf(axis)]!),
      ),
  );
}

function fromEnd(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
