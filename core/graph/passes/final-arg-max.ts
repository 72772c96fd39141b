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
    const gone = new Set<NodeProto>();
    const outputNames = new Set(edit.outputs.map((output) => output.name));
    const declared = new Map(edit.valueInfo.map((info) => [info.name, info]));
    const outputs = edit.outputs.map((output) => {
      const found = findTail(edit, output.name, outputNames);
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
      for (const node of tail) gone.add(node);
      return declared.get(value) ?? outputInfo(edit, value);
    });
    if (gone.size > 0) edit.nodes = edit.nodes.filter((node) => !gone.has(node));
    // Two outputs may have read one value.
    edit.outputs = [...new Map(outputs.map((output) => [output.name, output])).values()];
    return { applied, skipped: [], detached };
  },
};

/** ArgMax and the Casts (and Identities, which only name) between it and the output, where nothing else reads any of their values. */
function findTail(
  edit: GraphEdit,
  output: string,
  outputNames: ReadonlySet<string>,
): { readonly argMax: NodeProto; readonly tail: readonly NodeProto[] } | null {
  const tail = new Set<NodeProto>();
  for (let value = output, maker = edit.maker(value); ; maker = edit.maker(value)) {
    if (maker === undefined || tail.has(maker) || edit.uses(value) !== 1) return null;
    tail.add(maker);
    value = maker.input[0] ?? '';
    if (isStandard(maker, 'Identity') || labelType(maker) !== null) continue;
    // What it reads must be made by a node, and not be an output already.
    const made = edit.maker(value) !== undefined;
    const { type } = edit.valueType(value);
    const compared = type === 'float32' || type === 'float16';
    return isStandard(maker, 'ArgMax') && made && compared && !outputNames.has(value)
      ? { argMax: maker, tail: [...tail].reverse() }
      : null;
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
  const { type, shape } = edit.valueType(value);
  if (type === null) return { name: value, metadataProps: [] };
  const dims = shape?.map((extent, at): Dimension => extent ?? `${value}_${at}`) ?? null;
  return createValueInfo(value, type, dims);
}
