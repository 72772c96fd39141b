import type { ElementType } from '../onnx/element-type.ts';

/**
 * What ONNX Runtime's WebGPU execution provider has kernels for (standard operators). Seen in the node placements that
 * onnxruntime-web 1.30 logs, operator sets 17 and 22; the rarer ones from its kernel registrations. What is not here runs
 * on the CPU, with its values copied there and back.
 */
export const webgpuOperators: ReadonlySet<string> = new Set(
  `Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization Cast Ceil Clip Concat Conv
  ConvTranspose Cos Cosh CumSum DepthToSpace DequantizeLinear Div Einsum Elu Equal Erf Exp Expand Flatten Floor Gather
  GatherElements Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual HardSigmoid HardSwish Identity If
  InstanceNormalization LayerNormalization LeakyRelu Less LessOrEqual Log MatMul Max MaxPool Min Mul Neg Not PRelu Pad
  Pow Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd
  ReduceSum ReduceSumSquare Relu Reshape Resize Shape Sigmoid Sin Sinh Slice Softmax Softplus Split Sqrt Squeeze Sub Tan
  Tanh ThresholdedRelu Tile TopK Transpose Unsqueeze Where`.split(/\s+/),
);

/** Operators whose kernels end at an operator set: models of a later one run them on the CPU. */
export const lastOperatorSet: ReadonlyMap<string, number> = new Map([
  ['Elu', 21],
  ['GlobalAveragePool', 21],
  ['GlobalMaxPool', 21],
  ['HardSigmoid', 21],
  ['MaxPool', 21],
  ['ThresholdedRelu', 21],
]);

/** Element types that WebGPU computes with; others (int64 above all) go to the CPU. */
export const webgpuTypes: ReadonlySet<ElementType> = new Set<ElementType>([
  'float32',
  'float16',
  'int32',
  'uint32',
  'bool',
]);
