import { GraphBuilder } from '@overread/core/graph';

/** HU at which one tissue ends and the next begins: background | lung | fat | soft tissue | bone. */
const boundaries = [-1010, -190, -30, 160] as const;

/** Weights of the smoothing along one axis: a little more than one voxel wide, against noise. */
const smoothing = [0.25, 0.5, 0.25] as const;

/**
 * Tissue by HU as an ONNX graph: `image` [1, 1, D, H, W] in HU -> `logits` [1, 5, D, H, W].
 *
 * Logit c is the line c x - (b1 + … + bc), in units of 100 HU, of the smoothed value x: of all lines, line c is the highest exactly
 * between boundary c and boundary c + 1. Smoothing and lines are linear, so both are one convolution.
 */
export function tissueGraph(): Uint8Array {
  const g = new GraphBuilder('ct-tissue');
  const image = g.input('image', 'float32', [1, 1, 'D', 'H', 'W']);
  const classes = boundaries.length + 1;
  const weights: number[] = [];
  const biases: number[] = [];
  for (let c = 0; c < classes; c++) {
    for (const z of smoothing)
      for (const y of smoothing) for (const x of smoothing) weights.push((c * z * y * x) / 100);
    biases.push(-boundaries.slice(0, c).reduce((sum, boundary) => sum + boundary, 0) / 100);
  }
  // Repeats the outermost voxels where a tile ends: zeros would be water.
  const padded = g.node('Pad', [image, g.ints([0, 0, 1, 1, 1, 0, 0, 1, 1, 1])], { mode: 'edge' });
  const lines = g.initializer('lines', 'float32', [classes, 1, 3, 3, 3], Float32Array.from(weights));
  const offsets = g.initializer('offsets', 'float32', [classes], Float32Array.from(biases));
  const logits = g.node('Conv', [padded, lines, offsets], { kernel_shape: [3, 3, 3] });
  g.output(logits, 'float32', [1, classes, 'D', 'H', 'W'], 'logits');
  return g.toBytes();
}
