import { intAttribute, stringAttribute } from '../attribute.ts';
import { elementTypeOf } from '../onnx/element-type.ts';
import type { NodeProto } from '../onnx/types.ts';
import { standardDomain } from '../standard-domain.ts';
import { madeBySettings } from './making.ts';
import { reshaped, splitShapes } from './reshaping.ts';
import { unknownValue, type Extent, type ValueType } from './value-type.ts';
import { convShape, convTransposeShape, poolShape } from './windows.ts';

/** One output of the type and shape of the first input. */
const unary = new Set(
  `Abs Acos Acosh Asin Asinh Atan Atanh BatchNormalization Ceil Celu Clip Cos Cosh CumSum Dropout Elu Erf Exp Floor Gelu
  GroupNormalization HardSigmoid Hardmax HardSwish Identity InstanceNormalization LayerNormalization LeakyRelu Log LogSoftmax LRN
  MeanVarianceNormalization Mish Neg Not PRelu Reciprocal Relu Round ScatterElements ScatterND Selu Sigmoid Sign Sin Sinh Softmax Softplus Softsign Sqrt
  Tan Tanh ThresholdedRelu`.split(/\s+/),
);
/** Of the type of the first input, shapes broadcast. */
const broadcasting = new Set('Add Div Max Mean Min Mod Mul Pow Sub Sum'.split(' '));
const comparing = new Set('And Equal Greater GreaterOrEqual Less LessOrEqual Or Xor'.split(' '));
/** Of the type of the first input, of a shape that their settings tell. */
const reshaping = new Set(
  `DepthToSpace Flatten Gather Pad ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd
  ReduceSum ReduceSumSquare Reshape Resize Slice SpaceToDepth Squeeze Tile Transpose Unsqueeze Upsample`.split(/\s+/),
);

/**
 * What is known of the outputs of a node: the operators of convolutional networks; of others nothing.
 * @param constant values of a constant input as numbers, by its place; null where it is not constant
 * @returns of the first output, or of all where it is a Split; nothing is known of further ones
 */
export function inferOutputs(
  node: NodeProto,
  inputs: readonly ValueType[],
  constant: (at: number) => readonly number[] | null = () => null,
): readonly ValueType[] {
  if (!standardDomain(node.domain)) return [];
  if (node.opType !== 'Split') return [inferFirst(node, inputs, constant)];
  const { type, shape } = inputs[0] ?? unknownValue;
  return splitShapes(node, { shapes: [shape], constant }).map((part) => ({ type, shape: part }));
}

function inferFirst(
  node: NodeProto,
  inputs: readonly ValueType[],
  constant: (at: number) => readonly number[] | null,
): ValueType {
  const first = inputs[0] ?? unknownValue;
  const op = node.opType;
  if (unary.has(op)) return first;
  if (broadcasting.has(op)) return { type: first.type, shape: broadcast(inputs.map(({ shape }) => shape)) };
  if (comparing.has(op)) return { type: 'bool', shape: broadcast(inputs.map(({ shape }) => shape)) };
  const moved = { shapes: inputs.map(({ shape }) => shape), constant };
  if (reshaping.has(op)) return { type: first.type, shape: reshaped(node, moved) };
  const weights = inputs[1]?.shape ?? null;
  switch (op) {
    case 'Conv':
      return { type: first.type, shape: convShape(node, first.shape, weights) };
    case 'ConvTranspose':
      return { type: first.type, shape: convTransposeShape(node, first.shape, weights) };
    case 'MaxPool':
    case 'AveragePool':
    case 'LpPool':
      return { type: first.type, shape: poolShape(node, first.shape) };
    case 'GlobalAveragePool':
    case 'GlobalMaxPool':
      return { type: first.type, shape: first.shape?.map((extent, at) => (at < 2 ? extent : 1)) ?? null };
    case 'Concat':
      return {
        type: first.type,
        shape: concatenated(
          inputs.map(({ shape }) => shape),
          intAttribute(node, 'axis', 0),
        ),
      };
    case 'Cast':
      return { type: elementTypeOf(intAttribute(node, 'to', 0)), shape: first.shape };
    case 'ArgMax':
    case 'ArgMin':
      return { type: 'int64', shape: reshaped(node, moved) };
    case 'Where':
      return { type: inputs[1]?.type ?? null, shape: broadcast(moved.shapes) };
    case 'MatMul':
      return { type: first.type, shape: multiplied(first.shape, weights) };
    case 'Gemm':
      return { type: first.type, shape: gemmShape(node, first.shape, weights) };
    case 'Expand': {
      const wanted = constant(1);
      return { type: first.type, shape: wanted === null ? null : broadcast([first.shape, wanted]) };
    }
    case 'Shape': {
      const end = intAttribute(node, 'end', null) ?? undefined;
      const part = first.shape?.slice(intAttribute(node, 'start', 0), end);
      return { type: 'int64', shape: part === undefined ? null : [part.length] };
    }
    case 'Size':
      return { type: 'int64', shape: [] };
    case 'NonZero':
      return { type: 'int64', shape: null };
    case 'IsInf':
    case 'IsNaN':
      return { type: 'bool', shape: first.shape };
    case 'Einsum':
      return { type: first.type, shape: einsumShape(node, moved.shapes) };
    default:
      return madeBySettings(node, inputs, constant);
  }
}

