/** A point in the patient: x to the left, y to the back, z to the head, millimetres (LPS). */
export type Point = readonly [x: number, y: number, z: number];

export const clamp = (value: number, low: number, high: number) => (value < low ? low : value > high ? high : value);
export const mix = (a: number, b: number, share: number) => a + (b - a) * share;

/** 0 below `low`, 1 above `high`, without a corner in between. */
export function step(value: number, low: number, high: number): number {
  const share = clamp((value - low) / (high - low), 0, 1);
  return share * share * (3 - 2 * share);
}

/** A hill of height 1 around 0. */
export const bump = (value: number, width: number) => Math.exp(-(value * value) / (2 * width * width));

/** Smaller of two distances with the edge between them rounded over `radius` mm: union of shapes. */
export function joined(a: number, b: number, radius: number): number {
  const share = clamp(0.5 + (0.5 * (b - a)) / radius, 0, 1);
  return mix(b, a, share) - radius * share * (1 - share);
}

/** Larger of two distances with the edge rounded: what both shapes have in common. */
export const common = (a: number, b: number, radius: number) => -joined(-a, -b, radius);

/** Approximate signed distance to an ellipsoid's surface, negative inside. */
export function ellipsoid(x: number, y: number, z: number, centre: Point, radii: Point): number {
  const u = (x - centre[0]) / radii[0];
  const v = (y - centre[1]) / radii[1];
  const w = (z - centre[2]) / radii[2];
  const k0 = Math.sqrt(u * u + v * v + w * w);
  if (k0 < 1e-6) return -Math.min(...radii);
  const du = u / radii[0];
  const dv = v / radii[1];
  const dw = w / radii[2];
  return (k0 * (k0 - 1)) / Math.sqrt(du * du + dv * dv + dw * dw);
}

/** Length of a vector in a plane; several times faster than Math.hypot, which guards against overflow. */
export const length2 = (x: number, y: number) => Math.sqrt(x * x + y * y);

/** Share of a small voxel that lies inside a surface at signed distance `distance`. */
export const coverage = (distance: number, width = 0.8) => clamp(0.5 - distance / width, 0, 1);
