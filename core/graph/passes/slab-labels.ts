import { intAttribute, intsAttribute } from '../attribute.ts';
import { createValueInfo, type Attributes } from '../create.ts';
import { elementTypes } from '../onnx/element-type.ts';
import type { ModelProto, NodeProto } from '../onnx/types.ts';
import { GraphEdit } from '../rewrite/edit.ts';
import { isStandard } from '../rewrite/pass.ts';

/** The label of every voxel of a slab that holds a logit which is no finite number. */
export const notFiniteLabel = 255;
/** Key of an output's metadata under which it says which of its values means that. */
export const saysNotFinite = 'overread.not-finite';

export interface SlabOptions {
  /** Name of the output, logits [1, C, D, H, W]. */
  readonly output: string;
  /** Extent of D, the same at every run. */
  readonly depth: number;
  readonly slabs: number;
}

/**
 * A model that chooses its labels itself, slab by slab along D: where the last node is a 1x1x1 Conv, its logits are made for one slab at a
 * time and gone when the next one comes, so that all classes of the whole window are never in memory. The output becomes labels,
 * [1, 1, D, H, W] uint8: channel n as n, the lower one where two are equal, `notFiniteLabel` where a logit of the slab is no number.
 * @returns null where the output is not made by such a Conv
 */
export function withSlabLabels(model: ModelProto, { output, depth, slabs }: SlabOptions): ModelProto | null {
  if (model.graph === undefined) return null;
  const edit = new GraphEdit(model, model.graph);
  const tail = tailOf(edit, output);
  const head = tail.at(-1);
  if (head === undefined || !isHead(head, edit)) return null;
  const made: NodeProto[] = [];
  const node = (opType: string, input: readonly string[], attributes: Attributes = {}, name?: string): string => {
    const created = edit.node(opType, input, attributes, name);
    made.push(created);
    return created.output[0]!;
  };
  const constants = {
    zero: edit.addTensor(`${output}/zero`, 'float32', [], Float32Array.of(0)),
    bad: edit.addTensor(`${output}/not-finite`, 'uint8', [], Uint8Array.of(notFiniteLabel)),
  };
  const thickness = Math.ceil(depth / slabs);
  const labels: string[] = [];
  for (let start = 0; start < depth; start += thickness) {
    const [from, to, axes] = [start, Math.min(depth, start + thickness), 2].map((at) =>
      edit.addInts(`${output}/slab`, [at]),
    );
    const slab = node('Slice', [head.input[0]!, from!, to!, axes!]);
    const logits = node('Conv', [slab, ...head.input.slice(1)]);
    const chosen = node('Cast', [node('ArgMax', [logits], { axis: 1, keepdims: 1 })], { to: elementTypes.uint8.code });
    // 0 times a sum is 0 unless something in it was NaN or infinite. All of a slab meets in one node, so that a runtime that goes from
    // the outputs backwards finishes a slab before it begins the next.
    const nothing = node('Mul', [node('ReduceSum', [logits], { keepdims: 1 }), constants.zero]);
    labels.push(node('Where', [node('Equal', [nothing, constants.zero]), chosen, constants.bad]));
  }
  node('Concat', labels, { axis: 2 }, output);
  const gone = new Set(tail);
  edit.nodes = edit.nodes.flatMap((other) => (other === head ? made : gone.has(other) ? [] : [other]));
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

/** From the output back: Identities, which only name, and the node that makes the logits; empty where something else reads them. */
function tailOf(edit: GraphEdit, output: string): readonly NodeProto[] {
  const tail: NodeProto[] = [];
  for (let value = output; edit.uses(value) === 1; value = tail.at(-1)!.input[0] ?? '') {
    const maker = edit.maker(value);
    if (maker === undefined) return [];
    tail.push(maker);
    if (!isStandard(maker, 'Identity')) return tail;
  }
  return [];
}

/** A 3-D Conv of kernel 1 over constant weights, and few enough channels. */
function isHead(node: NodeProto, edit: GraphEdit): boolean {
  const weights = edit.constant(node.input[1]);
  const zeros = (name: string): boolean => intsAttribute(node, name)?.every((value) => value === 0) ?? true;
  const ones = (name: string): boolean => intsAttribute(node, name)?.every((value) => value === 1) ?? true;
  return (
    isStandard(node, 'Conv') &&
    // Where compares bytes from here on, and Slice takes its bounds as inputs.
    edit.opset >= 11 &&
    weights?.dims.length === 5 &&
    weights.dims.slice(2).every((extent) => extent === 1n) &&
    weights.dims[0]! <= notFiniteLabel &&
    intAttribute(node, 'group', 1) === 1 &&
    zeros('pads') &&
    ones('strides')
  );
}
