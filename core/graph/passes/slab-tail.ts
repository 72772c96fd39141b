import { intAttribute } from '../attribute.ts';
import type { NodeProto } from '../onnx/types.ts';
import type { GraphEdit } from '../rewrite/edit.ts';
import { isStandard, nodeTitle } from '../rewrite/pass.ts';
import { standardDomain } from '../standard-domain.ts';

/** What stands at the end of a graph, from the layer that makes logits on. */
export interface Tail {
  readonly head: NodeProto;
  /** What changes each voxel by itself, in the order in which it is done. */
  readonly after: readonly NodeProto[];
  /** All of it from the last node on, the graph's own choice of labels included: what makes way. */
  readonly nodes: ReadonlySet<NodeProto>;
}

/** Each voxel by itself. */
const pointwise = new Set(
  'Abs BatchNormalization Clip Elu Exp HardSigmoid HardSwish Identity LeakyRelu Log Neg PRelu Relu Sigmoid Softplus Sqrt Tanh'.split(
    ' ',
  ),
);
/** With a constant. */
const combining = new Set(['Add', 'Div', 'Mul', 'Sub']);

/**
 * From an output of logits or labels back to the layer that its logits come from.
 * @returns or why labels cannot be chosen part by part, naming the node
 */
export function tailOf(edit: GraphEdit, output: string): Tail | string {
  const nodes = new Set<NodeProto>();
  const after: NodeProto[] = [];
  let choosing = endsInChoice(edit, output);
  for (let value = output; ;) {
    const node = edit.maker(value);
    if (node === undefined) return `nothing makes '${value}'`;
    const because = (why: string): string => `node '${nodeTitle(node)}' (${node.opType}): ${why}`;
    if (edit.uses(value) !== 1) return because('something else reads what it makes');
    if (nodes.has(node)) return because('it reads what it makes');
    nodes.add(node);
    if (choosing) {
      if (isStandard(node, 'ArgMax')) {
        if (!isChannel(node, 0) || intAttribute(node, 'select_last_index', 0) === 1)
          return because('it chooses otherwise than by the first highest channel');
        choosing = false;
      }
      value = node.input[0] ?? '';
      continue;
    }
    const carried = carriedInput(node, edit);
    if (carried === null) return { head: node, after: after.toReversed(), nodes };
    if (typeof carried !== 'string') return because(carried.because);
    after.push(node);
    value = carried;
  }
}

/** Whether an ArgMax, with or without Casts after it, makes the output. */
function endsInChoice(edit: GraphEdit, output: string): boolean {
  const seen = new Set<NodeProto>();
  for (let node = edit.maker(output); node !== undefined && !seen.has(node); node = edit.maker(node.input[0] ?? '')) {
    seen.add(node);
    if (isStandard(node, 'ArgMax')) return true;
    if (!isStandard(node, 'Cast') && !isStandard(node, 'Identity')) return false;
  }
  return false;
}

/** The value that a node changes voxel by voxel; null where it is a layer of its own. */
function carriedInput(node: NodeProto, edit: GraphEdit): string | { readonly because: string } | null {
  const { opType, input } = node;
  if (!standardDomain(node.domain)) return null;
  if (opType === 'Softmax' || opType === 'LogSoftmax') {
    // Until operator set 12 it went over all axes from its own on.
    return edit.opset >= 13 && isChannel(node, -1)
      ? (input[0] ?? '')
      : { because: 'it works along more than the channels' };
  }
  if (!pointwise.has(opType) && !combining.has(opType)) return null;
  const others = input.filter((name) => name !== '' && edit.constant(name) === null);
  const [carried] = others;
  if (carried === undefined || others.length !== 1) return { because: 'it joins values that are made apart' };
  // Statistics and scales of a normalization are a list, one number per channel.
  const shaped = opType === 'BatchNormalization' ? [] : input.filter((name) => name !== '' && name !== carried);
  const differs = shaped.some((name) =>
    edit
      .constant(name)!
      .dims.slice(-3)
      .some((extent) => extent !== 1n),
  );
  return differs ? { because: 'its constant differs from voxel to voxel' } : carried;
}

/** Along the channels of a volume [N, C, D, H, W]. */
function isChannel(node: NodeProto, fallback: number): boolean {
  const axis = intAttribute(node, 'axis', fallback);
  return axis === 1 || axis === -4;
}
