import { clamp, mix, type Point } from './anatomy/smooth.ts';
import { paint, type Canvas } from './canvas.ts';

export interface Tube {
  readonly from: Point;
  readonly to: Point;
  /** Millimetres at either end. */
  readonly fromRadius: number;
  readonly toRadius: number;
}

export interface TubeLook {
  /** HU at a depth below the tube's surface; a wall is a step in it. */
  readonly material: (depth: number, radius: number) => number;
  /** How much the height counts: below 1 the tube is taller than wide, as ribs are. */
  readonly heightWeight?: number;
  readonly relabel?: (old: number) => number;
}

const edge = 0.9;

/** Paints a tube with round ends. A tube thinner than a voxel is painted fainter, as a scanner would see it. */
export function paintTube(canvas: Canvas, { from, to, fromRadius, toRadius }: Tube, look: TubeLook): void {
  const weight = look.heightWeight ?? 1;
  const reach = Math.max(fromRadius, toRadius) + edge;
  const [ax, ay, az] = from;
  const [bx, by, bz] = [to[0] - ax, to[1] - ay, (to[2] - az) * weight];
  const length2 = bx * bx + by * by + bz * bz || 1e-9;
  const low: Point = [Math.min(ax, to[0]) - reach, Math.min(ay, to[1]) - reach, Math.min(az, to[2]) - reach / weight];
  const high: Point = [Math.max(ax, to[0]) + reach, Math.max(ay, to[1]) + reach, Math.max(az, to[2]) + reach / weight];
  paint(
    canvas,
    low,
    high,
    (x, y, z, stroke) => {
      const px = x - ax;
      const py = y - ay;
      const pz = (z - az) * weight;
      const along = clamp((px * bx + py * by + pz * bz) / length2, 0, 1);
      const [dx, dy, dz] = [px - along * bx, py - along * by, pz - along * bz];
      const radius = mix(fromRadius, toRadius, along);
      const depth = radius - Math.sqrt(dx * dx + dy * dy + dz * dz);
      if (depth <= -edge / 2) return;
      stroke.share = clamp(0.5 + depth / edge, 0, 1) * Math.min(1, radius / 0.55);
      stroke.hu = look.material(depth, radius);
    },
    look.relabel,
  );
}

/** Tubes along a line of points; radius by the share of the way, 0 to 1. */
export function tubesAlong(points: readonly Point[], radius: (share: number) => number): Tube[] {
  const last = points.length - 1;
  return points.slice(1).map((to, index) => ({
    from: points[index]!,
    to,
    fromRadius: radius(index / last),
    toRadius: radius((index + 1) / last),
  }));
}

/** A smooth line through points (Catmull-Rom), `steps` pieces between neighbours. */
export function smoothLine(points: readonly Point[], steps = 8): Point[] {
  const at = (index: number) => points[clamp(index, 0, points.length - 1)]!;
  const line: Point[] = [];
  for (let index = 0; index < points.length - 1; index += 1) {
    const [p0, p1, p2, p3] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
    for (let step = 0; step < steps; step += 1) line.push(catmullRom(p0, p1, p2, p3, step / steps));
  }
  line.push(at(points.length - 1));
  return line;
}

function catmullRom(p0: Point, p1: Point, p2: Point, p3: Point, t: number): Point {
  const axis = (n: 0 | 1 | 2) =>
    0.5 *
    (2 * p1[n] +
      (p2[n] - p0[n]) * t +
      (2 * p0[n] - 5 * p1[n] + 4 * p2[n] - p3[n]) * t * t +
      (3 * p1[n] - p0[n] - 3 * p2[n] + p3[n]) * t * t * t);
  return [axis(0), axis(1), axis(2)];
}
