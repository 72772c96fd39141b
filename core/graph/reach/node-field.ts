import { intAttribute, intsAttribute, stringAttribute } from '../attribute.ts';
import type { Extent } from '../inference/value-type.ts';
import type { NodeProto } from '../onnx/types.ts';
import { transposedAxes } from '../passes/transposed-geometry.ts';
import { standardDomain } from '../standard-domain.ts';
import { throughTransposed, throughWindow, united, type Field } from './field.ts';

/** What a node's first input, or all of them, are to its first output. */
export interface NodeInput {
  /** What it looks at; null for constants. */
  readonly field: Field | null;
  readonly shape: readonly Extent[] | null;
}

const unknown = 'what it looks at is not known';

/** Every element goes by itself. */
const pointwise = new Set(
  `Abs Acos Acosh Asin Asinh Atan Atanh BatchNormalization Cast Ceil Celu Clip Cos Cosh Dropout Elu Erf Exp Floor Gelu HardSigmoid
  HardSwish Identity LeakyRelu Log Mish Neg Reciprocal Relu Round Selu Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Tan Tanh
  ThresholdedRelu`.split(/\s+/),
);
/** Element by element over several inputs. */
const combining = new Set(
  'Add And Div Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min Mul Or PRelu Pow Sub Sum Where Xor'.split(
    ' ',
  ),
);
/** Along one axis: `axis`, which must be the channels. */
const alongAxis = new Set('ArgMax ArgMin Concat LogSoftmax Softmax Split'.split(' '));

/** What a node's outputs look at; a string says why that is not known, or is everything. */
export function nodeField(node: NodeProto, inputs: readonly NodeInput[], opset: number): Field | string {
  const first = inputs[0]?.field ?? null;
  const { opType } = node;
  if (!standardDomain(node.domain)) return unknown;
  if (combining.has(opType)) return combined(inputs);
  if (first === null) return unknown;
  if (pointwise.has(opType)) return first;
  if (alongAxis.has(opType)) {
    const fallback = opType === 'Softmax' || opType === 'LogSoftmax' ? (opset < 13 ? 1 : -1) : 0;
    const axis = intAttribute(node, 'axis', fallback);
    const rank = first.length + 2;
    // Until operator set 12 a softmax went over all axes from `axis` on.
    if ((axis < 0 ? axis + rank : axis) !== 1 || (opset < 13 && fallback === 1)) return 'it works along a spatial axis';
    return combined(inputs);
  }
  switch (opType) {
    case 'Conv':
      return windowed(node, first, inputs[1]?.shape?.slice(2) ?? intsAttribute(node, 'kernel_shape'));
    case 'MaxPool':
    case 'AveragePool':
      return windowed(node, first, intsAttribute(node, 'kernel_shape'));
    case 'ConvTranspose':
      return transposed(node, first, inputs[1]?.shape?.slice(2) ?? null);
    case 'InstanceNormalization':
    case 'GroupNormalization':
    case 'GlobalAveragePool':
    case 'GlobalMaxPool':
      return 'it takes its mean or maximum over the whole volume';
    default:
      return unknown;
  }
}

/** Constants among the inputs must not differ from voxel to voxel. */
function combined(inputs: readonly NodeInput[]): Field | string {
  const fields = inputs.flatMap(({ field }) => (field === null ? [] : [field]));
  const rank = (fields[0]?.length ?? 0) + 2;
  const spatial = (shape: readonly Extent[]): readonly Extent[] => shape.slice(Math.max(0, shape.length - (rank - 2)));
  const differs = inputs.some(
    ({ field, shape }) => field === null && !(shape !== null && spatial(shape).every((extent) => extent === 1)),
  );
  if (differs) return 'it adds a constant that differs from voxel to voxel';
  return united(fields) ?? 'its inputs are of different scales';
}

function windowed(node: NodeProto, field: Field, kernel: readonly Extent[] | null): Field | string {
  const rank = field.length;
  const listed = (name: string, fallback: number, length = rank): readonly number[] =>
    intsAttribute(node, name) ?? new Array<number>(length).fill(fallback);
  const strides = listed('strides', 1);
  const dilations = listed('dilations', 1);
  const pads = listed('pads', 0, 2 * rank);
  const autoPad = stringAttribute(node, 'auto_pad', 'NOTSET');
  if (kernel?.length !== rank || kernel.includes(null)) return 'its kernel is not known';
  if (strides.length !== rank || dilations.length !== rank || pads.length !== 2 * rank)
    return 'its attributes are of another rank';
  if ([...kernel, ...strides, ...dilations].some((value) => !(value !== null && value >= 1))) {
    return 'its window has no size';
  }
  if (intAttribute(node, 'ceil_mode', 0) === 1) return 'it rounds its output up';
  if (autoPad.startsWith('SAME') && strides.some((stride) => stride !== 1)) return 'its padding depends on its input';
  return field.map((axis, at) => {
    const sliding = { kernel: kernel[at] ?? 1, stride: strides[at] ?? 1, dilation: dilations[at] ?? 1 };
    const total = sliding.dilation * (sliding.kernel - 1);
    const head =
      autoPad === 'SAME_UPPER'
        ? Math.floor(total / 2)
        : autoPad === 'SAME_LOWER'
          ? Math.ceil(total / 2)
          : autoPad === 'VALID'
            ? 0
            : (pads[at] ?? 0);
    return throughWindow(axis, { ...sliding, head });
  });
}

function transposed(node: NodeProto, field: Field, kernel: readonly Extent[] | null): Field | string {
  if (kernel?.length !== field.length || kernel.includes(null)) return 'its kernel is not known';
  const axes = transposedAxes(
    node,
    kernel as readonly number[],
    field.map(() => null),
  );
  if (typeof axes === 'string') return axes;
  return field.map((axis, at) => {
    const { kernel: extent, stride, padHead } = axes[at]!;
    return throughTransposed(axis, { kernel: extent, stride, head: padHead });
  });
}
