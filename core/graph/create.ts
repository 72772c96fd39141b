import { createAttribute, type AttributeValue } from './attribute.ts';
import { elementTypes, type ElementType } from './onnx/element-type.ts';
import type { NodeProto, ValueInfoProto } from './onnx/types.ts';

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A fixed extent, or a name for one that is free. */
export type Dimension = number | string;

export interface NodeParts {
  readonly opType: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attributes?: Attributes;
  readonly domain?: string;
}

export function createNode({ opType, name, input, output, attributes = {}, domain = '' }: NodeParts): NodeProto {
  const attribute = Object.entries(attributes).map(([key, value]) => createAttribute(key, value));
  return { opType, name, input, output, attribute, domain, metadataProps: [] };
}

/** The declared type of a value; `dims` null: of any shape. */
export function createValueInfo(name: string, type: ElementType, dims: readonly Dimension[] | null): ValueInfoProto {
  const elemType = elementTypes[type].code;
  if (dims === null) return { name, type: { tensorType: { elemType } }, metadataProps: [] };
  const dim = dims.map((extent) => (typeof extent === 'string' ? { dimParam: extent } : { dimValue: BigInt(extent) }));
  return { name, type: { tensorType: { elemType, shape: { dim } } }, metadataProps: [] };
}
