import type {
  AttributeProto,
  DimensionProto,
  FunctionProto,
  GraphProto,
  ModelProto,
  NodeProto,
  OperatorSetIdProto,
  StringStringEntryProto,
  TensorProto,
  TensorShapeProto,
  TensorTypeProto,
  TypeProto,
  ValueInfoProto,
} from './types.ts';
import {
  bytes,
  bytesList,
  message,
  messages,
  nameString,
  number,
  numbers,
  packed,
  string,
  strings,
  table,
  type Table,
} from '../wire/table.ts';

/** Field numbers and kinds of onnx.proto, for the messages of `types.ts`. */

const entry = table<StringStringEntryProto>('StringStringEntryProto', { key: nameString(1), value: nameString(2) });

const operatorSet = table<OperatorSetIdProto>('OperatorSetIdProto', {
  domain: string(1),
  version: number(2, 'int64'),
});

const dimension = table<DimensionProto>('Dimension', {
  dimValue: number(1, 'int64'),
  dimParam: string(2),
  denotation: string(3),
});

const shape = table<TensorShapeProto>('TensorShapeProto', { dim: messages(1, () => dimension) });

const tensorType = table<TensorTypeProto>('TypeProto.Tensor', {
  elemType: number(1, 'int32'),
  shape: message(2, () => shape),
});

const type = table<TypeProto>('TypeProto', { tensorType: message(1, () => tensorType), denotation: string(6) });

const valueInfo = table<ValueInfoProto>('ValueInfoProto', {
  name: nameString(1),
  type: message(2, () => type),
  docString: string(3),
  metadataProps: messages(4, () => entry),
});

const tensor = table<TensorProto>('TensorProto', {
  dims: numbers(1, 'int64'),
  dataType: number(2, 'int32'),
  floatData: packed(4, 'float'),
  int32Data: packed(5, 'int32'),
  stringData: bytesList(6),
  int64Data: packed(7, 'int64'),
  name: nameString(8),
  rawData: bytes(9),
  doubleData: packed(10, 'double'),
  uint64Data: packed(11, 'uint64'),
  docString: string(12),
  externalData: messages(13, () => entry),
  dataLocation: number(14, 'int32'),
  metadataProps: messages(16, () => entry),
});

const attribute = table<AttributeProto>('AttributeProto', {
  name: nameString(1),
  f: number(2, 'float'),
  i: number(3, 'int64'),
  s: bytes(4),
  t: message(5, () => tensor),
  g: message(6, () => graph),
  floats: numbers(7, 'float'),
  ints: numbers(8, 'int64'),
  strings: bytesList(9),
  tensors: messages(10, () => tensor),
  graphs: messages(11, () => graph),
  docString: string(13),
  type: number(20, 'int32'),
  refAttrName: string(21),
});

const node = table<NodeProto>('NodeProto', {
  input: strings(1),
  output: strings(2),
  name: nameString(3),
  opType: nameString(4),
  attribute: messages(5, () => attribute),
  docString: string(6),
  domain: nameString(7),
  metadataProps: messages(9, () => entry),
});

const graph: Table = table<GraphProto>('GraphProto', {
  node: messages(1, () => node),
  name: nameString(2),
  initializer: messages(5, () => tensor),
  docString: string(10),
  input: messages(11, () => valueInfo),
  output: messages(12, () => valueInfo),
  valueInfo: messages(13, () => valueInfo),
  metadataProps: messages(16, () => entry),
});

const functionTable = table<FunctionProto>('FunctionProto', {
  name: nameString(1),
  input: strings(4),
  output: strings(5),
  attribute: strings(6),
  node: messages(7, () => node),
  docString: string(8),
  opsetImport: messages(9, () => operatorSet),
  domain: nameString(10),
  attributeProto: messages(11, () => attribute),
  valueInfo: messages(12, () => valueInfo),
  overload: string(13),
  metadataProps: messages(14, () => entry),
});

export const modelTable: Table = table<ModelProto>('ModelProto', {
  irVersion: number(1, 'int64'),
  producerName: string(2),
  producerVersion: string(3),
  domain: string(4),
  modelVersion: number(5, 'int64'),
  docString: string(6),
  graph: message(7, () => graph),
  opsetImport: messages(8, () => operatorSet),
  metadataProps: messages(14, () => entry),
  functions: messages(25, () => functionTable),
});
