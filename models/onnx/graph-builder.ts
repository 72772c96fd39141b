import { MessageWriter } from './protobuf.ts';

/** Name of a value in the graph: an input, a constant or the output of a node. */
export type Value = string;

export type Attribute = number | readonly number[] | string | { readonly float: number };

/** ONNX opset and file version written: what onnxruntime 1.20 and later read. */
const [OPSET, IR_VERSION] = [18, 9];
const elementType = { float32: 1, int64: 7 } as const;
const attributeType = { float: 1, int: 2, string: 3, ints: 7 } as const;

/**
 * Builds an ONNX model node by node (onnx.proto3 of the ONNX specification). Names are counted, never random, so the
 * same program gives the same bytes.
 */
export class GraphBuilder {
  private readonly name: string;
  private readonly nodes: MessageWriter[] = [];
  private readonly constants = new Map<string, Value>();
  private readonly initializers: MessageWriter[] = [];
  private readonly inputs: MessageWriter[] = [];
  private readonly outputs: MessageWriter[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** A float32 input; an axis is a length, or a name where the length is free. */
  input(name: string, shape: readonly (number | string)[]): Value {
    this.inputs.push(valueInfo(name, shape));
    return name;
  }

  /** Makes `value` a float32 output of that name. */
  output(name: string, value: Value, shape: readonly (number | string)[]): void {
    this.node('Identity', [value], [name]);
    this.outputs.push(valueInfo(name, shape));
  }

  /** Adds a node with one output. */
  op(type: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}): Value {
    const output = `${type}_${this.nodes.length}`;
    this.node(type, inputs, [output], attributes);
    return output;
  }

  floats(values: readonly number[], shape: readonly number[] = []): Value {
    return this.constant('float32', values, shape, new Uint8Array(Float32Array.from(values).buffer));
  }

  ints(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    return this.constant('int64', values, shape, new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer));
  }

  /** The ModelProto. */
  finish(): Uint8Array {
    const graph = new MessageWriter();
    for (const node of this.nodes) graph.message(1, node);
    graph.text(2, this.name);
    for (const initializer of this.initializers) graph.message(5, initializer);
    for (const input of this.inputs) graph.message(11, input);
    for (const output of this.outputs) graph.message(12, output);
    const opset = new MessageWriter().text(1, '').int(2, OPSET);
    return new MessageWriter().int(1, IR_VERSION).text(2, 'overread').message(7, graph).message(8, opset).finish();
  }

  private node(
    type: string,
    inputs: readonly Value[],
    outputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): void {
    const node = new MessageWriter();
    for (const input of inputs) node.text(1, input);
    for (const output of outputs) node.text(2, output);
    node.text(3, `${type}.${this.nodes.length}`).text(4, type);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attributeOf(name, value));
    this.nodes.push(node);
  }

  /** Equal constants are written once. */
  private constant(
    type: keyof typeof elementType,
    values: readonly number[],
    shape: readonly number[],
    raw: Uint8Array,
  ): Value {
    const key = `${type}[${shape.join()}](${values.join()})`;
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = `const_${this.constants.size}`;
    const tensor = new MessageWriter();
    for (const length of shape) tensor.int(1, length);
    this.initializers.push(tensor.int(2, elementType[type]).text(8, name).bytes(9, raw));
    this.constants.set(key, name);
    return name;
  }
}

function attributeOf(name: string, value: Attribute): MessageWriter {
  const attribute = new MessageWriter().text(1, name);
  if (typeof value === 'number') return attribute.int(3, value).int(20, attributeType.int);
  if (typeof value === 'string') return attribute.text(4, value).int(20, attributeType.string);
  if ('float' in value) return attribute.float(2, value.float).int(20, attributeType.float);
  for (const item of value) attribute.int(8, item);
  return attribute.int(20, attributeType.ints);
}

function valueInfo(name: string, shape: readonly (number | string)[]): MessageWriter {
  const dims = new MessageWriter();
  for (const axis of shape) {
    const dim = new MessageWriter();
    dims.message(1, typeof axis === 'number' ? dim.int(1, axis) : dim.text(2, axis));
  }
  const tensor = new MessageWriter().int(1, elementType.float32).message(2, dims);
  return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, tensor));
}
