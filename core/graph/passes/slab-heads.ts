import { attributeOf, intAttribute, intsAttribute, stringAttribute } from '../attribute.ts';
import type { Attributes } from '../create.ts';
import type { NodeProto } from '../onnx/types.ts';
import type { GraphEdit } from '../rewrite/edit.ts';
import { isStandard } from '../rewrite/pass.ts';
import { numbersOf } from '../tensor/numbers.ts';
import { groupsOf, transposedAxes } from './transposed-geometry.ts';

/** Adds a node with one output, whose name it returns. */
export type AddNode = (opType: string, input: readonly string[], attributes?: Attributes, name?: string) => string;

/** A layer that can be asked for a part of its output along D. */
export interface SlabHead {
  readonly channels: number;
  /** Slices `from` to `to` - 1 of the output, exactly as the whole layer gives them; their value's name. */
  readonly make: (add: AddNode, from: number, to: number) => string;
}

/** Part of an axis: the first position, and the one behind the last. */
type Range = readonly [from: number, to: number];

/**
 * The last layer of a graph as one that works slab by slab: a convolution, a transposed one, or a Resize by a power of two. Each reads the slices
 * that a slab looks at, and pads only where the volume ends.
 * @param depth extent of D of its output
 * @returns or why it cannot be taken apart
 */
export function slabHead(node: NodeProto, edit: GraphEdit, depth: number): SlabHead | string {
  const cut: Cut = (add, [from, to]) =>
    add('Slice', [node.input[0]!, ...[from, to, 2].map((at) => edit.addInts(`${node.input[0]!}/slab`, [at]))]);
  if (isStandard(node, 'Conv')) return convolution(node, edit, depth, cut);
  if (isStandard(node, 'ConvTranspose')) return transposedConvolution(node, edit, depth, cut);
  if (isStandard(node, 'Resize')) return enlargement(node, edit, depth, cut);
  return 'it is none of the layers that can be asked for a part';
}

/** Takes slices of what the layer reads. */
type Cut = (add: AddNode, range: Range) => string;

function convolution(node: NodeProto, edit: GraphEdit, depth: number, cut: Cut): SlabHead | string {
  const [channels, , ...kernel] = Array.from(edit.constant(node.input[1])?.dims ?? [], Number);
  if (channels === undefined || kernel.length !== 3) return 'its weights are no 3-D constant';
  const [strides, dilations] = ['strides', 'dilations'].map((name) => intsAttribute(node, name) ?? [1, 1, 1]);
  const pads = explicitPads(node, kernel, dilations!);
  if (strides!.length !== 3 || dilations!.length !== 3 || pads?.length !== 6)
    return 'its padding or its strides are not known';
  if (strides![0] !== 1) return 'it has a stride along the slices';
  const [head, tail] = [pads[0]!, pads[3]!];
  const reach = dilations![0]! * (kernel[0]! - 1);
  const read = depth + reach - head - tail;
  if (read < 1 || head < 0 || tail < 0 || head > reach || tail > reach) return 'it pads more than its kernel reaches';
  const plain = { kernel_shape: kernel, strides: strides!, dilations: dilations!, group: groupsOf(node) };
  return {
    channels,
    make(add, from, to) {
      const [low, high] = [from - head, to - head + reach];
      const slab = cut(add, [Math.max(0, low), Math.min(read, high)]);
      const own = pads.with(0, Math.max(0, -low)).with(3, Math.max(0, high - read));
      return add('Conv', [slab, ...node.input.slice(1)], { ...plain, pads: own });
    },
  };
}

/** `auto_pad` resolved, for strides of 1; null where it cannot be. */
function explicitPads(
  node: NodeProto,
  kernel: readonly number[],
  dilations: readonly number[],
): readonly number[] | null {
  const mode = stringAttribute(node, 'auto_pad', 'NOTSET');
  if (mode === 'NOTSET') return intsAttribute(node, 'pads') ?? [0, 0, 0, 0, 0, 0];
  if (mode === 'VALID') return [0, 0, 0, 0, 0, 0];
  if (intsAttribute(node, 'strides')?.some((stride) => stride !== 1) === true) return null;
  const totals = kernel.map((extent, axis) => (dilations[axis] ?? 1) * (extent - 1));
  const smaller = totals.map((total) => Math.floor(total / 2));
  const larger = totals.map((total) => Math.ceil(total / 2));
  return mode === 'SAME_UPPER' ? [...smaller, ...larger] : [...larger, ...smaller];
}

