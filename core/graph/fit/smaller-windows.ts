import { intAttribute } from '../attribute.ts';
import { inferValues } from '../inference/infer.ts';
import { declaredType } from '../inference/value-type.ts';
import type { GraphProto, ModelProto, NodeProto, ValueInfoProto } from '../onnx/types.ts';
import { standardDomain } from '../standard-domain.ts';

/** What is known of the window that a graph was made for. */
export interface WindowRequest {
  /** Name of the input. */
  readonly input: string;
  readonly channels: number;
  /** [D, H, W]. */
  readonly size: readonly [number, number, number];
  /** Names of outputs that stand voxel for voxel on the input. */
  readonly outputs: readonly string[];
}

type Size = readonly [number, number, number];

/**
 * What networks of convolutions are made of, whatever the extent of what they look at: convolutions, pooling, what goes voxel by voxel,
 * normalization, and what moves, cuts and joins. Products of matrices are not among them: attention and dense layers know their extent.
 */
const ofConvolutions = new Set(
  `Abs Add ArgMax AveragePool BatchNormalization Cast Ceil Celu Clip Concat Constant ConstantOfShape Conv ConvTranspose DepthToSpace Div
  Dropout Elu Erf Exp Expand Floor Gather Gelu GlobalAveragePool GlobalMaxPool GroupNormalization HardSigmoid HardSwish Identity
  InstanceNormalization LeakyRelu Log LogSoftmax Max MaxPool Min Mish Mul Neg PRelu Pad Pow Reciprocal ReduceMean Relu Reshape Resize
  Selu Shape Sigmoid Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tanh Transpose Unsqueeze Upsample`.split(
    /\s+/,
  ),
);
/** Several inputs, which ONNX stretches to one shape. */
const stretching = new Set('Add Div Max Min Mul PRelu Pow Sub Sum'.split(' '));

/** Shares of the window that are tried, largest first. */
const shares = [3 / 4, 1 / 2] as const;
/** Voxels that the deepest layer sees of a smaller window at least: a normalization over one gives 0 for everything. */
const fewest = 2;

/**
 * Smaller windows that a network of convolutions takes, largest first: of three quarters and of half the extent, in whole steps of its strides.
 * Each was followed through the graph, node by node, to an answer of its own size. None where the graph fixes its extents, or where it is not
 * known whether it takes others.
 */
export function smallerWindows({ graph }: ModelProto, request: WindowRequest): readonly Size[] {
  if (graph === undefined || !graph.node.every(isOfConvolutions)) return [];
  if ([...graph.input, ...graph.output].some((value) => isFixed(value, request))) return [];
  const strides = stridesOf(graph, request);
  if (strides === null) return [];
  const sizes = shares.map((share) => request.size.map((extent, at) => down(extent * share, strides[at]!)) as [number, number, number]); // prettier-ignore
  return sizes.filter(
    (size, at) =>
      size.every((extent, axis) => extent >= fewest * strides[axis]!) &&
      size.some((extent, axis) => extent < (sizes[at - 1] ?? request.size)[axis]!) &&
      takes(graph, { ...request, size }) !== null,
  );
}

/** Whether an input or output that is asked for has an extent that the graph fixes. */
function isFixed(value: ValueInfoProto, { input, outputs }: WindowRequest): boolean {
  if (value.name !== input && !outputs.includes(value.name)) return false;
  return (
    declaredType(value)
      .shape?.slice(2)
      .some((extent) => extent !== null) === true
  );
}

function isOfConvolutions({ opType, domain }: NodeProto): boolean {
  return standardDomain(domain) && ofConvolutions.has(opType);
}

function down(extent: number, stride: number): number {
  return Math.floor(extent / stride) * stride;
}

/** How many voxels of the window one of the deepest layer stands for, by axis. */
function stridesOf(graph: GraphProto, request: WindowRequest): readonly number[] | null {
  const made = takes(graph, request);
  if (made === null) return null;
  return request.size.map((extent, axis) => {
    const extents = made.map((shape) => shape[axis + 2]!).filter((each) => each > 1 && each <= extent);
    return Math.ceil(extent / extents.reduce((least, each) => Math.min(least, each), extent));
  });
}

/** Shapes [N, C, D, H, W] of what the graph makes of a window, where it takes that; else null. */
function takes(
  graph: GraphProto,
  { input, channels, size, outputs }: WindowRequest,
): readonly (readonly number[])[] | null {
  const fed = [1, channels, ...size];
  const values = inferValues(graph, { [input]: fed });
  const shapeOf = (name: string): readonly number[] | null => {
    const shape = values.get(name)?.shape ?? null;
    return shape?.every((extent) => extent !== null) === true ? shape : null;
  };
  if (String(shapeOf(input)) !== String(fed)) return null;
  const made: (readonly number[])[] = [];
  const ofInput = new Set([input]);
  for (const node of graph.node) {
    const inputs = node.input.filter((name) => name !== '').map(shapeOf);
    const known = inputs.filter((shape) => shape !== null);
    const results = node.output.filter((name) => name !== '').map(shapeOf);
    const first = results[0] ?? null;
    if (known.length < inputs.length || first === null || !agree(node, known, first)) return null;
    // Constants have extents of their own.
    if (!node.input.some((name) => ofInput.has(name))) continue;
    for (const name of node.output) ofInput.add(name);
    for (const shape of results) if (shape?.length === fed.length) made.push(shape);
  }
  const isOnInput = (name: string): boolean => String(shapeOf(name)?.slice(2)) === String(size);
  return outputs.every(isOnInput) ? made : null;
}

/** Whether the shapes that meet in a node go together: what is inferred takes it that they do. */
function agree(node: NodeProto, inputs: readonly (readonly number[])[], made: readonly number[]): boolean {
  const count = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);
  const [first = []] = inputs;
  if (node.opType === 'Concat') {
    const axis = intAttribute(node, 'axis', 0);
    const along = axis < 0 ? axis + first.length : axis;
    return inputs.every((shape) => String(shape.toSpliced(along, 1)) === String(first.toSpliced(along, 1)));
  }
  if (node.opType === 'Reshape') return count(first) === count(made);
  if (node.opType === 'Expand' || !stretching.has(node.opType)) return made.every((extent) => extent > 0);
  return inputs.every((shape) =>
    shape.every((extent, at) => extent === 1 || extent === made[at + made.length - shape.length]),
  );
}
