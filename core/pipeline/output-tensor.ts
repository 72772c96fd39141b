import { OverreadError } from '../errors/index.ts';
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
  'int32',
  'int64',
  'float16',
  'bool',
] satisfies readonly Tensor['type'][];

/**
 * An output of a graph as a tensor of the pipeline; the data are the ones given.
 * @throws OverreadError `model.graph-unusable` for an element type that is not read
 */
export function outputTensor(name: string, { type, dims, data }: GivenTensor): Tensor {
  if (!types.includes(type)) {
    throw new OverreadError('model.graph-unusable', { why: `output ${name} has the type ${type}, which is not read` });
  }
  // A runtime pairs each type with its array.
  return { type: type as Tensor['type'], dims, data: data as Tensor['data'] };
}
