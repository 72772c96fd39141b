import { OverreadError } from '../../errors/index.ts';
import type { GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto } from '../onnx/types.ts';
import { createNode, type Attributes } from '../create.ts';
import { attributeOf, subgraphs } from '../attribute.ts';
import type { ElementType } from '../onnx/element-type.ts';
import { inferValues, type InputShapes } from '../inference/infer.ts';
import { unknownValue, type ValueType } from '../inference/value-type.ts';
import { createInts, createTensor, type TensorValues } from '../tensor/create.ts';
import { standardOpset } from '../standard-domain.ts';
import { allGraphs, allNodes, allTensors } from '../walk.ts';

/** A model's main graph while passes rewrite it. The model it came from does not change. */
export class GraphEdit {
  readonly #model: ModelProto;
  readonly #graph: GraphProto;
  readonly #names: Set<string>;
  /** The count that a stem's next fresh name begins to look at. */
  readonly #counts = new Map<string, number>();
  readonly #constants: Map<string, TensorProto>;
  readonly #added: TensorProto[] = [];
  readonly #released = new Set<string>();
  readonly #values: ReadonlyMap<string, ValueType>;
  #nodesLeft = mostMade;
  #bytesLeft: number;
  #uses: { readonly of: readonly unknown[]; readonly uses: ReadonlyMap<string, number> } | null = null;
  #makers: { readonly of: readonly NodeProto[]; readonly makers: ReadonlyMap<string, NodeProto> } | null = null;
  /** Version of the standard operators (domain `ai.onnx`); 0 where the model names none. */
  readonly opset: number;
  nodes: readonly NodeProto[];
  outputs: readonly ValueInfoProto[];

  constructor(model: ModelProto, graph: GraphProto, inputShapes: InputShapes = {}) {
    this.#model = model;
    this.#graph = graph;
    this.nodes = graph.node;
    this.outputs = graph.output;
    this.opset = standardOpset(model);
    this.#names = namesOf(model);
    this.#values = inferValues(graph, inputShapes);
    this.#bytesLeft = freeBytes + growth * storedBytes(model);
    this.#constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
    // From IR version 4 on, an initialiser that is also an input is only a default: whoever runs the graph may feed another.
    if ((model.irVersion ?? 0n) >= 4n) for (const { name } of graph.input) this.#constants.delete(name);
    for (const node of graph.node) {
      const value = node.opType === 'Constant' ? attributeOf(node, 'value')?.t : undefined;
      if (value !== undefined && node.output[0] !== undefined) this.#constants.set(node.output[0], value);
    }
  }

  /** What the graph itself declares of values that are neither inputs nor outputs. */
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

  /**
   * Whether constants of so many bytes may be made; those that may are counted. Extents come from a file that nobody vouches for: many nodes
   * that share one kernel, or a stride of hundreds, would make gigabytes of a few kilobytes.
   */
  reserve(bytes: number): boolean {
    if (!(bytes <= Math.min(largestConstant, this.#bytesLeft))) return false;
    this.#bytesLeft -= bytes;
    return true;
  }

  /**
   * A node with one output, of a fresh name unless one is given.
   * @throws OverreadError `graph.over-limit` where rewriting makes more nodes than any real network needs
   */
  node(opType: string, input: readonly string[], attributes: Attributes = {}, output?: string): NodeProto {
    if (--this.#nodesLeft < 0) {
      const details = { what: 'nodes', found: mostMade + 1, limit: mostMade };
      throw new OverreadError('graph.over-limit', {
        why: `rewriting it would make more than ${mostMade} nodes`,
        details,
      });
    }
    const made = output ?? this.freshName(`${input[0] ?? ''}/${opType}`);
    return createNode({ opType, name: this.freshName(`${made}/node`), input, output: [made], attributes });
  }

  freshName(stem: string): string {
    for (let count = this.#counts.get(stem) ?? 0; ; count++) {
      const name = count === 0 ? stem : `${stem}_${count}`;
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      this.#counts.set(stem, count + 1);
      return name;
    }
  }

  /** The rewritten nodes no longer read these constants: those that nobody else reads go. */
  release(names: readonly string[]): void {
    for (const name of names) this.#released.add(name);
  }

  /** How often a value is read: by nodes, subgraphs and as an output. */
  uses(name: string): number {
    return this.#allUses().get(name) ?? 0;
  }

  /** The node that makes a value; undefined for inputs, initialisers and names of nothing. */
  maker(name: string): NodeProto | undefined {
    if (this.#makers?.of !== this.nodes) {
      const makers = new Map<string, NodeProto>();
      for (const node of this.nodes) for (const made of node.output) makers.set(made, node);
      this.#makers = { of: this.nodes, makers };
    }
    // An output left out is made by nobody.
    return name === '' ? undefined : this.#makers.makers.get(name);
  }

  finish(): ModelProto {
    const uses = this.#allUses();
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

  /** Counted anew once nodes or outputs are others. */
  #allUses(): ReadonlyMap<string, number> {
    const of = [this.nodes, this.outputs];
    if (this.#uses === null || this.#uses.of.some((list, at) => list !== of[at])) {
      this.#uses = { of, uses: usesOf(this.nodes, this.outputs) };
    }
    return this.#uses.uses;
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

/** Nodes that rewriting makes at most; a depthwise network of a thousand channels and sixty layers needs 4,000. */
const mostMade = 20_000;
/** Of one constant that is made, bytes; real layers stay far below. */
const largestConstant = 2 ** 30;
/** All of them together take so many bytes, and so many times what the file's own take: a depthwise kernel becomes 16 times as large, others less. */
const freeBytes = 2 ** 26;
const growth = 32;

function storedBytes(model: ModelProto): number {
  let bytes = 0;
  for (const { rawData, floatData, int32Data, doubleData } of allTensors(model)) {
    bytes += rawData?.length ?? floatData.byteLength + int32Data.byteLength + doubleData.byteLength;
  }
  return bytes;
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