function transposedConvolution(node: NodeProto, edit: GraphEdit, depth: number, cut: Cut): SlabHead | string {
  const [, perGroup, ...kernel] = Array.from(edit.constant(node.input[1])?.dims ?? [], Number);
  if (perGroup === undefined || kernel.length !== 3) return 'its weights are no 3-D constant';
  if (intsAttribute(node, 'output_shape') !== null) return 'its output shape is fixed';
  const axes = transposedAxes(node, kernel, [null, null, null]);
  if (typeof axes === 'string') return axes;
  const [along, ...plane] = axes as [(typeof axes)[0], (typeof axes)[0], (typeof axes)[0]];
  const { kernel: extent, stride, padHead, padTail, outputPadding } = along;
  const read = (depth - extent - outputPadding + padHead + padTail) / stride + 1;
  if (!Number.isInteger(read) || read < 1) return 'its output has another depth';
  if (extent < stride || outputPadding > padTail) return 'some of its slices are made of nothing';
  const plain = {
    kernel_shape: kernel,
    strides: axes.map((axis) => axis.stride),
    group: groupsOf(node),
    pads: [0, ...plane.map((axis) => axis.padHead), 0, ...plane.map((axis) => axis.padTail)],
    output_padding: [0, ...plane.map((axis) => axis.outputPadding)],
  };
  return {
    channels: perGroup * groupsOf(node),
    make(add, from, to) {
      // Slices as they are before the pads are cut off; slice x of the input writes to those from x `stride` on.
      const [first, last] = [from + padHead, to - 1 + padHead];
      const low = Math.max(0, Math.ceil((first - extent + 1) / stride));
      const high = Math.min(read, Math.floor(last / stride) + 1);
      const made = add('ConvTranspose', [cut(add, [low, high]), ...node.input.slice(1)], plain);
      const bounds = [first - low * stride, last + 1 - low * stride, 2];
      return add('Slice', [made, ...bounds.map((at) => edit.addInts(`${node.output[0]!}/slab`, [at]))]);
    },
  };
}

function enlargement(node: NodeProto, edit: GraphEdit, depth: number, cut: Cut): SlabHead | string {
  const scales = numbersOf(edit.constant(node.input[2]) ?? undefined);
  const [batch, channel, factor = 0] = scales ?? [];
  const mode = stringAttribute(node, 'mode', 'nearest');
  const positions = stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel');
  const channels = edit.valueType(node.input[0]).shape?.[1] ?? null;
  if (
    edit.opset < 11 ||
    scales?.length !== 5 ||
    (node.input[3] ?? '') !== '' ||
    attributeOf(node, 'axes') !== undefined
  )
    return 'its scales are no constant';
  if (channels === null || batch !== 1 || channel !== 1) return 'its channels are not known';
  // Other factors round a position otherwise, the further it is from the beginning.
  if (factor < 1 || !Number.isInteger(Math.log2(factor))) return 'its factor along the slices is no power of two';
  if (!['nearest', 'linear'].includes(mode) || !['half_pixel', 'pytorch_half_pixel', 'asymmetric'].includes(positions))
    return `its mode is ${mode}, ${positions}`;
  const read = depth / factor;
  if (!Number.isInteger(read) || read < 2 || intAttribute(node, 'antialias', 0) === 1)
    return 'its output has another depth';
  const attributes = {
    mode,
    coordinate_transformation_mode: positions,
    nearest_mode: stringAttribute(node, 'nearest_mode', 'round_prefer_floor'),
  };
  return {
    channels,
    make(add, from, to) {
      // One slice more at either end: there a part of the volume would be extended as only the whole of it is.
      const [low, high] = [Math.max(0, Math.floor(from / factor) - 1), Math.min(read, Math.ceil(to / factor) + 1)];
      const made = add('Resize', [cut(add, [low, high]), ...node.input.slice(1)], attributes);
      const bounds = [from - low * factor, to - low * factor, 2];
      return add('Slice', [made, ...bounds.map((at) => edit.addInts(`${node.output[0]!}/slab`, [at]))]);
    },
  };
}
