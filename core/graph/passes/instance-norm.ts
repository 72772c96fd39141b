import { attributeOf } from '../attribute.ts';
import type { NodeProto } from '../onnx/types.ts';
import { elementTypes } from '../onnx/element-type.ts';
import { integersOf } from '../tensor/numbers.ts';
import { constantData } from '../rewrite/constant-data.ts';
import type { GraphEdit } from '../rewrite/edit.ts';
import { isStandard, nodePass, type NodeOutcome } from '../rewrite/pass.ts';
import { factored } from './factored.ts';
import { fewValues } from './few-values.ts';

/**
 * InstanceNormalization becomes its definition, with mean and variance taken axis by axis. ONNX Runtime's processor kernel adds up all values of
 * a channel in one 32-bit sum, which loses more digits the more there are: at 96^3 voxels its answers are off by up to 0.02 in WebAssembly and
 * 0.003 in native code, at 256^3 by 0.2 and 0.04, where the standard deviation is 1. Sums of one axis at a time are right to 1e-5 on both,
 * and cost neither more time nor memory.
 *
 * The values of a channel may stand in one long axis: what came before it was laid flat (how PyTorch exports GroupNorm) is taken instead, else the
 * axis is taken apart where its length is known.
 */
export const instanceNorm = nodePass('instance-norm', (node, edit) => {
  if (!isStandard(node, 'InstanceNormalization') || edit.opset < 7) return null;
  const [x, scale, shift] = node.input;
  if (x === undefined || scale === undefined || shift === undefined || !isFloat32(edit, x, scale)) return null;
  const { shape } = edit.valueType(x);
  if (shape === null || shape.length < 3 || shape.length > mostAxes) return null;
  const spatial = shape.slice(2);
  const values = spatial.reduce<number | null>(
    (product, extent) => (extent === null || product === null ? null : product * extent),
    1,
  );
  if (values !== null && values <= fewValues) return null;
  if (spatial.length > 1) return normalized(edit, node, { x, spatial });
  const source = beforeFlattening(edit, x);
  if (source !== null) return asOneAxis(edit, node, source);
  const factors = factored(spatial[0] ?? null);
  if (factors === null) return null;
  return asOneAxis(edit, node, { value: x, shape: [0, 0, ...factors], spatial: factors });
});

/** Batch, channels, and what volumes have. */
const mostAxes = 5;

interface Input {
  readonly x: string;
  /** Extents behind batch and channels; null where the graph does not tell. */
  readonly spatial: readonly (number | null)[];
}

/** (x - mean) * scale / sqrt(variance + epsilon) + shift. */
function normalized(edit: GraphEdit, node: NodeProto, { x, spatial }: Input): NodeOutcome {
  const nodes: NodeProto[] = [];
  const add = (opType: string, inputs: readonly string[], attributes = {}): string => {
    const made = edit.node(opType, inputs, attributes);
    nodes.push(made);
    return made.output[0]!;
  };
  const reduce = (opType: string, value: string, axis: number): string =>
    // Until operator set 17 the axes were an attribute.
    edit.opset < 18
      ? add(opType, [value], { axes: [axis] })
      : add(opType, [value, edit.addInts(`${value}/axis`, [axis])]);
  const last = spatial.length + 1;
  const axes = Array.from(spatial, (_, at) => last - at);

  const mean = axes.reduce((value, axis) => reduce('ReduceMean', value, axis), x);
  const centred = add('Sub', [x, mean]);
  // Squares are summed as they are made: no second copy of the volume.
  const [, ...others] = axes;
  const sum = others.reduce(
    (value, axis) => reduce('ReduceMean', value, axis),
    reduce('ReduceSumSquare', centred, last),
  );
  const count = countOf(edit, spatial.at(-1) ?? null, () =>
    add('Cast', [extentOf(add, edit, x, last)], { to: elementTypes.float32.code }),
  );
  const variance = add('Add', [
    add('Div', [sum, count]),
    floats(edit, `${x}/epsilon`, [attributeOf(node, 'epsilon')?.f ?? 1e-5]),
  ]);
  const deviation = add('Sqrt', [variance]);

  const [, scale, shift] = node.input as [string, string, string];
  const perChannel = (value: string): string =>
    add('Reshape', [value, edit.addInts(`${value}/shape`, [1, -1, ...spatial.map(() => 1)])]);
  const scaled = holdsOnly(edit, scale, 1)
    ? add('Div', [centred, deviation])
    : add('Mul', [centred, add('Div', [perChannel(scale), deviation])]);
  if (!holdsOnly(edit, shift, 0)) add('Add', [scaled, perChannel(shift)]);
  edit.release([scale, shift]);
  const result = nodes.pop()!;
  return {
    nodes: [...nodes, { ...result, output: node.output }],
    what: `mean and variance axis by axis (${axes.length} axes)`,
  };
}

