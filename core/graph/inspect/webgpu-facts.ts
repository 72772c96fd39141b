import type { ElementType } from '../onnx/element-type.ts';

/**
 * What ONNX Runtime's WebGPU execution provider has kernels for (standard operators, onnxruntime 1.30; any operator set
 * that it reads). What is not here runs on the CPU, with its values copied there and back.
 */
export const webgpuOperators: ReadonlySet<string> = new Set(
  `Abs Acos Acosh Add ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization Cast Ceil Clip Concat Conv
  ConvTranspose Cos Cosh CumSum DepthToSpace DequantizeLinear Div Einsum Elu Equal Erf Exp Expand Flatten Floor Gather
  GatherElements Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual HardSigmoid If InstanceNormalization
  LayerNormalization LeakyRelu Less LessOrEqual Log MatMul MaxPool Mul Neg Not PRelu Pad Pow Range Reciprocal ReduceL1
  ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape
  Resize Shape Sigmoid Sin Sinh Slice Softmax Split Sqrt Squeeze Sub Tan Tanh ThresholdedRelu Tile Transpose Unsqueeze
  Where`.split(/\s+/),
);

/** Element types that WebGPU computes with; others (int64 above all) go to the CPU. */
export const webgpuTypes: ReadonlySet<ElementType> = new Set<ElementType>([
  'float32',
  'float16',
  'int32',
  'uint32',
  'bool',
]);

/** Operators that make no use of values: nothing runs, or their work is a few integers. */
export const valueless: ReadonlySet<string> = new Set(['Constant', 'Identity', 'Shape', 'Size']);
