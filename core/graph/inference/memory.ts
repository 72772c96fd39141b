import { elementTypes } from '../onnx/element-type.ts';
import type { ModelProto, NodeProto } from '../onnx/types.ts';
import { elementCount, shapeOf } from '../tensor/shape.ts';
import { bytesPerElement } from '../tensor/values.ts';
import { allTensors } from '../walk.ts';
import { inferValues, type InputShapes } from './infer.ts';
import type { ValueType } from './value-type.ts';

/** What a run of a graph needs at the least, bytes: values of unknown shape and a runtime's own needs come on top. */
export interface MemoryNeed {
  readonly weights: number;
  /** Inputs, outputs and intermediate values that are alive at the same time, at the worst moment. */
  readonly values: number;
  /** The largest single value. */
  readonly largest: number;
  /** Values whose shape the graph does not tell; they count nothing. */
  readonly unknown: number;
}

/** Operators that write their output over their input where nobody reads that any more. */
const inPlace = new Set(
  'Add BatchNormalization Clip Div Elu Flatten Identity LeakyRelu Mul PRelu Relu Reshape Sigmoid Squeeze Sub Sum Tanh Unsqueeze'.split(
    ' ',
  ),
);

/**
 * The memory of one run: each value lives from the node that makes it to the last that reads it, as ONNX Runtime plans it.
 * @param inputShapes shapes that are fed, where the file leaves extents free
 */
export function memoryNeed(model: ModelProto, inputShapes: InputShapes = {}): MemoryNeed {
  const { graph } = model;
  const weights = [...allTensors(model)].reduce((sum, tensor) => {
    return sum + elementCount(shapeOf(tensor) ?? [0]) * (bytesPerElement(tensor) ?? 0);
  }, 0);
  if (graph === undefined) return { weights, values: 0, largest: 0, unknown: 0 };

  const types = inferValues(graph, inputShapes);
  const constants = new Set(graph.initializer.map(({ name }) => name));
  let unknown = 0;
  const sizes = new Map<string, number>();
  const sizeOf = (name: string): number => {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    const size = constants.has(name) ? 0 : bytesOf(types.get(name));
    if (size === null) unknown++;
    sizes.set(name, size ?? 0);
    return size ?? 0;
  };

  const reads = lastReads(graph.node, new Set(graph.output.map(({ name }) => name)));
  const inputs = graph.input.filter(({ name }) => !constants.has(name)).map(({ name }) => name);
  let alive = inputs.reduce((sum, name) => sum + sizeOf(name), 0);
  let [highest, largest] = [alive, greatest(inputs.map(sizeOf))];
  graph.node.forEach((node, at) => {
    if (node.opType === 'Constant') return;
    const made = node.output.filter((name) => name !== '').map(sizeOf);
    const dying = [...new Set(node.input)].filter((name) => name !== '' && reads.get(name) === at).map(sizeOf);
    const [first = 0] = made;
    const overwritten = inPlace.has(node.opType) && dying.includes(first) ? first : 0;
    const total = made.reduce((sum, size) => sum + size, 0);
    highest = Math.max(highest, alive + total - overwritten);
    alive += total - dying.reduce((sum, size) => sum + size, 0);
    largest = Math.max(largest, greatest(made));
  });
  return { weights, values: highest, largest, unknown };
}

/** Index of the last node that reads a value; outputs of the graph are read beyond the last. */
function lastReads(nodes: readonly NodeProto[], outputs: ReadonlySet<string>): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  nodes.forEach((node, at) => {
    for (const name of node.input) if (!outputs.has(name)) last.set(name, at);
    // What nobody reads is let go at once.
    for (const name of node.output) if (!outputs.has(name) && !last.has(name)) last.set(name, at);
  });
  return last;
}

/** Without an argument each: a node may have more outputs than a call may have arguments. */
function greatest(sizes: readonly number[]): number {
  return sizes.reduce((most, size) => Math.max(most, size), 0);
}

function bytesOf(value: ValueType | undefined): number | null {
  const shape = value?.shape?.every((extent) => extent !== null) === true ? value.shape : null;
  const bits = value?.type == null ? null : elementTypes[value.type].bits;
  // What is beyond all counting is as much as can be counted: infinity less infinity would be no number.
  return shape === null || bits === null
    ? null
    : Math.min(Math.ceil((elementCount(shape) * bits) / 8), Number.MAX_SAFE_INTEGER);
}
