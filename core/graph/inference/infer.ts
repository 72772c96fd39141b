import type { GraphProto, TensorProto } from '../onnx/types.ts';
import { numbersOf } from '../tensor/numbers.ts';
import { constantOf } from './constant.ts';
import { inferOutputs } from './operators.ts';
import { declaredType, merged, sound, tensorType, unknownValue, type Extent, type ValueType } from './value-type.ts';

/** Shapes that the caller fixes, by input name: what a manifest or a tile says of free extents. Null stays free. */
export type InputShapes = Readonly<Record<string, readonly Extent[]>>;

/**
 * Types and shapes of a graph's values, as far as declarations and the operators of convolutional networks tell; one
 * walk in the order of the nodes. What is not known is null, never guessed.
 */
export function inferValues(graph: GraphProto, inputShapes: InputShapes = {}): ReadonlyMap<string, ValueType> {
  const values = new Map<string, ValueType>();
  for (const tensor of graph.initializer) values.set(tensor.name, tensorType(tensor));
  for (const input of graph.input) {
    const fixed = Object.hasOwn(inputShapes, input.name) ? (inputShapes[input.name] ?? null) : null;
    values.set(input.name, merged(values.get(input.name) ?? { type: null, shape: fixed }, declaredType(input)));
  }
  const constants = new Map<string, TensorProto>(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const declared = new Map([...graph.valueInfo, ...graph.output].map((value) => [value.name, declaredType(value)]));
  for (const node of graph.node) {
    const constant = constantOf(node);
    const inputs = node.input.map((name) => values.get(name) ?? unknownValue);
    const constantInput = (at: number) => numbersOf(constants.get(node.input[at] ?? ''));
    const made = constant === undefined ? inferOutputs(node, inputs, constantInput) : [tensorType(constant)];
    node.output.forEach((name, at) => {
      if (constant !== undefined) constants.set(name, constant);
      values.set(name, merged(sound(made[at] ?? unknownValue), declared.get(name) ?? unknownValue));
    });
  }
  return values;
}
