import { OverreadError } from '../../errors/index.ts';
import { elementTypes, type ElementType } from '../onnx/element-type.ts';
import type { TensorProto } from '../onnx/types.ts';
import { elementCount } from './shape.ts';

/** Typed arrays that hold a tensor's values row-major; float16 and bfloat16 as their bits in a Uint16Array. */
export type TensorValues =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/**
 * A tensor with its values as `rawData`: a view of `values`, not a copy. Typed arrays are little-endian on every machine
 * that runs browsers or Node, as ONNX wants it.
 * @throws OverreadError `graph.invalid` where the values do not fill the shape.
 */
export function createTensor(
  name: string,
  type: ElementType,
  dims: readonly number[],
  values: TensorValues,
): TensorProto {
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const { bits, code } = elementTypes[type];
  const bytes = Math.ceil((elementCount(dims) * (bits ?? 0)) / 8);
  if (bits === null || rawData.length !== bytes) {
    throw new OverreadError('graph.invalid', {
      why: `tensor ${name} of ${type} [${dims.join(', ')}] takes ${bytes} bytes, not ${rawData.length}`,
    });
  }
  return { ...emptyTensor, name, dims: BigInt64Array.from(dims, BigInt), dataType: code, rawData };
}

/** Whole numbers as int64: shapes, axes, starts and ends. */
export function createInts(name: string, values: readonly number[]): TensorProto {
  return createTensor(name, 'int64', [values.length], BigInt64Array.from(values, BigInt));
}

const emptyTensor = {
  floatData: new Float32Array(0),
  int32Data: new Int32Array(0),
  stringData: [],
  int64Data: new BigInt64Array(0),
  doubleData: new Float64Array(0),
  uint64Data: new BigUint64Array(0),
  externalData: [],
  metadataProps: [],
} as const satisfies Partial<TensorProto>;
