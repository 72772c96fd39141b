import { attributeOf, intAttribute, intsAttribute } from '../attribute.ts';
import type { NodeProto } from '../onnx/types.ts';
import type { Extent } from './value-type.ts';

type Shape = readonly Extent[] | null;

/** What an operator that rearranges is told by its inputs. */
export interface ReshapeInputs {
  readonly shapes: readonly Shape[];
  /** Values of a constant input as numbers; null where it is absent or not constant. */
  constant(at: number): readonly number[] | null;
}

/** Shape of what the operators make that move, cut, repeat or reduce; null where the graph does not tell it beforehand. */
export function reshaped(node: NodeProto, inputs: ReshapeInputs): Shape {
  const first = inputs.shapes[0] ?? null;
  if (node.opType.startsWith('Reduce')) return reduced(node, first, listed(node, inputs, 'axes', 1));
  switch (node.opType) {
    case 'ArgMax':
    case 'ArgMin':
      return reduced(node, first, [intAttribute(node, 'axis', 0)]);
    case 'Pad':
      return padded(first, listed(node, inputs, 'pads', 1), inputs.constant(3));
    case 'Slice':
      return sliced(node, first, inputs);
    case 'Resize':
    case 'Upsample':
      return resized(node, first, inputs);
    case 'Transpose': {
      const order = intsAttribute(node, 'perm') ?? first?.map((_, at) => first.length - 1 - at);
      return first === null ? null : (order?.map((at) => first[at] ?? null) ?? null);
    }
    case 'Unsqueeze':
      return unsqueezed(first, listed(node, inputs, 'axes', 1));
    case 'Squeeze':
      return squeezed(first, listed(node, inputs, 'axes', 1));
    case 'Tile': {
      const repeats = inputs.constant(1);
      return first?.length === repeats?.length ? times(first, repeats) : null;
    }
    case 'Reshape':
      return viewed(first, inputs.constant(1), intAttribute(node, 'allowzero', 0) === 1);
    case 'Flatten': {
      if (first === null) return null;
      const axis = fromEnd(intAttribute(node, 'axis', 1), first.length);
      return [product(first.slice(0, axis)), product(first.slice(axis))];
    }
    case 'Gather': {
      const indices = inputs.shapes[1] ?? null;
      if (first === null || indices === null) return null;
      const axis = fromEnd(intAttribute(node, 'axis', 0), first.length);
      return [...first.slice(0, axis), ...indices, ...first.slice(axis + 1)];
    }
    case 'DepthToSpace':
    case 'SpaceToDepth': {
      const block = intAttribute(node, 'blocksize', 1);
      const factor = node.opType === 'DepthToSpace' ? block : 1 / block;
      return first?.length === 4 ? times(first, [1, 1 / factor ** 2, factor, factor]) : null;
    }
    default:
      return null;
  }
}

/** Settings that are an attribute in older operator sets and an input in newer ones. */
function listed(node: NodeProto, inputs: ReshapeInputs, name: string, at: number): readonly number[] | null {
  return intsAttribute(node, name) ?? inputs.constant(at);
}

function reduced(node: NodeProto, shape: Shape, axes: readonly number[] | null): Shape {
  if (shape === null || (axes === null && node.input.length > 1)) return null;
  const gone = new Set((axes ?? shape.map((_, at) => at)).map((axis) => fromEnd(axis, shape.length)));
  const kept = intAttribute(node, 'keepdims', 1) === 1;
  return shape.flatMap((extent, at) => (gone.has(at) ? (kept ? [1] : []) : [extent]));
}

function padded(shape: Shape, pads: readonly number[] | null, axes: readonly number[] | null): Shape {
  if (shape === null || pads === null) return null;
  const along = axes?.map((axis) => fromEnd(axis, shape.length)) ?? shape.map((_, at) => at);
  if (pads.length !== 2 * along.length) return null;
  return shape.map((extent, axis) => {
    const at = along.indexOf(axis);
    return extent === null || at < 0 ? extent : extent + pads[at]! + pads[at + along.length]!;
  });
}

