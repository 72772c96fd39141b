import { intAttribute, intsAttribute } from '../attribute.ts';
import type { Extent } from '../inference/value-type.ts';
import type { NodeProto } from '../onnx/types.ts';
import type { GraphEdit } from '../rewrite/edit.ts';
import { isStandard, nodePass, type NodeOutcome } from '../rewrite/pass.ts';
import { integersOf } from '../tensor/numbers.ts';
import { fewValues } from './few-values.ts';

/**
 * ReduceMean over several axes, and GlobalAveragePool, become means of one axis after the other. ONNX Runtime's processor kernels add all of it up
 * in one 32-bit sum (see `instanceNorm`): over 96^3 values, many of them alike, the mean was off by 0.1 % (native)
 * and 0.2 % (WebAssembly), over 256^3 by 1 % and 7 %.
 */
export const meanByAxis = nodePass('mean-by-axis', (node, edit) => {
  const [x] = node.input;
  const { type, shape } = edit.valueType(x);
  if (x === undefined || type !== 'float32' || shape === null || edit.opset < 7) return null;
  const axes = isStandard(node, 'ReduceMean') ? reducedAxes(edit, node, shape.length) : pooledAxes(node, shape.length);
  if (axes === null || axes.length < 2 || isSmall(axes, shape)) return null;
  const keeps = node.opType !== 'ReduceMean' || intAttribute(node, 'keepdims', 1) === 1;
  return rewrite(edit, node, { x, axes, keeps });
});

/** Axes from the last to the first; null where they are not constant, or no axes. */
function reducedAxes(edit: GraphEdit, node: NodeProto, rank: number): readonly number[] | null {
  const input = node.input[1] ?? '';
  const given =
    edit.opset < 18 ? intsAttribute(node, 'axes') : input === '' ? null : integersOf(edit.constant(input) ?? undefined);
  if (given === null || given.length === 0) return null;
  const axes = given.map((axis) => (axis < 0 ? axis + rank : axis));
  const sound = axes.every((axis, at) => axis >= 0 && axis < rank && axes.indexOf(axis) === at);
  return sound ? axes.toSorted((a, b) => b - a) : null;
}

function pooledAxes(node: NodeProto, rank: number): readonly number[] | null {
  if (!isStandard(node, 'GlobalAveragePool')) return null;
  return Array.from({ length: Math.max(0, rank - 2) }, (_, at) => rank - 1 - at);
}

function isSmall(axes: readonly number[], shape: readonly Extent[]): boolean {
  const extents = axes.map((axis) => shape[axis] ?? null);
  return (
    !extents.includes(null) && extents.reduce<number>((product, extent) => product * (extent ?? 1), 1) <= fewValues
  );
}

interface Means {
  readonly x: string;
  readonly axes: readonly number[];
  readonly keeps: boolean;
}

function rewrite(edit: GraphEdit, node: NodeProto, { x, axes, keeps }: Means): NodeOutcome {
  const nodes: NodeProto[] = [];
  const add = (opType: string, value: string, over: readonly number[], firstWithInput: number): string => {
    // The axes were an attribute until some operator set.
    const made =
      edit.opset < firstWithInput
        ? edit.node(opType, [value], { axes: over })
        : edit.node(opType, [value, edit.addInts(`${value}/axes`, over)]);
    nodes.push(made);
    return made.output[0]!;
  };
  const mean = axes.reduce((value, axis) => add('ReduceMean', value, [axis], 18), x);
  if (!keeps) add('Squeeze', mean, axes.toReversed(), 13);
  edit.release(node.input.slice(1));
  const result = nodes.pop()!;
  return { nodes: [...nodes, { ...result, output: node.output }], what: `means axis by axis (${axes.length} axes)` };
}
