import { attributeOf } from '../attribute.ts';
import type { NodeProto, TensorProto } from '../onnx/types.ts';
import { createTensor } from '../tensor/create.ts';

/** What a Constant says, in whichever of its forms; undefined for other nodes, and for text and sparse values. */
export function constantOf(node: NodeProto): TensorProto | undefined {
  if (node.opType !== 'Constant') return undefined;
  const tensor = attributeOf(node, 'value')?.t;
  if (tensor !== undefined) return tensor;
  const int = attributeOf(node, 'value_int')?.i;
  if (int !== undefined) return createTensor('', 'int64', [], BigInt64Array.of(int));
  const ints = attributeOf(node, 'value_ints')?.ints;
  if (ints !== undefined) return createTensor('', 'int64', [ints.length], ints);
  const number = attributeOf(node, 'value_float')?.f;
  if (number !== undefined) return createTensor('', 'float32', [], Float32Array.of(number));
  const numbers = attributeOf(node, 'value_floats')?.floats;
  return numbers && createTensor('', 'float32', [numbers.length], numbers);
}
