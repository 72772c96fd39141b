import { inferValues, type InputShapes } from '../inference/infer.ts';
import type { ModelProto } from '../onnx/types.ts';
import { nodeTitle } from '../rewrite/pass.ts';
import { standardOpset } from '../standard-domain.ts';
import { ownVoxel, type Field } from './field.ts';
import { nodeField } from './node-field.ts';

/** How far a graph looks along D, H, W (or H, W), voxels. */
export interface Reach {
  /** An output voxel depends on so many voxels before it at most, by axis. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** The graph gives the same answers at another place only if that is a multiple of this away, by axis. */
  readonly alignment: readonly number[];
}

/** Voxels; no volume is as long. What sums and products of a hostile file's settings come to is not followed further. */
const farthest = 2 ** 31;

/**
 * The receptive field of a fully convolutional graph: a window with this much round it gives the very answers that the whole volume gives.
 * @param input name of the graph's input; `outputs` those that must stand voxel for voxel on it
 * @returns or why there is none, naming the node
 */
export function reachOf(
  model: ModelProto,
  input: string,
  outputs: readonly string[],
  inputShapes: InputShapes = {},
): Reach | { readonly because: string } {
  const { graph } = model;
  if (graph === undefined) return { because: 'there is no graph' };
  const values = inferValues(graph, inputShapes);
  const rank = values.get(input)?.shape?.length ?? 0;
  if (rank !== 4 && rank !== 5) return { because: `input '${input}' has no two or three spatial axes` };
  const fields = new Map<string, Field>([[input, Array.from({ length: rank - 2 }, () => ownVoxel)]]);
  const opset = standardOpset(model);
  const steps = Array.from({ length: rank - 2 }, () => new Set([1]));
  for (const node of graph.node) {
    const inputs = node.input
      .filter((name) => name !== '')
      .map((name) => ({ field: fields.get(name) ?? null, shape: values.get(name)?.shape ?? null }));
    // Constants, and what is made of nothing but constants.
    if (inputs.every(({ field }) => field === null)) continue;
    const field = nodeField(node, inputs, opset);
    const why = typeof field === 'string' ? field : isNear(field) ? null : 'it looks further than any volume reaches';
    if (typeof field === 'string' || why !== null)
      return { because: `node '${nodeTitle(node)}' (${node.opType}): ${why}` };
    field.forEach(({ step }, axis) => steps[axis]?.add(step));
    for (const name of node.output) fields.set(name, field);
  }
  const found = outputs.map((name) => fields.get(name));
  const odd = outputs.find((_, n) => found[n]?.every(({ step }) => step === 1) !== true);
  if (odd !== undefined) return { because: `output '${odd}' does not stand voxel for voxel on the input` };
  const alignment = steps.map((made) => [...made].filter((step) => step >= 1).reduce(leastCommonMultiple, 1));
  if (!alignment.every((each) => each <= farthest)) return { because: 'its steps have no common multiple in a volume' };
  const along = (axis: number) => found.flatMap((field) => field?.[axis] ?? []);
  return {
    before: steps.map((_, axis) => Math.max(0, ...along(axis).map(({ low }) => Math.ceil(-low)))),
    after: steps.map((_, axis) => Math.max(0, ...along(axis).map(({ high }) => Math.ceil(high)))),
    alignment,
  };
}

function isNear(field: Field): boolean {
  return field.every(({ step, low, high }) => step > 0 && step <= farthest && -low <= farthest && high <= farthest);
}

/** Of numbers that need not be whole: steps down by 3 and up by 2 make 1.5. Infinity beyond the farthest. */
function leastCommonMultiple(a: number, b: number): number {
  if (!(a <= farthest)) return Infinity;
  let [divisor, rest] = [a, b];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  return (a / divisor) * b;
}
