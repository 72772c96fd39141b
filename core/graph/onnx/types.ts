import type { Message } from '../wire/table.ts';

/**
 * The messages of an ONNX file (onnx.proto of ONNX 1.17 and IR version 10), those that graphs for inference use; fields
 * are named as there, in camel case. Messages are immutable: an edit makes new ones that share what did not change, the
 * weights above all. What is not described here (training, sparse tensors, quantisation notes) is carried along as
 * unknown fields.
 */

export interface ModelProto extends Message {
  readonly irVersion?: bigint;
  readonly producerName?: string;
  readonly producerVersion?: string;
  readonly domain?: string;
  readonly modelVersion?: bigint;
  readonly docString?: string;
  readonly graph?: GraphProto;
  readonly opsetImport: readonly OperatorSetIdProto[];
  readonly metadataProps: readonly StringStringEntryProto[];
  readonly functions: readonly FunctionProto[];
}

export interface GraphProto extends Message {
  readonly node: readonly NodeProto[];
  readonly name: string;
  readonly initializer: readonly TensorProto[];
  readonly docString?: string;
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
  readonly valueInfo: readonly ValueInfoProto[];
  readonly metadataProps: readonly StringStringEntryProto[];
}

export interface NodeProto extends Message {
  /** Value names; '' is an optional input left out. */
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly attribute: readonly AttributeProto[];
  readonly docString?: string;
  /** Operator set; '' is `ai.onnx`. */
  readonly domain: string;
  readonly metadataProps: readonly StringStringEntryProto[];
}

/** Exactly one of the value fields is in use: the one that `type` says (see `attributeType`). */
export interface AttributeProto extends Message {
  readonly name: string;
  readonly f?: number;
  readonly i?: bigint;
  /** UTF-8. */
  readonly s?: Uint8Array;
  readonly t?: TensorProto;
  readonly g?: GraphProto;
  readonly floats: Float32Array;
  readonly ints: BigInt64Array;
  readonly strings: readonly Uint8Array[];
  readonly tensors: readonly TensorProto[];
  readonly graphs: readonly GraphProto[];
  readonly docString?: string;
  readonly type?: number;
  readonly refAttrName?: string;
}

/** Values stand either in `rawData` (little-endian, row-major) or in the list field of their kind, or outside the file. */
export interface TensorProto extends Message {
  readonly dims: BigInt64Array;
  /** See `elementTypes`. */
  readonly dataType?: number;
  readonly floatData: Float32Array;
  readonly int32Data: Int32Array;
  readonly stringData: readonly Uint8Array[];
  readonly int64Data: BigInt64Array;
  readonly name: string;
  readonly rawData?: Uint8Array;
  readonly doubleData: Float64Array;
  readonly uint64Data: BigUint64Array;
  readonly docString?: string;
  readonly externalData: readonly StringStringEntryProto[];
  /** 1: the values stand in another file. */
  readonly dataLocation?: number;
  readonly metadataProps: readonly StringStringEntryProto[];
}

export interface ValueInfoProto extends Message {
  readonly name: string;
  readonly type?: TypeProto;
  readonly docString?: string;
  readonly metadataProps: readonly StringStringEntryProto[];
}

/** Sequences, maps and optionals stay unknown fields: no graph that we run has them at its border. */
export interface TypeProto extends Message {
  readonly tensorType?: TensorTypeProto;
  readonly denotation?: string;
}

export interface TensorTypeProto extends Message {
  readonly elemType?: number;
  /** Absent: the rank is unknown. */
  readonly shape?: TensorShapeProto;
}

export interface TensorShapeProto extends Message {
  readonly dim: readonly DimensionProto[];
}

/** Neither field: unknown. */
export interface DimensionProto extends Message {
  readonly dimValue?: bigint;
  readonly dimParam?: string;
  readonly denotation?: string;
}

export interface OperatorSetIdProto extends Message {
  readonly domain?: string;
  readonly version?: bigint;
}

export interface StringStringEntryProto extends Message {
  readonly key: string;
  readonly value: string;
}

export interface FunctionProto extends Message {
  readonly name: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly string[];
  readonly node: readonly NodeProto[];
  readonly docString?: string;
  readonly opsetImport: readonly OperatorSetIdProto[];
  readonly domain: string;
  readonly attributeProto: readonly AttributeProto[];
  readonly valueInfo: readonly ValueInfoProto[];
  readonly overload?: string;
  readonly metadataProps: readonly StringStringEntryProto[];
}
