import { GraphBuilder } from '@overread/core/graph';
import { BALL_RESPONSE, RIM, scales, type Scale } from './scales.ts';

/**
 * Multi-scale dot enhancement (Li, Sone and Doi, Med. Phys. 30 (2003) 2040) as an ONNX graph.
 * `image` [1, 1, D, H, W] at 1 mm, 1 per 1000 HU -> `dots` of the same shape; the outermost `RIM` voxels are 0.
 * Gaussians are banded matrices made from the shape of the input, one MatMul per axis: fast on every runtime.
 */
export function nodulesGraph(): Uint8Array {
  const g = new GraphBuilder('ct-nodule');
  const shape = [1, 1, 'D', 'H', 'W'];
  const image = g.input('image', 'float32', shape);
  const lengths = [2, 3, 4].map((axis) =>
    g.node('Slice', [g.node('Shape', [image]), g.ints([axis]), g.ints([axis + 1])]),
  ) as Lengths;
  const volume = g.node('Squeeze', [image, g.ints([0, 1])]);
  const responses = scales.map((scale) => dots(g, volume, lengths, scale));
  const padding = g.ints([RIM, RIM, RIM, RIM, RIM, RIM]);
  const padded = g.node('Pad', [g.node('Max', responses), padding]);
  g.output(g.node('Unsqueeze', [padded, g.ints([0, 1])]), 'float32', shape, 'dots');
  return g.toBytes();
}

/** Name of a value of the graph. */
type Value = string;

/** Lengths of the input along D, H, W, as one-element int64 tensors. */
type Lengths = [Value, Value, Value];

/** Response of one scale on the core of the tile, [D - 2 RIM, H - 2 RIM, W - 2 RIM]. */
function dots(g: GraphBuilder, volume: Value, lengths: Lengths, scale: Scale): Value {
  const core = lengths.map((n) => g.node('Sub', [n, g.ints([2 * RIM])])) as Lengths;
  const samples = core.map((n) =>
    scale.step === 1 ? n : g.node('Add', [g.node('Div', [n, g.ints([2])]), g.ints([1])]),
  ) as Lengths;
  // One more sample at each end, for the differences.
  const rows = samples.map((n) => g.node('Add', [n, g.ints([2])])) as Lengths;
  const matrices = rows.map((count, axis) => gaussian(g, scale, count, lengths[axis]!)) as Lengths;
  const smooth = alongAxes(g, volume, lengths, matrices, rows);
  const raw = blobness(g, hessian(g, smooth));
  // Scale normalisation: sigma squared makes responses of equal contrast equal; step squared belongs to the differences.
  const response = g.node('Mul', [raw, g.scalar((scale.sigma / scale.step) ** 2 / BALL_RESPONSE)]);
  if (scale.step === 1) return response;
  const spread = core.map((count, axis) => interpolation(g, count, samples[axis]!, scale.step)) as Lengths;
  return alongAxes(g, response, samples, spread, core);
}

/** Rows: Gaussian weights, summing to 1, of the samples RIM - step, RIM, RIM + step, … over the whole axis. [count, length] */
function gaussian(g: GraphBuilder, scale: Scale, count: Value, length: Value): Value {
  const squared = squaredOffsets(g, count, length, scale.step, RIM - scale.step);
  const weight = g.node('Exp', [g.node('Mul', [squared, g.scalar(-0.5 / scale.sigma ** 2)])]);
  const near = g.node('LessOrEqual', [squared, g.scalar(scale.reach ** 2 + 0.25)]);
  const cut = g.node('Mul', [weight, g.node('Cast', [near], { to: 1 })]);
  return g.node('Div', [cut, g.node('ReduceSum', [cut, g.ints([1])], { keepdims: 1 })]);
}

/** Rows: linear interpolation at 0, 1, 2, … between samples at 0, step, 2 step, … [count, samples] */
function interpolation(g: GraphBuilder, count: Value, samples: Value, step: number): Value {
  const positions = column(g, count);
  const knots = g.node('Mul', [row(g, samples), g.scalar(step)]);
  const distance = g.node('Abs', [g.node('Sub', [positions, knots])]);
  return g.node('Relu', [g.node('Sub', [g.scalar(1), g.node('Mul', [distance, g.scalar(1 / step)])])]);
}

/** (first + step * row - column)^2, [count, length]. */
function squaredOffsets(g: GraphBuilder, count: Value, length: Value, step: number, first: number): Value {
  const positions = g.node('Add', [g.node('Mul', [column(g, count), g.scalar(step)]), g.scalar(first)]);
  const offset = g.node('Sub', [positions, row(g, length)]);
  return g.node('Mul', [offset, offset]);
}

function column(g: GraphBuilder, count: Value): Value {
  return g.node('Unsqueeze', [counting(g, count), g.ints([1])]);
}

function row(g: GraphBuilder, count: Value): Value {
  return g.node('Unsqueeze', [counting(g, count), g.ints([0])]);
}

