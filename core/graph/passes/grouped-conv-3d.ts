import type { NodeProto } from '../onnx/types.ts';
import { biasData, constantData, type ConstantData } from '../rewrite/constant-data.ts';
import type { GraphEdit } from '../rewrite/edit.ts';
import { isStandard, nodePass, nodeTitle, type NodeOutcome } from '../rewrite/pass.ts';
import { blockWeights } from './block-weights.ts';
import { groupsOf } from './transposed-geometry.ts';

/**
 * Groups are gathered until a part reads this many input channels. One group per part does no needless work, but a
 * depthwise layer of 64 channels would be 64 small launches, each too small to fill a GPU; one dense convolution would
 * be one launch with 64 times the arithmetic. Sixteen channels divide the launches by up to 16, and bound the needless
 * arithmetic to 16 times the cheapest convolution that there is.
 */
const channelsPerPart = 16;

/** Beyond this a layer is no layer of a real network: 16,000 channels. */
const mostParts = 1024;

/**
 * Grouped and depthwise 3-D Conv becomes dense Convs over parts of the channels (Split, Conv, Concat), each part one
 * group, or several as a block-diagonal kernel; one part alone needs neither Split nor Concat. Constant weights.
 */
export const groupedConv3d = nodePass('grouped-conv-3d', (node, edit) => {
  if (!isStandard(node, 'Conv') || groupsOf(node) === 1 || edit.rankOf(node) !== 5) return null;
  const weights = constantData(edit, node.input[1]);
  return weights === null ? { because: 'its weights are not constant' } : rewrite(node, edit, weights);
});

function rewrite(node: NodeProto, edit: GraphEdit, weights: ConstantData): NodeOutcome {
  const [outputs, inputsPerGroup, ...kernel] = weights.shape as [number, number, ...number[]];
  const group = groupsOf(node);
  if (weights.shape.length !== 5 || weights.shape.includes(0) || group < 1 || outputs % group !== 0) {
    return { because: 'its weights do not fit its groups' };
  }
  const bias = biasData(edit, node.input[2], outputs);
  if (bias === null) return { because: 'its bias is not constant' };

  const perGroup = outputs / group;
  const perPart = Math.max(1, Math.floor(channelsPerPart / inputsPerGroup));
  const count = Math.ceil(group / perPart);
  if (count > mostParts) return { because: `it would become ${count} convolutions` };
  // Each part's kernel is so many times its share of the weights; one group alone is a view of them.
  const widening = Math.min(perPart, group);
  if (!edit.reserve(widening === 1 ? 0 : widening * weights.bytes.length)) {
    return { because: 'its weights would become too large' };
  }
  const parts = partition(group, perPart);
  const split = splitNode(
    edit,
    node.input[0]!,
    parts.map(({ count }) => count * inputsPerGroup),
  );
  const title = nodeTitle(node);
  const convs = parts.map(({ first, count }, at) => {
    const block = blockWeights({ ...weights, perGroup, inputsPerGroup, kernel, first, count });
    const dims = [count * perGroup, count * inputsPerGroup, ...kernel];
    const inputs = [split?.output[at] ?? node.input[0]!, edit.addTensor(`${title}/weights`, weights.type, dims, block)];
    if (bias !== 'none') inputs.push(biasPart(edit, `${title}/bias`, bias, first * perGroup, count * perGroup));
    // Strides, pads, dilations and the like stay as they were.
    return { ...edit.node('Conv', inputs), attribute: node.attribute.filter(({ name }) => name !== 'group') };
  });
  edit.release(node.input.slice(1));

  const what = parts.length === 1 ? `one dense Conv for ${group} groups` : `${parts.length} Convs for ${group} groups`;
  if (split === null) return { nodes: convs.map((conv) => ({ ...conv, output: node.output })), what };
  const values = convs.map(({ output }) => output[0]!);
  return { nodes: [split, ...convs, edit.node('Concat', values, { axis: 1 }, node.output[0])], what };
}

interface Part {
  /** First group, and how many. */
  readonly first: number;
  readonly count: number;
}

function partition(groups: number, perPart: number): readonly Part[] {
  return Array.from({ length: Math.ceil(groups / perPart) }, (_, at) => {
    const first = at * perPart;
    return { first, count: Math.min(perPart, groups - first) };
  });
}

/** Cuts the channels into parts; null where there is only one. */
function splitNode(edit: GraphEdit, value: string, channels: readonly number[]): NodeProto | null {
  if (channels.length === 1) return null;
  const output = channels.map(() => edit.freshName(`${value}/part`));
  // Until operator set 12 the sizes were an attribute.
  const node =
    edit.opset < 13
      ? edit.node('Split', [value], { axis: 1, split: channels }, output[0])
      : edit.node('Split', [value, edit.addInts(`${value}/sizes`, channels)], { axis: 1 }, output[0]);
  return { ...node, output };
}

function biasPart(edit: GraphEdit, stem: string, bias: ConstantData, first: number, count: number): string {
  const { bytes, bytesPerElement, type } = bias;
  const part = bytes.subarray(first * bytesPerElement, (first + count) * bytesPerElement);
  return edit.addTensor(stem, type, [count], part);
}
