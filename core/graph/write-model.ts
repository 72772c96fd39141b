import { modelTable } from './onnx/tables.ts';
import type { ModelProto } from './onnx/types.ts';
import { encode } from './wire/encode.ts';

/**
 * The ONNX file of a model; the same model always gives the same bytes. Weights are copied once, into the file: besides
 * the model itself, one copy is the most memory it takes.
 */
export function writeModel(model: ModelProto): Uint8Array {
  return encode(modelTable, model);
}
