import type { NodeProto } from '../onnx/types.ts';
import { biasData, constantData, type ConstantData } from '../rewrite/constant-data.ts';
import type { GraphEdit } from '../rewrite/edit.ts';
import { isStandard, nodePass, nodeTitle, type NodeOutcome } from '../rewrite/pass.ts';
import { sliceNode } from './crop.ts';
import { kernelIndex, subPixelAxis, type SubPixelAxis, type TransposedAxis } from './sub-pixel.ts';
import { groupsOf, transposedAxes } from './transposed-geometry.ts';

/**
 * 3-D ConvTranspose becomes a 2-D one on every slice: what a slice gives to its neighbours stands in channels of its own, the slices that meet
 * in one are stacked as channels before, and the new slices are laid one behind the other after. Slices move as whole blocks of memory.
 * ONNX Runtime's processor kernel spreads a volume value by value, but an image row by row: by slices it is two to four times faster.
 *
 * Any kernel, stride and padding; batch 1, one group, dilation 1, constant weights, extents that are known.
 */
export const convTransposeBySlice = nodePass('conv-transpose-by-slice', (node, edit) => {
  if (!isStandard(node, 'ConvTranspose') || edit.rankOf(node) !== 5 || edit.opset < 7 || groupsOf(node) !== 1)
    return null;
  const weights = constantData(edit, node.input[1]);
  const [batch, ...shape] = edit.valueType(node.input[0]).shape ?? [];
  if (weights?.shape.length !== 5 || weights.type !== 'float32' || batch !== 1 || shape.length !== 4) return null;
  const [inputs, ...extents] = shape.filter((extent) => extent !== null && extent > 0) as number[];
  const [channels, outputs, ...kernel] = weights.shape as [number, number, ...number[]];
  if (extents.length !== 3 || inputs !== channels || outputs < 1 || kernel.some((extent) => extent < 1)) return null;
  const axes = transposedAxes(node, kernel, extents);
  const bias = biasData(edit, node.input[2], outputs);
  if (typeof axes === 'string' || bias === null) return null;
  const lengths = axes.map(
    ({ kernel: size, stride, padHead, padTail, outputPadding }, at) =>
      stride * (extents[at]! - 1) + size + outputPadding - padHead - padTail,
  );
  if (lengths.some((length) => length < 1) || axes.some(({ padTail }) => padTail < 0)) return null;
  return rewrite(node, edit, { weights, bias, axes, extents, lengths });
});

interface Layer {
  readonly weights: ConstantData;
  readonly bias: ConstantData | 'none';
  readonly axes: readonly TransposedAxis[];
  /** Of the input and the output, [D, H, W]. */
  readonly extents: readonly number[];
  readonly lengths: readonly number[];
}

function rewrite(node: NodeProto, edit: GraphEdit, { weights, bias, axes, extents, lengths }: Layer): NodeOutcome {
  const [channels, outputs, depth] = weights.shape as [number, number, number, number, number];
  const plane = axes.slice(1);
  const along = subPixelAxis(axes[0]!);
  const { taps, stride } = along;
  const dims = [channels * taps, outputs * stride, ...plane.map(({ kernel }) => kernel)];
  const bytes = dims.reduce((product, extent) => product * extent, 4);
  if (!edit.reserve(bytes)) return null;

  const nodes: NodeProto[] = [];
  const put = (made: NodeProto): string => {
    nodes.push(made);
    return made.output[0]!;
  };
  const add = (opType: string, inputs: readonly string[], attributes = {}) =>
    put(edit.node(opType, inputs, attributes));
  const reshaped = (value: string, to: readonly number[]) =>
    add('Reshape', [value, edit.addInts(`${value}/shape`, to)]);
  const cut = (value: string, start: number, end: number) => put(sliceNode(edit, value, [{ axis: 0, start, end }]));

  const [d, h, w] = extents as [number, number, number];
  const moved = add('Transpose', [node.input[0]!], { perm: [0, 2, 1, 3, 4] });
  const slices = padded(reshaped(moved, [d, channels, h, w]));
  const steps = d + along.convHead + along.convTail - taps + 1;
  const parts = taps === 1 ? [slices] : Array.from({ length: taps }, (_, tap) => cut(slices, tap, tap + steps));
  const stacked = parts.length === 1 ? parts[0]! : add('Concat', parts, { axis: 1 });

  const title = nodeTitle(node);
  const constants = [edit.addTensor(`${title}/weights`, 'float32', dims, sliceWeights(weights, depth, along))];
  if (bias !== 'none')
    constants.push(edit.addTensor(`${title}/bias`, 'float32', [outputs * stride], repeated(bias, stride)));
  edit.release(node.input.slice(1));
  const spread = add('ConvTranspose', [stacked, ...constants], {
    kernel_shape: plane.map(({ kernel }) => kernel),
    strides: plane.map((axis) => axis.stride),
    pads: [...plane.map(({ padHead }) => padHead), ...plane.map(({ padTail }) => padTail)],
    output_padding: plane.map(({ outputPadding }) => outputPadding),
  });

  const [length, ...rows] = lengths;
  const every = reshaped(spread, [steps * stride, outputs, ...rows]);
  const wanted = length === steps * stride ? every : cut(every, along.cropHead, along.cropHead + length!);
  reshaped(add('Transpose', [wanted], { perm: [1, 0, 2, 3] }), [1, outputs, ...lengths]);
  const last = nodes.pop()!;
  const stackedText = taps === 1 ? '' : `, ${taps} slices stacked`;
  return {
    nodes: [...nodes, { ...last, output: node.output }],
    what: `2-D ConvTranspose of each slice to ${outputs * stride} channels${stackedText}`,
  };

  function padded(value: string): string {
    const pads = [along.convHead, 0, 0, 0, along.convTail, 0, 0, 0];
    if (along.convHead + along.convTail === 0) return value;
    return edit.opset < 11 ? add('Pad', [value], { pads }) : add('Pad', [value, edit.addInts(`${value}/pads`, pads)]);
  }
}

/** From [C, M, kD, kH, kW] to [taps x C, stride x M, kH, kW]; what a phase has no tap for stays 0. */
function sliceWeights({ bytes, shape }: ConstantData, depth: number, along: SubPixelAxis): Float32Array<ArrayBuffer> {
  const [channels, outputs, , ...plane] = shape as [number, number, number, number, number];
  const area = plane[0] * plane[1];
  const { taps, stride } = along;
  // Weights stand anywhere in a file: at a multiple of four bytes only in a copy.
  const from = new Float32Array(bytes.slice().buffer);
  const made = new Float32Array(taps * channels * stride * outputs * area);
  for (let tap = 0; tap < taps; tap++) {
    for (let phase = 0; phase < stride; phase++) {
      const slice = kernelIndex(along, depth, phase, tap);
      if (slice === null || slice < 0) continue;
      for (let c = 0; c < channels; c++) {
        for (let m = 0; m < outputs; m++) {
          const source = ((c * outputs + m) * depth + slice) * area;
          const target = (((tap * channels + c) * stride + phase) * outputs + m) * area;
          made.set(from.subarray(source, source + area), target);
        }
      }
    }
  }
  return made;
}

/** The bias once per phase. */
function repeated({ bytes }: ConstantData, phases: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(bytes.slice().buffer);
  const made = new Float32Array(values.length * phases);
  for (let phase = 0; phase < phases; phase++) made.set(values, phase * values.length);
  return made;
}
