import { GraphBuilder } from '@overread/core/graph';

/** Voxels of the boxes whose means are compared, along each axis: a spot, and what is round it. */
const spot = 3;
const surroundings = 11;
/** A spot counts from this much denser than its surroundings, in 1000 HU: vessels seen across stay below. */
const denser = 0.5;
/** Sum over all spots at which the score is one half, in 1000 HU times voxels. */
const halfSpots = 3;
/** Lung below this counts as emphysema; a voxel at the limit counts half, one 20 HU on either side nearly all or nothing. In 1000 HU above -1000. */
const emphysema = 0.05;
const steepness = 200;
/** Share of such voxels at which the score is one half. */
const halfShare = 0.06;

/**
 * Two statements about lungs: `image` [1, 1, D, H, W], 1 per 1000 HU above -1000 HU, lung's own density outside the lungs -> `scores` [1, 2]:
 * nodule, emphysema, each from 0 to below 1. A score is s / (s + half) of a sum or share s, so every spot adds to it, and what covers one takes
 * its part away.
 */
export function lungSignsGraph(): Uint8Array {
  const g = new GraphBuilder('ct-lung-signs');
  const image = g.input('image', 'float32', [1, 1, 'D', 'H', 'W']);
  const spots = g.node('Sub', [meanOf(g, image, spot), meanOf(g, image, surroundings)]);
  const counted = g.node('Relu', [g.node('Sub', [spots, g.scalar(denser)])]);
  const nodule = g.node('ReduceSum', [counted, g.ints([2, 3, 4])], { keepdims: 0 });
  const below = g.node('Sub', [g.scalar(emphysema), image]);
  const thin = g.node('Sigmoid', [g.node('Mul', [below, g.scalar(steepness)])]);
  const share = g.node('ReduceMean', [thin], { axes: [2, 3, 4], keepdims: 0 });
  const scores = [saturated(g, nodule, halfSpots), saturated(g, share, halfShare)];
  g.output(g.node('Concat', scores, { axis: 1 }), 'float32', [1, 2], 'scores');
  return g.toBytes();
}

/** Mean of the box of this many voxels round each voxel, as far as there are any; axis by axis, which takes a fraction of the work. */
function meanOf(g: GraphBuilder, image: string, side: number): string {
  return [0, 1, 2].reduce((value, axis) => {
    const kernel = [1, 1, 1].map((one, at) => (at === axis ? side : one));
    const pads = kernel.map((length) => (length - 1) / 2);
    return g.node('AveragePool', [value], { kernel_shape: kernel, pads: [...pads, ...pads], count_include_pad: 0 });
  }, image);
}

function saturated(g: GraphBuilder, value: string, half: number): string {
  return g.node('Div', [value, g.node('Add', [value, g.scalar(half)])]);
}
