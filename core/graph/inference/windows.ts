import { intAttribute, intsAttribute, stringAttribute } from '../attribute.ts';
import type { NodeProto } from '../onnx/types.ts';
import { transposedAxes } from '../passes/transposed-geometry.ts';
import type { Extent } from './value-type.ts';

type Shape = readonly Extent[] | null;

/** Conv: [N, M, ...]. */
export function convShape(node: NodeProto, input: Shape, weights: Shape): Shape {
  const kernel = known(weights?.slice(2));
  if (input === null || weights === null || kernel === null || input.length !== weights.length) return null;
  return [input[0] ?? null, weights[0] ?? null, ...windowExtents(node, input.slice(2), kernel)];
}

/** MaxPool, AveragePool and their like: channels stay. */
export function poolShape(node: NodeProto, input: Shape): Shape {
  const kernel = intsAttribute(node, 'kernel_shape');
  if (input === null || kernel?.length !== input.length - 2) return null;
  return [input[0] ?? null, input[1] ?? null, ...windowExtents(node, input.slice(2), kernel)];
}

/** ConvTranspose: [N, M / group x group, ...]. */
export function convTransposeShape(node: NodeProto, input: Shape, weights: Shape): Shape {
  const kernel = known(weights?.slice(2));
  if (input === null || weights === null || kernel === null || input.length !== weights.length) return null;
  const axes = transposedAxes(node, kernel, input.slice(2));
  const spatial = input.slice(2).map((extent, at) => {
    const axis = typeof axes === 'string' ? undefined : axes[at];
    if (axis === undefined || extent === null) return null;
    return axis.stride * (extent - 1) + axis.kernel + axis.outputPadding - axis.padHead - axis.padTail;
  });
  const perGroup = weights[1] ?? null;
  return [input[0] ?? null, perGroup === null ? null : perGroup * intAttribute(node, 'group', 1), ...spatial];
}

function windowExtents(node: NodeProto, input: readonly Extent[], kernel: readonly number[]): readonly Extent[] {
  const rank = kernel.length;
  const strides = intsAttribute(node, 'strides') ?? [];
  const dilations = intsAttribute(node, 'dilations') ?? [];
  const pads = intsAttribute(node, 'pads') ?? [];
  const autoPad = stringAttribute(node, 'auto_pad', 'NOTSET');
  const ceiling = intAttribute(node, 'ceil_mode', 0) === 1;
  return input.map((extent, at) => {
    if (extent === null) return null;
    const stride = strides[at] ?? 1;
    if (autoPad.startsWith('SAME')) return Math.ceil(extent / stride);
    const [head, tail] = autoPad === 'VALID' ? [0, 0] : [pads[at] ?? 0, pads[at + rank] ?? 0];
    const reach = (kernel[at]! - 1) * (dilations[at] ?? 1) + 1;
    const travel = (extent + head + tail - reach) / stride;
    // Rounded up, the last window may be cut short, but it never starts in the tail padding.
    const starts = ceiling && Math.ceil(travel) * stride < extent + head ? Math.ceil(travel) : Math.floor(travel);
    const steps = starts + 1;
    return Number.isSafeInteger(steps) && steps > 0 ? steps : null;
  });
}

function known(shape: readonly Extent[] | undefined): readonly number[] | null {
  return shape?.every((extent) => extent !== null) === true ? shape : null;
}
