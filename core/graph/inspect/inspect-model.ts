import { elementTypeOf, elementTypes, type ElementType } from '../onnx/element-type.ts';
import type { ModelProto, TensorProto, ValueInfoProto } from '../onnx/types.ts';
import type { Dimension } from '../create.ts';
import { elementCount, shapeOf } from '../tensor/shape.ts';
import { standardDomain } from '../standard-domain.ts';
import { allNodes, allTensors } from '../walk.ts';

/** An input or output of a model, as declared. */
export interface ModelValue {
  readonly name: string;
  /** Null: no tensor, or of a type that we do not know. */
  readonly type: ElementType | null;
  /** Names stand for free extents, null for one without a name; null instead of the list: of any rank. */
  readonly shape: readonly (Dimension | null)[] | null;
}

export interface ModelReport {
  readonly irVersion: number;
  readonly producer: string;
  /** Operator domains in use with their versions; `ai.onnx` is the standard one. */
  readonly opsets: Readonly<Record<string, number>>;
  /** What has to be fed: initialisers that are listed as inputs are left out. */
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  /** Operators, with how often each is used, most first; of other domains as `domain:Op`. */
  readonly operators: Readonly<Record<string, number>>;
  readonly nodes: number;
  /** Constant tensors, with their values' count and bytes. */
  readonly constants: { readonly tensors: number; readonly values: number; readonly bytes: number };
  readonly functions: number;
}

/** What a model is made of, for a person and for the checks before it is loaded. */
export function inspectModel(model: ModelProto): ModelReport {
  const graph = model.graph;
  const initialisers = new Set(graph?.initializer.map(({ name }) => name));
  const counts = new Map<string, number>();
  for (const { node } of allNodes(model)) {
    const name = standardDomain(node.domain) ? node.opType : `${node.domain}:${node.opType}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return {
    irVersion: Number(model.irVersion ?? 0n),
    producer: [model.producerName, model.producerVersion].filter(Boolean).join(' '),
    opsets: Object.fromEntries(
      model.opsetImport.map(({ domain = '', version = 0n }) => [domain === '' ? 'ai.onnx' : domain, Number(version)]),
    ),
    inputs: (graph?.input ?? []).filter(({ name }) => !initialisers.has(name)).map(described),
    outputs: (graph?.output ?? []).map(described),
    operators: Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))),
    nodes: [...counts.values()].reduce((sum, count) => sum + count, 0),
    constants: totals(allTensors(model)),
    functions: model.functions.length,
  };
}

function described({ name, type }: ValueInfoProto): ModelValue {
  const tensor = type?.tensorType;
  const shape = tensor?.shape?.dim.map(({ dimValue, dimParam }) => {
    if (dimValue !== undefined) return Number(dimValue);
    return dimParam === undefined || dimParam === '' ? null : dimParam;
  });
  return { name, type: elementTypeOf(tensor?.elemType), shape: shape ?? null };
}

function totals(tensors: Iterable<TensorProto>): ModelReport['constants'] {
  let [count, values, bytes] = [0, 0, 0];
  for (const tensor of tensors) {
    const elements = elementCount(shapeOf(tensor) ?? [0]);
    const type = elementTypeOf(tensor.dataType);
    count++;
    values += elements;
    bytes += Math.ceil((elements * ((type === null ? null : elementTypes[type].bits) ?? 0)) / 8);
  }
  return { tensors: count, values, bytes };
}
