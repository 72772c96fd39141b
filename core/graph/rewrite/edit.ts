import type { GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto } from '../onnx/types.ts';
import { createNode, type Attributes } from '../create.ts';
import { attributeOf, subgraphs } from '../attribute.ts';
import type { ElementType } from '../onnx/element-type.ts';
import { inferValues, type InputShapes } from '../inference/infer.ts';
import { unknownValue, type ValueType } from '../inference/value-type.ts';
import { createInts, createTensor, type TensorValues } from '../tensor/create.ts';
import { standardOpset } from '../standard-domain.ts';
import { allGraphs, allNodes } from '../walk.ts';

/** A model's main graph while passes rewrite it. The model it came from does not change. */
export class GraphEdit {
  readonly #model: ModelProto;
  readonly #graph: GraphProto;
  readonly #names: Set<string>;
  readonly #constants: Map<string, TensorProto>;
  readonly #added: TensorProto[] = [];
  readonly #released = new Set<string>();
  nodes: readonly NodeProto[];
  outputs: readonly ValueInfoProto[];

  readonly #values: ReadonlyMap<string, ValueType>;

  constructor(model: ModelProto, graph: GraphProto, inputShapes: InputShapes = {}) {
    this.#model = model;
    this.#graph = graph;
    this.nodes = graph.node;
    this.outputs = graph.output;
    this.#names = namesOf(model);
    this.#values = inferValues(graph, inputShapes);
    this.#constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
    // From IR version 4 on, an initialiser that is also an input is only a default: whoever runs the graph may feed another.
    if ((model.irVersion ?? 0n) >= 4n) for (const { name } of graph.input) this.#constants.delete(name);
    for (const node of graph.node) {
      const value = node.opType === 'Constant' ? attributeOf(node, 'value')?.t : undefined;
      if (value !== undefined && node.output[0] !== undefined) this.#constants.set(node.output[0], value);
    }
  }

  /** Version of the standard operators (domain `ai.onnx`); 0 where the model names none. */
  get opset(): number {
    return standardOpset(this.#model);
  }

  get valueInfo(): readonly ValueInfoProto[] {
    return this.#graph.valueInfo;
  }

  /** The value where it is constant (an initialiser, or made by a Constant node), else null. */
  constant(name: string | undefined): TensorProto | null {
    return name === undefined ? null : (this.#constants.get(name) ?? null);
  }

  /** What is known of a value of the graph as it came. */
  valueType(name: string | undefined): ValueType {
    return name === undefined ? unknownValue : (this.#values.get(name) ?? unknownValue);
  }

  /** Rank of what a convolution works on, from its weights or else its data; null where neither is known. */
  rankOf(node: NodeProto): number | null {
    const weights = this.constant(node.input[1]);
    return (
      weights?.dims.length ??
      (this.valueType(node.input[1]).shape ?? this.valueType(node.input[0]).shape)?.length ??
      null
    );
  }

  addTensor(stem: string, type: ElementType, dims: readonly number[], values: TensorValues): string {
    return this.#add(createTensor(this.freshName(stem), type, dims, values));
  }

  addInts(stem: string, values: readonly number[]): string {
    return this.#add(createInts(this.freshName(stem), values));
  }

  /** A node with one output, of a fresh name unless one is given. */
  node(opType: string, input: readonly string[], attributes: Attributes = {}, output?: string): NodeProto {
    const made = output ?? this.freshName(`${input[0] ?? ''}/${opType}`);
    return createNode({ opType, name: this.freshName(`${made}/node`), input, output: [made], attributes });
  }

  freshName(stem: string): string {
    for (let count = 0; ; count++) {
      const name = count === 0 ? stem : `${stem}_${count}`;
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      return name;
    }
  }

  /** The rewritten nodes no longer read these constants: those that nobody else reads go. */
  release(names: readonly string[]): void {
    for (const name of names) this.#released.add(name);
  }

  /** How often a value is read: by nodes, subgraphs and as an output. */
  uses(name: string): number {
    return usesOf(this.nodes, this.outputs).get(name) ?? 0;
  }

  finish(): ModelProto {
    const uses = usesOf(this.nodes, this.outputs);
    const gone = (name: string): boolean => this.#released.has(name) && !uses.has(name);
    const graph: GraphProto = {
      ...this.#graph,
      node: this.nodes.filter(({ opType, output }) => opType !== 'Constant' || !output.every(gone)),
      initializer: [...this.#graph.initializer, ...this.#added].filter(({ name }) => !gone(name)),
      // Until IR version 3 every initialiser is an input as well: without its value it would have to be fed.
      input: [...this.#graph.input.filter(({ name }) => !gone(name)), ...this.#inputsForAdded()],
      output: this.outputs,
      valueInfo: this.#graph.valueInfo.filter(({ name }) => uses.has(name)),
    };
    return { ...this.#model, graph };
  }

  #inputsForAdded(): readonly ValueInfoProto[] {
    if ((this.#model.irVersion ?? 0n) >= 4n) return [];
    return this.#added.map(({ name, dataType, dims }) => {
      const dim = Array.from(dims, (dimValue) => ({ dimValue }));
      return { name, type: { tensorType: { elemType: dataType ?? 0, shape: { dim } } }, metadataProps: [] };
    });
  }

  #add(tensor: TensorProto): string {
    this.#added.push(tensor);
    this.#constants.set(tensor.name, tensor);
    return tensor.name;
  }
}

function namesOf(model: ModelProto): Set<string> {
  const names = new Set<string>();
  for (const graph of allGraphs(model)) {
    for (const { name } of [...graph.input, ...graph.output, ...graph.initializer, ...graph.valueInfo]) names.add(name);
  }
  for (const { node } of allNodes(model)) {
    names.add(node.name);
    for (const name of [...node.input, ...node.output]) names.add(name);
  }
  return names;
}

function usesOf(nodes: readonly NodeProto[], outputs: readonly ValueInfoProto[]): Map<string, number> {
  const uses = new Map<string, number>();
  const use = (name: string): void => void uses.set(name, (uses.get(name) ?? 0) + 1);
  const visit = (list: readonly NodeProto[]): void => {
    for (const { input, attribute } of list) {
      input.forEach(use);
      for (const graph of attribute.flatMap(subgraphs)) {
        visit(graph.node);
        for (const { name } of graph.output) use(name);
      }
    }
  };
  visit(nodes);
  for (const { name } of outputs) use(name);
  return uses;
}
