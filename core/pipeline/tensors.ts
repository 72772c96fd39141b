import { OverreadError } from '../errors/index.ts';
import { fromFloat16, toFloat16 } from './float16.ts';
import type { Tensor } from './runtime.ts';

/** What a runtime gives: ONNX has more element types than the pipeline reads. */
interface GivenTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

const types: readonly string[] = [
  'float32',
  'uint8',
  'int8',
  'int32',
  'int64',
  'bool',
] satisfies readonly Tensor['type'][];

/**
 * An output of a graph as a tensor of the pipeline; the data are the ones given, but for half-precision floats, which
 * become float32.
 * @throws OverreadError `model.graph-unusable` for an element type that is not read
 */
export function outputTensor(name: string, { type, dims, data }: GivenTensor): Tensor {
  if (type === 'float16' && ArrayBuffer.isView(data)) {
    // Bits or, where the language has it, a Float16Array.
    const bits = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
    return { type: 'float32', dims, data: fromFloat16(bits) };
  }
  if (!types.includes(type)) {
    throw new OverreadError('model.graph-unusable', { why: `output ${name} has the type ${type}, which is not read` });
  }
  // A runtime pairs each type with its array.
  return { type: type as Tensor['type'], dims, data: data as Tensor['data'] };
}

/** A feed in the type that the graph wants: float32 becomes float16 where it does; all else is left as it is. */
export function feedTensor(tensor: Tensor, wanted: string | undefined): Tensor {
  if (wanted !== 'float16' || !(tensor.data instanceof Float32Array)) return tensor;
  return { type: 'float16', dims: tensor.dims, data: toFloat16(tensor.data) };
}