function sliced(node: NodeProto, shape: Shape, inputs: ReshapeInputs): Shape {
  const [starts, ends] = [listed(node, inputs, 'starts', 1), listed(node, inputs, 'ends', 2)];
  if (shape === null || starts === null || ends === null || starts.length !== ends.length) return null;
  const axes = listed(node, inputs, 'axes', 3) ?? (node.input[3] === undefined ? starts.map((_, at) => at) : null);
  const steps = inputs.constant(4) ?? (node.input[4] === undefined ? starts.map(() => 1) : null);
  if (axes === null || steps === null) return null;
  const along = axes.map((axis) => fromEnd(axis, shape.length));
  return shape.map((extent, axis) => {
    const at = along.indexOf(axis);
    if (at < 0 || extent === null) return extent;
    const step = steps[at] ?? 1;
    const within = (value: number, low: number, high: number) =>
      Math.min(high, Math.max(low, value < 0 ? value + extent : value));
    // Backwards the first voxel is the last to be reached, and the end stands before it.
    const [start, end] =
      step > 0
        ? [within(starts[at]!, 0, extent), within(ends[at]!, 0, extent)]
        : [within(starts[at]!, 0, extent - 1), within(ends[at]!, -1, extent - 1)];
    return Math.max(0, Math.ceil((end - start) / step));
  });
}

function resized(node: NodeProto, shape: Shape, inputs: ReshapeInputs): Shape {
  if (shape === null) return null;
  const older = node.opType === 'Upsample' || node.input.length === 2;
  const sizes = inputs.constant(3);
  const scales = attributeOf(node, 'scales')?.floats ?? inputs.constant(older ? 1 : 2);
  const axes = intsAttribute(node, 'axes')?.map((axis) => fromEnd(axis, shape.length)) ?? shape.map((_, at) => at);
  const policy = attributeOf(node, 'keep_aspect_ratio_policy') !== undefined;
  const told = sizes?.length === axes.length ? sizes : scales?.length === axes.length ? scales : null;
  if (told === null || policy) return null;
  return shape.map((extent, axis) => {
    const value = told[axes.indexOf(axis)];
    if (value === undefined) return extent;
    if (told === sizes) return value;
    return extent === null ? null : Math.floor(extent * value);
  });
}

function unsqueezed(shape: Shape, axes: readonly number[] | null): Shape {
  if (shape === null || axes === null) return null;
  const rank = shape.length + axes.length;
  const added = new Set(axes.map((axis) => fromEnd(axis, rank)));
  const rest = [...shape];
  return Array.from({ length: rank }, (_, at) => (added.has(at) ? 1 : (rest.shift() ?? null)));
}

function squeezed(shape: Shape, axes: readonly number[] | null): Shape {
  if (shape === null) return null;
  // Without axes all extents of 1 go; a free extent may be one.
  if (axes === null) return shape.includes(null) ? null : shape.filter((extent) => extent !== 1);
  const gone = new Set(axes.map((axis) => fromEnd(axis, shape.length)));
  return shape.filter((_, at) => !gone.has(at));
}

/** Reshape: 0 copies the extent, -1 takes what is left. */
function viewed(shape: Shape, wanted: readonly number[] | null, zeroIsZero: boolean): Shape {
  if (wanted === null) return null;
  const extents = wanted.map((extent, at) => (extent === 0 && !zeroIsZero ? (shape?.[at] ?? null) : extent));
  if (!extents.includes(-1)) return extents;
  const all = shape === null ? null : product(shape);
  const others = product(extents.filter((extent) => extent !== -1));
  const rest = all === null || others === null || others === 0 ? null : all / others;
  return extents.map((extent) => (extent === -1 ? (Number.isInteger(rest) ? rest : null) : extent));
}

/** Shapes of all parts of a Split. */
export function splitShapes(node: NodeProto, inputs: ReshapeInputs): readonly Shape[] {
  const shape = inputs.shapes[0] ?? null;
  if (shape === null) return [];
  const sizes = listed(node, inputs, 'split', 1);
  const axis = fromEnd(intAttribute(node, 'axis', 0), shape.length);
  const whole = shape[axis] ?? null;
  // Without sizes the parts are equal; where that does not come out, the last is the smaller one.
  const equal =
    sizes === null && node.input.length === 1 && whole !== null ? Math.ceil(whole / node.output.length) : null;
  return node.output.map((_, at) => {
    const rest = equal === null || whole === null ? null : Math.min(equal, Math.max(0, whole - at * equal));
    return shape.map((extent, along) => (along === axis ? (sizes?.[at] ?? rest) : extent));
  });
}

function times(shape: Shape, factors: readonly number[] | null | undefined): Shape {
  return shape?.map((extent, at) => (extent === null ? null : extent * (factors?.[at] ?? NaN))) ?? null;
}

function product(shape: readonly Extent[]): Extent {
  return shape.reduce<Extent>((all, extent) => (all === null || extent === null ? null : all * extent), 1);
}

function fromEnd(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