/** 0, 1, 2, … as float32. */
function counting(g: GraphBuilder, count: Value): Value {
  const scalar = g.node('Squeeze', [count, g.ints([0])]);
  return g.node('Cast', [g.node('Range', [g.int(0), scalar, g.int(1)])], { to: 1 });
}

/** Applies a matrix [to, from] along D, then H, then W. */
function alongAxes(g: GraphBuilder, volume: Value, from: Lengths, [mz, my, mx]: Lengths, to: Lengths): Value {
  const flat = g.node('Reshape', [volume, g.node('Concat', [from[0], g.ints([-1])], { axis: 0 })]);
  const z = g.node('MatMul', [mz, flat]);
  const slices = g.node('Reshape', [z, g.node('Concat', [to[0], from[1], from[2]], { axis: 0 })]);
  const y = g.node('MatMul', [my, slices]);
  return g.node('MatMul', [y, g.node('Transpose', [mx], { perm: [1, 0] })]);
}

interface Hessian {
  readonly zz: Value;
  readonly yy: Value;
  readonly xx: Value;
  readonly yz: Value;
  readonly xz: Value;
  readonly xy: Value;
}

/** Central differences; the result is one sample shorter at each face. */
function hessian(g: GraphBuilder, smooth: Value): Hessian {
  const part = (z: Shift, y: Shift, x: Shift) => {
    const starts = [z, y, x].map((shift) => shift + 1);
    // A negative end counts from the end of the axis; past the end is cut.
    const ends = [z, y, x].map((shift) => (shift === 1 ? Number.MAX_SAFE_INTEGER : shift - 1));
    return g.node('Slice', [smooth, g.ints(starts), g.ints(ends), g.ints([0, 1, 2])]);
  };
  const twice = g.node('Mul', [part(0, 0, 0), g.scalar(2)]);
  const second = (plus: Value, minus: Value) => g.node('Sub', [g.node('Add', [plus, minus]), twice]);
  const mixed = (pp: Value, mm: Value, pm: Value, mp: Value) => {
    const sum = g.node('Sub', [g.node('Add', [pp, mm]), g.node('Add', [pm, mp])]);
    return g.node('Mul', [sum, g.scalar(0.25)]);
  };
  return {
    zz: second(part(1, 0, 0), part(-1, 0, 0)),
    yy: second(part(0, 1, 0), part(0, -1, 0)),
    xx: second(part(0, 0, 1), part(0, 0, -1)),
    yz: mixed(part(1, 1, 0), part(-1, -1, 0), part(1, -1, 0), part(-1, 1, 0)),
    xz: mixed(part(1, 0, 1), part(-1, 0, -1), part(1, 0, -1), part(-1, 0, 1)),
    xy: mixed(part(0, 1, 1), part(0, -1, -1), part(0, 1, -1), part(0, -1, 1)),
  };
}

type Shift = -1 | 0 | 1;

/**
 * l1^2 / |l3| where all eigenvalues are negative (|l1| <= |l2| <= |l3|), else 0.
 * Eigenvalues of the symmetric 3x3 matrix by the trigonometric solution of its characteristic equation.
 */
function blobness(g: GraphBuilder, { xx, yy, zz, xy, xz, yz }: Hessian): Value {
  const add = (a: Value, b: Value) => g.node('Add', [a, b]);
  const sub = (a: Value, b: Value) => g.node('Sub', [a, b]);
  const mul = (a: Value, b: Value) => g.node('Mul', [a, b]);
  const times = (a: Value, factor: number) => mul(a, g.scalar(factor));

  const mean = times(add(add(xx, yy), zz), 1 / 3);
  const [a, b, c] = [sub(xx, mean), sub(yy, mean), sub(zz, mean)];
  const [xy2, xz2, yz2] = [mul(xy, xy), mul(xz, xz), mul(yz, yz)];
  const offDiagonal = add(add(xy2, xz2), yz2);
  const spread = add(add(add(mul(a, a), mul(b, b)), mul(c, c)), times(offDiagonal, 2));
  // The smallest float keeps the division defined where the matrix is a multiple of the identity.
  const p = g.node('Sqrt', [add(times(spread, 1 / 6), g.scalar(1e-20))]);
  const determinant = sub(
    add(mul(mul(a, b), c), times(mul(mul(xy, xz), yz), 2)),
    add(add(mul(a, yz2), mul(b, xz2)), mul(c, xy2)),
  );
  const cosine = g.node('Div', [times(determinant, 0.5), mul(mul(p, p), p)]);
  const angle = times(g.node('Acos', [g.node('Clip', [cosine, g.scalar(-1), g.scalar(1)])]), 1 / 3);
  const twiceP = times(p, 2);
  const largest = add(mean, mul(twiceP, g.node('Cos', [angle])));
  const smallest = add(mean, mul(twiceP, g.node('Cos', [add(angle, g.scalar((2 * Math.PI) / 3))])));
  const weakest = g.node('Relu', [g.node('Neg', [largest])]);
  const strongest = g.node('Max', [g.node('Neg', [smallest]), g.scalar(1e-9)]);
  return g.node('Div', [mul(weakest, weakest), strongest]);
}
