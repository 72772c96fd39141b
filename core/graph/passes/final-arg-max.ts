import { intAttribute } from '../attribute.ts';
import { createValueInfo, type Dimension } from '../create.ts';
import { elementTypeOf } from '../onnx/element-type.ts';
import type { NodeProto, ValueInfoProto } from '../onnx/types.ts';
import type { GraphEdit } from '../rewrite/edit.ts';
import { isStandard, type Applied, type Pass } from '../rewrite/pass.ts';
import type { DetachedArgMax, LabelType } from './detached-arg-max.ts';

const name = 'final-arg-max';

/**
 * An output made by ArgMax, with or without Casts after it, becomes the output of what ArgMax reads; the outcome says
 * what was taken off. ArgMax gives int64, which WebGPU lacks: its Cast would run on the CPU, the labels crossing over
 * eight bytes wide. Only for floats, which is what the engine compares.
 */
export const finalArgMax: Pass = {
  name,
  run(edit) {
    const applied: Applied[] = [];
    const detached: DetachedArgMax[] = [];
    const outputs = edit.outputs.map((output) => {
      const found = findTail(edit, output.name);
      if (found === null) return output;
      const { argMax, tail } = found;
      const value = argMax.input[0]!;
      const type = tail.map(labelType).findLast((made) => made !== null) ?? 'int64';
      detached.push({ kind: 'arg-max', output: output.name, replacedBy: value, type, ...settings(argMax) });
      applied.push({
        pass: name,
        node: output.name,
        what: `output ${value}, ${tail.map(({ opType }) => opType).join(' and ')} left to the engine`,
      });
      edit.nodes = edit.nodes.filter((node) => !tail.includes(node));
      return outputInfo(edit, value);
    });
    // Two outputs may have read one value.
    edit.outputs = [...new Map(outputs.map((output) => [output.name, output])).values()];
    return { applied, skipped: [], detached };
  },
};

/** ArgMax and the Casts (and Identities, which only name) between it and the output, where nothing else reads any of their values. */
function findTail(
  edit: GraphEdit,
  output: string,
): { readonly argMax: NodeProto; readonly tail: readonly NodeProto[] } | null {
  const tail: NodeProto[] = [];
  for (let value = output; ; value = tail[0]!.input[0]!) {
    const maker = edit.nodes.find((node) => node.output.includes(value));
    if (maker === undefined || tail.includes(maker) || edit.uses(value) !== 1) return null;
    tail.unshift(maker);
    if (isStandard(maker, 'Identity') || labelType(maker) !== null) continue;
    // What it reads must be made by a node, and not be an output already.
    const made = edit.nodes.some((node) => node.output.includes(maker.input[0] ?? ''));
    const alreadyOut = edit.outputs.some((other) => other.name === maker.input[0]);
    const { type } = edit.valueType(maker.input[0]);
    const compared = type === 'float32' || type === 'float16';
    return isStandard(maker, 'ArgMax') && made && compared && !alreadyOut ? { argMax: maker, tail } : null;
  }
}

/** What a Cast makes of labels; null for types that hold no labels (bool) or that no engine hands out. */
function labelType(node: NodeProto): LabelType | null {
  const type = isStandard(node, 'Cast') ? elementTypeOf(intAttribute(node, 'to', 0)) : null;
  return type === 'uint8' || type === 'int32' || type === 'int64' || type === 'float32' ? type : null;
}

function settings(node: NodeProto): Pick<DetachedArgMax, 'axis' | 'keepDims' | 'selectLastIndex'> {
  return {
    axis: intAttribute(node, 'axis', 0),
    keepDims: intAttribute(node, 'keepdims', 1) === 1,
    selectLastIndex: intAttribute(node, 'select_last_index', 0) === 1,
  };
}

/** Declared as far as it is known: the runtime infers the rest. */
function outputInfo(edit: GraphEdit, value: string): ValueInfoProto {
  const declared = edit.valueInfo.find((info) => info.name === value);
  if (declared !== undefined) return declared;
  const { type, shape } = edit.valueType(value);
  if (type === null) return { name: value, metadataProps: [] };
  const dims = shape?.map((extent, at): Dimension => extent ?? `${value}_${at}`) ?? null;
  return createValueInfo(value, type, dims);
}
