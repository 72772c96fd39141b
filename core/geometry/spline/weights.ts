/** The four cubic B-splines that reach a place `share` (0 to 1) behind a voxel: of the voxel before it, itself and the two after it. */
export function splineWeights(share: number, into: Float64Array): void {
  const rest = 1 - share;
  const [square, restSquare] = [share * share, rest * rest];
  into[0] = (restSquare * rest) / 6;
  into[1] = (4 - square * (6 - 3 * share)) / 6;
  into[2] = (4 - restSquare * (6 - 3 * rest)) / 6;
  into[3] = (square * share) / 6;
}