/** What is normalized in place of a value whose one axis holds all: of which value, in what shape. */
interface Apart {
  readonly value: string;
  /** As Reshape takes it: 0 keeps an extent, -1 is the rest. */
  readonly shape: readonly number[];
  readonly spatial: Input['spatial'];
}

/** `Reshape(value, [0, groups, -1])`: the groups' channels and slices as one axis, rows and columns as they were. */
function beforeFlattening(edit: GraphEdit, x: string): Apart | null {
  const flattening = edit.maker(x);
  if (flattening === undefined || !isStandard(flattening, 'Reshape')) return null;
  const [batch, groups = 0, rest, ...more] = integersOf(edit.constant(flattening.input[1]) ?? undefined) ?? [];
  const [value = ''] = flattening.input;
  const { shape } = edit.valueType(value);
  if (
    shape === null ||
    shape.length < 4 ||
    shape.length > mostAxes ||
    batch !== 0 ||
    groups < 1 ||
    rest !== -1 ||
    more.length > 0
  )
    return null;
  const kept = shape.slice(3);
  return { value, shape: [0, groups, -1, ...kept.map(() => 0)], spatial: [null, ...kept] };
}

/** Normalized in several axes, and laid flat behind. */
function asOneAxis(edit: GraphEdit, node: NodeProto, { value, shape, spatial }: Apart): NodeOutcome {
  const apart = edit.node('Reshape', [value, edit.addInts(`${value}/apart`, shape)]);
  const whole = edit.freshName(`${value}/normalized`);
  const inner = normalized(edit, { ...node, output: [whole] }, { x: apart.output[0]!, spatial });
  if (inner === null || 'because' in inner) return inner;
  const together = edit.node('Reshape', [whole, edit.addInts(`${value}/together`, [0, 0, -1])], {}, node.output[0]);
  return { nodes: [apart, ...inner.nodes, together], what: inner.what };
}

function countOf(edit: GraphEdit, extent: number | null, atRunTime: () => string): string {
  return extent === null ? atRunTime() : floats(edit, 'extent', [extent]);
}

function extentOf(
  add: (opType: string, inputs: readonly string[]) => string,
  edit: GraphEdit,
  value: string,
  axis: number,
): string {
  return add('Gather', [add('Shape', [value]), edit.addInts(`${value}/last`, [axis])]);
}

function floats(edit: GraphEdit, stem: string, values: readonly number[]): string {
  return edit.addTensor(stem, 'float32', [values.length], Float32Array.from(values));
}

/** Half precision is normalized in single precision by the runtime itself. */
function isFloat32(edit: GraphEdit, x: string, scale: string): boolean {
  const { type } = edit.valueType(x);
  return type === 'float32' || (type === null && constantData(edit, scale)?.type === 'float32');
}

/** Longer scales are looked at no further: no layer has as many channels. */
const mostChannels = 2 ** 14;

function holdsOnly(edit: GraphEdit, name: string, value: number): boolean {
  const data = constantData(edit, name);
  if (data?.type !== 'float32' || data.bytes.length > 4 * mostChannels) return false;
  const view = new DataView(data.bytes.buffer, data.bytes.byteOffset, data.bytes.byteLength);
  for (let at = 0; at + 4 <= data.bytes.length; at += 4) if (view.getFloat32(at, true) !== value) return false;
  return true;
}
