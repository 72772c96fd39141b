import { createValueInfo } from '../create.ts';
import type { InputShapes } from '../inference/infer.ts';
import { elementTypes } from '../onnx/element-type.ts';
import type { ModelProto, NodeProto } from '../onnx/types.ts';
import { GraphEdit } from '../rewrite/edit.ts';
import { nodeTitle } from '../rewrite/pass.ts';
import { slabHead, type AddNode } from './slab-heads.ts';
import { tailOf } from './slab-tail.ts';

/** The label of every voxel of a slab that holds a logit which is no finite number. */
export const notFiniteLabel = 255;
/** Key of an output's metadata under which it says which of its values means that. */
export const saysNotFinite = 'overread.not-finite';

export interface SlabOptions {
  /** Name of the output: logits [1, C, D, H, W], or labels that the graph itself chooses from such. */
  readonly output: string;
  /** Extent of D, the same at every run. */
  readonly depth: number;
  readonly slabs: number;
  /** Shapes that are fed, where the file leaves extents free. */
  readonly inputShapes?: InputShapes;
}

/**
 * A model that chooses its labels itself, slab by slab along D: the last layer (a convolution of any kernel, a transposed one, or a Resize; see
 * `slabHead`) and what it does voxel by voxel behind it are made for one slab at a time and gone when the next one comes, so that all classes
 * of the whole window are never in memory. The output becomes labels, [1, 1, D, H, W] uint8: channel n as n, the lower one where two are equal,
 * `notFiniteLabel` where a logit of the slab is no number.
 * @returns or why it cannot, naming the node
 */
export function withSlabLabels(
  model: ModelProto,
  { output, depth, slabs, inputShapes = {} }: SlabOptions,
): ModelProto | { readonly because: string } {
  if (model.graph === undefined) return { because: 'there is no graph' };
  const edit = new GraphEdit(model, model.graph, inputShapes);
  // Where compares bytes from there on, and Slice takes its bounds as inputs.
  if (edit.opset < 11) return { because: `operator set ${edit.opset} is older than 11` };
  const tail = tailOf(edit, output);
  if (typeof tail === 'string') return { because: tail };
  const head = slabHead(tail.head, edit, depth);
  const because = (why: string) => ({ because: `node '${nodeTitle(tail.head)}' (${tail.head.opType}): ${why}` });
  if (typeof head === 'string') return because(head);
  if (head.channels > notFiniteLabel) return because(`it has more than ${notFiniteLabel} channels`);

  const made: NodeProto[] = [];
  const add: AddNode = (opType, input, attributes = {}, name) => {
    const node = edit.node(opType, input, attributes, name);
    made.push(node);
    return node.output[0]!;
  };
  const constants = {
    zero: edit.addTensor(`${output}/zero`, 'float32', [], Float32Array.of(0)),
    bad: edit.addTensor(`${output}/not-finite`, 'uint8', [], Uint8Array.of(notFiniteLabel)),
  };
  // A sum of half-precision numbers would soon be beyond them.
  const isSingle = edit.valueType(tail.head.input[0]).type === 'float32';
  const thickness = Math.ceil(depth / slabs);
  const labels: string[] = [];
  for (let start = 0; start < depth; start += thickness) {
    let logits = head.make(add, start, Math.min(depth, start + thickness));
    let before = tail.head.output[0]!;
    for (const node of tail.after) {
      const copy = edit.node(
        node.opType,
        node.input.map((name) => (name === before ? logits : name)),
      );
      made.push({ ...copy, attribute: node.attribute });
      [logits, before] = [copy.output[0]!, node.output[0]!];
    }
    const chosen = add('Cast', [add('ArgMax', [logits], { axis: 1, keepdims: 1 })], { to: elementTypes.uint8.code });
    // 0 times a sum is 0 unless something in it was NaN or infinite. All of a slab meets in one node, so that a runtime that goes from
    // the outputs backwards finishes a slab before it begins the next.
    const summed = isSingle ? logits : add('Cast', [logits], { to: elementTypes.float32.code });
    const nothing = add('Mul', [add('ReduceSum', [summed], { keepdims: 1 }), constants.zero]);
    labels.push(add('Where', [add('Equal', [nothing, constants.zero]), chosen, constants.bad]));
  }
  add('Concat', labels, { axis: 2 }, output);
  const [last] = tail.nodes;
  edit.nodes = edit.nodes.flatMap((other) => (other === last ? made : tail.nodes.has(other) ? [] : [other]));
  edit.outputs = edit.outputs.map((info) =>
    info.name === output
      ? {
          ...createValueInfo(output, 'uint8', [1, 1, depth, 'H', 'W']),
          metadataProps: [{ key: saysNotFinite, value: String(notFiniteLabel) }],
        }
      : info,
  );
  return edit.finish();
}
