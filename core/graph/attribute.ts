import { OverreadError } from '../errors/index.ts';
import type { AttributeProto, GraphProto, NodeProto, TensorProto } from './onnx/types.ts';

/** AttributeProto.AttributeType, those that we write. */
const attributeType = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7 } as const;

/** Attributes that are floats say so: a plain number is an INT. */
class FloatValue {
  readonly value: number | readonly number[];
  constructor(value: number | readonly number[]) {
    this.value = value;
  }
}

export type AttributeValue =
  /** INT. */
  | number
  /** INTS. */
  | readonly number[]
  /** STRING. */
  | string
  /** FLOAT or FLOATS, made by `float`. */
  | FloatValue
  | { readonly tensor: TensorProto }
  | { readonly graph: GraphProto };

/** A FLOAT attribute, or FLOATS of an array: `{ epsilon: float(1e-5) }`. */
export function float(value: number | readonly number[]): AttributeValue {
  return new FloatValue(value);
}

/** @throws OverreadError `graph.invalid` where an INT is no whole number. */
export function createAttribute(name: string, value: AttributeValue): AttributeProto {
  const base = { name, floats: new Float32Array(0), ints: new BigInt64Array(0), strings: [], tensors: [], graphs: [] };
  if (typeof value === 'string') return { ...base, type: attributeType.string, s: new TextEncoder().encode(value) };
  if (typeof value === 'number') return { ...base, type: attributeType.int, i: whole(name, value) };
  if (value instanceof FloatValue) {
    return typeof value.value === 'number'
      ? { ...base, type: attributeType.float, f: Math.fround(value.value) }
      : { ...base, type: attributeType.floats, floats: Float32Array.from(value.value) };
  }
  if ('tensor' in value) return { ...base, type: attributeType.tensor, t: value.tensor };
  if ('graph' in value) return { ...base, type: attributeType.graph, g: value.graph };
  return { ...base, type: attributeType.ints, ints: BigInt64Array.from(value, (item) => whole(name, item)) };
}

function whole(name: string, value: number): bigint {
  if (Number.isSafeInteger(value)) return BigInt(value);
  throw new OverreadError('graph.invalid', { why: `attribute ${name} is ${value}, no whole number; say float(…)` });
}

/** The attribute of that name, or undefined. */
export function attributeOf(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((attribute) => attribute.name === name);
}

/** INT attribute, or `fallback` where absent. Values beyond 2^53 lose their last digits, which no operator minds. */
export function intAttribute<T extends number | null>(node: NodeProto, name: string, fallback: T): number | T {
  const value = attributeOf(node, name)?.i;
  return value === undefined ? fallback : Number(value);
}

/** INTS attribute, or null where absent. */
export function intsAttribute(node: NodeProto, name: string): readonly number[] | null {
  const attribute = attributeOf(node, name);
  return attribute === undefined ? null : Array.from(attribute.ints, Number);
}

/** STRING attribute, or `fallback` where absent. */
export function stringAttribute(node: NodeProto, name: string, fallback: string): string {
  const value = attributeOf(node, name)?.s;
  return value === undefined ? fallback : new TextDecoder().decode(value);
}

/** The graphs that an attribute holds: the branches of If, the bodies of Loop and Scan. */
export function subgraphs(attribute: AttributeProto): readonly GraphProto[] {
  return attribute.g === undefined ? attribute.graphs : [attribute.g, ...attribute.graphs];
}
