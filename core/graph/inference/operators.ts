import { intAttribute } from '../attribute.ts';
import { elementTypeOf } from '../onnx/element-type.ts';
import type { NodeProto } from '../onnx/types.ts';
import { standardDomain } from '../standard-domain.ts';
import { unknownValue, type Extent, type ValueType } from './value-type.ts';
import { convShape, convTransposeShape, poolShape } from './windows.ts';

/** One output of the type and shape of the first input. */
const unary = new Set(
  `Abs Acos Acosh Asin Asinh Atan Atanh BatchNormalization Ceil Celu Clip Cos Cosh CumSum Dropout Elu Erf Exp Floor Gelu
  GroupNormalization HardSigmoid HardSwish Identity InstanceNormalization LayerNormalization LeakyRelu Log LogSoftmax LRN
  MeanVarianceNormalization Mish Neg PRelu Reciprocal Relu Round Selu Sigmoid Sign Sin Sinh Softmax Softplus Softsign Sqrt
  Tan Tanh ThresholdedRelu`.split(/\s+/),
);
/** Of the type of the first input, shapes broadcast. */
const broadcasting = new Set('Add Div Max Mean Min Mod Mul Pow Sub Sum'.split(' '));
const comparing = new Set('And Equal Greater GreaterOrEqual Less LessOrEqual Or Xor'.split(' '));
/** Of the type of the first input, of a shape that needs more than we look at. */
const reshaping = new Set(
  'DepthToSpace Expand Flatten Gather MatMul Pad ReduceMax ReduceMean ReduceMin ReduceSum Reshape Resize Slice SpaceToDepth Squeeze Tile Transpose Unsqueeze Upsample'.split(
    ' ',
  ),
);

/** What is known of a node's first output: the operators of convolutional networks; of others nothing. */
export function inferOutput(node: NodeProto, inputs: readonly ValueType[]): ValueType {
  if (!standardDomain(node.domain)) return unknownValue;
  const first = inputs[0] ?? unknownValue;
  const op = node.opType;
  if (unary.has(op)) return first;
  if (broadcasting.has(op)) return { type: first.type, shape: broadcast(inputs.map(({ shape }) => shape)) };
  if (comparing.has(op)) return { type: 'bool', shape: broadcast(inputs.map(({ shape }) => shape)) };
  if (reshaping.has(op)) return { type: first.type, shape: null };
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
    case 'Shape':
    case 'Size':
    case 'NonZero':
      return { type: 'int64', shape: null };
    default:
      return unknownValue;
  }
}

type Shape = readonly Extent[] | null;

/** ONNX broadcasting: aligned at the last axis; an extent of 1 stretches. */
function broadcast(shapes: readonly Shape[]): Shape {
  if (shapes.some((shape) => shape === null)) return null;
  const known = shapes.filter((shape) => shape !== null);
  const rank = Math.max(0, ...known.map(({ length }) => length));
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
