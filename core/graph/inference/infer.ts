import type { GraphProto } from '../onnx/types.ts';
import { constantOf } from './constant.ts';
import { inferOutputs } from './operators.ts';
import { reckoned } from './reckoning.ts';
import { knownNumbers, smallConstant, type SmallTensor } from './small-tensor.ts';
import { declaredType, merged, sound, tensorType, unknownValue, type Extent, type ValueType } from './value-type.ts';

/** Shapes that the caller fixes, by input name: what a manifest or a tile says of free extents. Null stays free. */
export type InputShapes = Readonly<Record<string, readonly Extent[]>>;

/**
 * Types and shapes of a graph's values, as far as declarations and the operators of convolutional networks tell; one
 * walk in the order of the nodes, with what small nodes reckon of extents. What is not known is null, never guessed.
 */
export function inferValues(graph: GraphProto, inputShapes: InputShapes = {}): ReadonlyMap<string, ValueType> {
  const values = new Map<string, ValueType>();
  for (const tensor of graph.initializer) values.set(tensor.name, tensorType(tensor));
  for (const input of graph.input) {
    const fixed = Object.hasOwn(inputShapes, input.name) ? (inputShapes[input.name] ?? null) : null;
    values.set(input.name, merged(values.get(input.name) ?? { type: null, shape: fixed }, declaredType(input)));
  }
  const small = new Map<string, SmallTensor | null>();
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const smallOf = (name: string): SmallTensor | null => {
    const known = small.get(name);
    if (known !== undefined) return known;
    const tensor = constants.get(name);
    const found = tensor === undefined ? null : smallConstant(tensor);
    small.set(name, found);
    return found;
  };
  const declared = new Map([...graph.valueInfo, ...graph.output].map((value) => [value.name, declaredType(value)]));
  for (const node of graph.node) {
    const constant = constantOf(node);
    const types = node.input.map((name) => values.get(name) ?? unknownValue);
    const constantInput = (at: number) => knownNumbers(smallOf(node.input[at] ?? ''));
    const made = constant === undefined ? inferOutputs(node, types, constantInput) : [tensorType(constant)];
    node.output.forEach((name, at) => {
      values.set(name, merged(sound(made[at] ?? unknownValue), declared.get(name) ?? unknownValue));
    });
    const [first] = node.output;
    if (first === undefined) continue;
    small.set(first, reckoned(node, { types, values: node.input.map(smallOf), made: values.get(first)! }));
  }
  return values;
}