type Shape = readonly Extent[] | null;

/** ONNX broadcasting: aligned at the last axis; an extent of 1 stretches. */
function broadcast(shapes: readonly Shape[]): Shape {
  if (shapes.some((shape) => shape === null)) return null;
  const known = shapes.filter((shape) => shape !== null);
  const rank = known.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: rank }, (_, at) => {
    const along = known.map((shape) => shape[at - rank + shape.length] ?? (at < rank - shape.length ? 1 : null));
    const wide = along.find((extent) => extent !== null && extent > 1);
    return wide ?? (along.includes(null) ? null : 1);
  });
}

function concatenated(shapes: readonly Shape[], axis: number): Shape {
  const first = shapes[0] ?? null;
  if (first === null || shapes.some((shape) => shape?.length !== first.length)) return null;
  const along = axis < 0 ? axis + first.length : axis;
  return first.map((extent, at) => {
    const extents = shapes.map((shape) => shape?.[at] ?? null);
    if (at !== along) return extents.find((other) => other !== null) ?? extent;
    return extents.includes(null) ? null : extents.reduce<number>((sum, other) => sum + (other ?? 0), 0);
  });
}

/** `bhid,bhjd->bhij`: the extents by their letters; null where axes are left out (`...`) or no result is named. */
function einsumShape(node: NodeProto, shapes: readonly Shape[]): Shape {
  const [terms = '', result] = stringAttribute(node, 'equation', '').replaceAll(' ', '').split('->');
  if (result === undefined || terms.includes('.') || result.includes('.')) return null;
  const extents = new Map<string, Extent>();
  terms.split(',').forEach((letters, at) => {
    Array.from(letters, (letter, axis) => extents.set(letter, extents.get(letter) ?? shapes[at]?.[axis] ?? null));
  });
  return Array.from(result, (letter) => extents.get(letter) ?? null);
}

/** Matrices in the last two axes, the others broadcast. */
function multiplied(a: Shape, b: Shape): Shape {
  if (a === null || b === null || a.length < 2 || b.length < 2) return null;
  const outer = broadcast([a.slice(0, -2), b.slice(0, -2)]);
  return outer === null ? null : [...outer, a.at(-2) ?? null, b.at(-1) ?? null];
}

function gemmShape(node: NodeProto, a: Shape, b: Shape): Shape {
  const row = intAttribute(node, 'transA', 0) === 1 ? 1 : 0;
  const column = intAttribute(node, 'transB', 0) === 1 ? 0 : 1;
  return a === null || b === null ? null : [a[row] ?? null, b[column] ?? null];
}
