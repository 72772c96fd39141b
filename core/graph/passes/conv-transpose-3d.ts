import type { NodeProto } from '../onnx/types.ts';
import { biasData, constantData, type ConstantData } from '../rewrite/constant-data.ts';
import type { GraphEdit } from '../rewrite/edit.ts';
import { isStandard, nodePass, nodeTitle, type NodeOutcome } from '../rewrite/pass.ts';
import { cropNodes } from './crop.ts';
import { interleaveNodes } from './interleave.ts';
import { subPixelAxis, type SubPixelAxis } from './sub-pixel.ts';
import { repeatedValues, subPixelWeights } from './sub-pixel-weights.ts';
import { groupsOf, transposedAxes } from './transposed-geometry.ts';

/**
 * 3-D ConvTranspose becomes Conv to stride^3 times the channels, the phases interleaved (Reshape, Transpose, Reshape) and
 * the edges cropped (Slice): exactly the same sums, in another order. Any kernel, stride, padding, output padding and
 * groups; dilation 1; constant weights. A grouped one becomes a grouped Conv, for the pass after this one.
 */
export const convTranspose3d = nodePass('conv-transpose-3d', (node, edit) => {
  if (!isStandard(node, 'ConvTranspose') || edit.rankOf(node) !== 5) return null;
  const weights = constantData(edit, node.input[1]);
  return weights === null ? { because: 'its weights are not constant' } : rewrite(node, edit, weights);
});

function rewrite(node: NodeProto, edit: GraphEdit, weights: ConstantData): NodeOutcome {
  const [inputChannels, outputsPerGroup, ...kernel] = weights.shape as [number, number, ...number[]];
  const group = groupsOf(node);
  const channels = outputsPerGroup * group;
  if (!fits(weights.shape, group)) return { because: 'its weights do not fit its groups' };
  if (edit.opset < 7) return { because: `operator set ${edit.opset} is too old` };
  const bias = biasData(edit, node.input[2], channels);
  if (bias === null) return { because: 'its bias is not constant' };
  const transposed = transposedAxes(node, kernel, edit.valueType(node.input[0]).shape?.slice(2) ?? []);
  if (typeof transposed === 'string') return { because: transposed };

  const axes = transposed.map(subPixelAxis);
  const strides = axes.map(({ stride }) => stride);
  const phases = strides.reduce((product, stride) => product * stride, 1);
  const taps = axes.map((axis) => axis.taps);
  const dims = [channels * phases, inputChannels / group, ...taps];
  if (!edit.reserve(bytesOf(dims, weights))) return { because: 'its weights would become too large' };
  const made = subPixelWeights({ ...weights, inputChannels, outputsPerGroup, group, kernel }, axes);
  const title = nodeTitle(node);
  const inputs = [node.input[0]!, edit.addTensor(`${title}/weights`, weights.type, dims, made)];
  if (bias !== 'none') {
    const repeated = repeatedValues(bias.bytes, bias.bytesPerElement, phases);
    inputs.push(edit.addTensor(`${title}/bias`, bias.type, [channels * phases], repeated));
  }
  edit.release(node.input.slice(1));

  const pads = [...axes.map(({ convHead }) => convHead), ...axes.map(({ convTail }) => convTail)];
  const conv = edit.node('Conv', inputs, { group, kernel_shape: taps, pads });
  const spread = phases === 1 ? [] : interleaveNodes(edit, conv.output[0]!, channels, strides);
  const whole = (spread.at(-1) ?? conv).output[0]!;
  const chain = [conv, ...spread, ...cropNodes(edit, whole, axes)];
  return { nodes: renamedLast(chain, node.output), what: described(axes, channels * phases) };
}

function bytesOf(shape: readonly number[], { bytesPerElement }: ConstantData): number {
  return shape.reduce((product, extent) => product * extent, bytesPerElement);
}

function fits(shape: readonly number[], group: number): boolean {
  return shape.length === 5 && !shape.includes(0) && group >= 1 && shape[0]! % group === 0;
}

/** The last node makes the value that the whole chain stands for. */
function renamedLast(nodes: readonly NodeProto[], output: readonly string[]): readonly NodeProto[] {
  return nodes.map((node, at) => (at === nodes.length - 1 ? { ...node, output } : node));
}

function described(axes: readonly SubPixelAxis[], channels: number): string {
  const interleaved = axes.some(({ stride }) => stride > 1) ? ', interleaved' : '';
  const cropped = axes.some(({ cropHead, cropTail }) => cropHead + cropTail > 0) ? ', cropped' : '';
  return `Conv ${axes.map(({ taps }) => taps).join('x')} to ${channels} channels${interleaved}${cropped}`;
}
