/**
 * Indices of `count` values of an output [1, C, D, H, W] or [N, C, H, W], spread over its channels and the middle quarter
 * of each spatial axis (what lies further out may be the rim that a graph leaves empty). Of other outputs (boxes, scores):
 * evenly from first to last.
 */
export function selfTestPositions(dims: readonly number[], count: number): number[] {
  if (dims.length < 4) {
    const values = dims.reduce((product, extent) => product * extent, 1);
    return Array.from({ length: count }, (_, n) => Math.floor(((n + 0.5) * values) / count));
  }
  const [height = 1, width = 1] = dims.slice(-2);
  const [channels = 1, depth = 1] = dims.slice(1, -2);
  // Steps of the additive sequence of the plastic number (Roberts, 2018): evenly spread points in a cube for any count.
  const steps = [0.8191725133961645, 0.6710436067037893, 0.5497004779019703] as const;
  const middle = (n: number, axis: 0 | 1 | 2, length: number) =>
    Math.floor(length * (0.375 + 0.25 * ((n * steps[axis]) % 1)));
  return Array.from({ length: count }, (_, n) => {
    const [k, j, i] = [middle(n, 0, depth), middle(n, 1, height), middle(n, 2, width)];
    return (((n % channels) * depth + k) * height + j) * width + i;
  });
}
