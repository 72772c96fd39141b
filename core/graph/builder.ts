import { OverreadError } from '../errors/index.ts';
import { createNode, createValueInfo, type Attributes, type Dimension } from './create.ts';
import type { ElementType } from './onnx/element-type.ts';
import type { GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto } from './onnx/types.ts';
import { createInts, createTensor, type TensorValues } from './tensor/create.ts';
import { writeModel } from './write-model.ts';

export interface BuilderOptions {
  /** Version of the standard operators (domain `ai.onnx`). */
  readonly opset?: number;
  readonly producerName?: string;
  readonly producerVersion?: string;
  /** Other operator domains in use, with their versions: `{ 'com.microsoft': 1 }`. */
  readonly domains?: Readonly<Record<string, number>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** ONNX 1.12: everything since reads it. */
const irVersion = 8n;
const defaultOpset = 17;

/**
 * Builds an ONNX model node by node. Every call returns the name of the value it makes, to be passed on as an input.
 * The same calls give the same names and the same bytes.
 *
 * ```ts
 * const graph = new GraphBuilder('smooth');
 * const x = graph.input('input', 'float32', [1, 1, 'D', 'H', 'W']);
 * const w = graph.initializer('kernel', 'float32', [1, 1, 3, 3, 3], weights);
 * graph.output(graph.node('Conv', [x, w], { pads: [1, 1, 1, 1, 1, 1] }), 'float32', [1, 1, 'D', 'H', 'W'], 'output');
 * const bytes = graph.toBytes();
 * ```
 */
export class GraphBuilder {
  readonly #name: string;
  readonly #options: BuilderOptions;
  readonly #taken = new Set<string>();
  readonly #counts = new Map<string, number>();
  readonly #nodes: NodeProto[] = [];
  readonly #initialisers: TensorProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #unnamed = new Map<string, string>();

  constructor(name: string, options: BuilderOptions = {}) {
    this.#name = name;
    this.#options = options;
  }

  get opset(): number {
    return this.#options.opset ?? defaultOpset;
  }

  /** An input of the graph; `dims` may name free extents. */
  input(name: string, type: ElementType, dims: readonly Dimension[]): string {
    this.#inputs.push(createValueInfo(this.#claim(name), type, dims));
    return name;
  }

  /** Constant values, row-major. They are not copied: do not change them afterwards. */
  initializer(name: string, type: ElementType, dims: readonly number[], values: TensorValues): string {
    this.#initialisers.push(createTensor(this.#claim(name), type, dims, values));
    return name;
  }

  /** A one-dimensional int64 constant: a shape, axes, starts. Equal ones without a name are written once. */
  ints(values: readonly number[], name?: string): string {
    return this.#constant('ints', values.join(), name, (own) => createInts(own, values));
  }

  /** A scalar float32 constant. Equal ones without a name are written once. */
  scalar(value: number, name?: string): string {
    const key = Object.is(value, -0) ? '-0' : String(value);
    return this.#constant('scalar', key, name, (own) => createTensor(own, 'float32', [], Float32Array.of(value)));
  }

  /** A scalar int64 constant, as Range and Gather take. Equal ones without a name are written once. */
  int(value: number, name?: string): string {
    return this.#constant('int', String(value), name, (own) =>
      createTensor(own, 'int64', [], BigInt64Array.of(BigInt(value))),
    );
  }

  /** A node with one output, whose name it returns; name that value by `output`. */
  node(opType: string, inputs: readonly string[], attributes: Attributes = {}, output?: string): string {
    const name = output ?? this.#fresh(opType.slice(opType.lastIndexOf(':') + 1).toLowerCase());
    this.nodeWithOutputs(opType, inputs, [name], attributes);
    return name;
  }

  /** A node with the outputs named; `domain:Op` names an operator of another domain. Inputs left out are ''. */
  nodeWithOutputs(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Attributes = {},
  ): readonly string[] {
    for (const input of inputs) {
      if (input !== '' && !this.#taken.has(input)) {
        throw new OverreadError('graph.invalid', { why: `${opType} reads ${input}, which nothing has made` });
      }
    }
    for (const output of outputs) this.#claim(output);
    const colon = opType.lastIndexOf(':');
    const [domain, op] = colon < 0 ? ['', opType] : [opType.slice(0, colon), opType.slice(colon + 1)];
    const name = `node_${this.#nodes.length}_${op}`;
    this.#nodes.push(createNode({ opType: op, name, input: inputs, output: outputs, attributes, domain }));
    return outputs;
  }

  /** Declares a value as an output of the graph; with `name`, under that name (by an Identity node). */
  output(value: string, type: ElementType, dims: readonly Dimension[] | null, name: string = value): string {
    if (!this.#taken.has(value)) {
      throw new OverreadError('graph.invalid', { why: `the output ${value} is made by nothing` });
    }
    if (name !== value) this.node('Identity', [value], {}, name);
    this.#outputs.push(createValueInfo(name, type, dims));
    return name;
  }

  /** The graph alone, for a subgraph attribute. */
  toGraph(): GraphProto {
    return {
      node: [...this.#nodes],
      name: this.#name,
      initializer: [...this.#initialisers],
      input: [...this.#inputs],
      output: [...this.#outputs],
      valueInfo: [],
      metadataProps: [],
    };
  }

  toModel(): ModelProto {
    const { producerName = 'Overread', producerVersion, domains = {}, metadata = {} } = this.#options;
    return {
      irVersion,
      producerName,
      ...(producerVersion !== undefined && { producerVersion }),
      graph: this.toGraph(),
      opsetImport: Object.entries({ '': this.opset, ...domains }).map(([domain, version]) => ({
        domain,
        version: BigInt(version),
      })),
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      functions: [],
    };
  }

  toBytes(): Uint8Array {
    return writeModel(this.toModel());
  }

  #constant(stem: string, key: string, name: string | undefined, create: (name: string) => TensorProto): string {
    const known = name === undefined ? this.#unnamed.get(`${stem} ${key}`) : undefined;
    if (known !== undefined) return known;
    const own = this.#claim(name ?? this.#fresh(stem));
    this.#initialisers.push(create(own));
    if (name === undefined) this.#unnamed.set(`${stem} ${key}`, own);
    return own;
  }

  #claim(name: string): string {
    if (name === '' || this.#taken.has(name)) {
      throw new OverreadError('graph.invalid', { why: `the name "${name}" is taken` });
    }
    this.#taken.add(name);
    return name;
  }

  #fresh(stem: string): string {
    for (;;) {
      const count = (this.#counts.get(stem) ?? 0) + 1;
      this.#counts.set(stem, count);
      const name = `${stem}_${count}`;
      if (!this.#taken.has(name)) return name;
    }
  }
}
