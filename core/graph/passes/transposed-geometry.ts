import { intAttribute, intsAttribute, stringAttribute } from '../attribute.ts';
import type { NodeProto } from '../onnx/types.ts';
import type { TransposedAxis } from './sub-pixel.ts';

/** Extents of the input, where known; null where the graph leaves them free. */
export type SpatialShape = readonly (number | null)[];

const largest = 2 ** 31;

/**
 * The axes of a ConvTranspose node (ONNX operators, ConvTranspose-1 and -11), `auto_pad` and `output_shape` resolved to
 * pads; or why they cannot be. Where padding is odd, SAME_UPPER cuts the larger half at the tail and every other mode at
 * the head, as ONNX Runtime does.
 */
export function transposedAxes(
  node: NodeProto,
  kernel: readonly number[],
  input: SpatialShape,
): readonly TransposedAxis[] | string {
  const rank = kernel.length;
  const filled = (name: string, fallback: number, length = rank): readonly number[] =>
    intsAttribute(node, name) ?? new Array<number>(length).fill(fallback);
  const strides = filled('strides', 1);
  const pads = filled('pads', 0, 2 * rank);
  const outputPadding = filled('output_padding', 0);
  const outputShape = intsAttribute(node, 'output_shape')?.slice(-rank) ?? null;
  const listed = [strides, outputPadding, filled('dilations', 1), outputShape ?? strides];
  if (listed.some(({ length }) => length !== rank) || pads.length !== 2 * rank)
    return 'its attributes are of another rank';
  if (filled('dilations', 1).some((dilation) => dilation !== 1)) return 'it is dilated';
  if (strides.some((stride) => stride < 1)) return 'a stride is not positive';
  const numbers = [...strides, ...pads, ...outputPadding, ...(outputShape ?? [])];
  if (numbers.some((value) => value > largest)) return 'its attributes are beyond any real shape';
  if ([...pads, ...outputPadding].some((pad) => pad < 0)) return 'it has negative padding';

  const autoPad = stringAttribute(node, 'auto_pad', 'NOTSET');
  const axes = kernel.map((extent, at) => {
    const axis = { kernel: extent, stride: strides[at]!, outputPadding: outputPadding[at]! };
    if (outputShape === null) return { ...axis, ...padsWithoutShape(autoPad, axis, pads[at]!, pads[at + rank]!) };
    const length = input[at] ?? null;
    if (length === null) return null;
    const full = axis.stride * (length - 1) + extent + axis.outputPadding;
    const { padHead } = halves(autoPad, full - outputShape[at]!);
    return { ...axis, padHead, padTail: full - outputShape[at]! - padHead };
  });
  if (axes.some((axis) => axis === null)) return 'its output shape is fixed while its input shape is not known';
  return axes.filter((axis) => axis !== null);
}

type Pads = Pick<TransposedAxis, 'padHead' | 'padTail'>;

function padsWithoutShape(
  autoPad: string,
  { kernel, stride, outputPadding }: Omit<TransposedAxis, keyof Pads>,
  padHead: number,
  padTail: number,
): Pads {
  if (autoPad === 'NOTSET') return { padHead, padTail };
  if (autoPad === 'VALID') return { padHead: 0, padTail: 0 };
  return halves(autoPad, kernel + outputPadding - stride);
}

/** `total` positions to cut off, at head and tail; nothing where it is negative. */
function halves(autoPad: string, total: number): Pads {
  const cut = Math.max(0, total);
  const smaller = Math.floor(cut / 2);
  return autoPad === 'SAME_UPPER'
    ? { padHead: smaller, padTail: cut - smaller }
    : { padHead: cut - smaller, padTail: smaller };
}

export function groupsOf(node: NodeProto): number {
  return intAttribute(node, 'group', 1);
}
