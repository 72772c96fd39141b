import { paintShape, type Canvas } from '../canvas.ts';
import { paintTube, smoothLine, tubesAlong } from '../tube.ts';
import { bone } from './bone.ts';
import { clamp, ellipsoid, joined, mix, step, type Point } from './smooth.ts';
import { texture } from './texture.ts';
import { cageRadius, spineDepth } from './torso.ts';

const sides = [-1, 1] as const;
/** Height of the vertebra that rib `index` (0 = first) joins. */
const level = (index: number) => 112 - 21.5 * index;

export function paintSkeleton(canvas: Canvas, seed: number): void {
  const spongy = texture(seed + 3, 1.6);
  for (let index = -2; index < 13; index += 1) paintVertebra(canvas, level(index), bone(1, spongy));
  for (const side of sides) {
    for (let index = 0; index < 12; index += 1) paintRib(canvas, index, side);
    paintShoulder(canvas, side);
  }
  paintSternum(canvas, bone(1, spongy));
}

const hollow = (shell: number, inner: number) => (depth: number, radius: number) =>
  mix(760, inner, clamp((depth - shell) / Math.max(0.8, radius - shell), 0, 1));

function paintVertebra(canvas: Canvas, z: number, look: ReturnType<typeof bone>): void {
  const depth = spineDepth(z);
  const halfHeight = 8.6;
  const body = (x: number, y: number, height: number) => {
    // Waisted, flat at both ends, hollowed behind.
    const waist = 1.6 * (1 - ((height - z) / halfHeight) ** 2);
    const round = ellipsoid(x, y, 0, [0, depth, 0], [18.5 - waist, 15 - waist, 40]);
    return -joined(-round, halfHeight - Math.abs(height - z), 2.5);
  };
  const disc = (x: number, y: number, height: number) =>
    Math.max(ellipsoid(x, y, 0, [0, depth, 0], [17.5, 14, 40]), Math.abs(height - z - 10.75) - 2.6);
  paintShape(canvas, [0, depth, z + 10.75], [20, 17, 4], disc, () => 88);
  paintShape(canvas, [0, depth, z], [21, 18, 11], body, look);
  const back = depth + 18;
  // Canal: cord in fluid, a little fat around.
  const canal = (x: number, y: number) => Math.hypot(x * 0.9, y - back) - 8.5;
  paintShape(canvas, [0, back, z], [11, 10, 11], canal, (inside) => (inside > 4 ? 38 : inside > 1.2 ? 12 : -40));
  const arch = { material: hollow(1.2, 260) };
  for (const side of sides) {
    const tube = (from: Point, to: Point, fromRadius: number, toRadius: number, heightWeight: number) =>
      paintTube(canvas, { from, to, fromRadius, toRadius }, { ...arch, heightWeight });
    tube([side * 11, depth + 8, z + 3], [side * 11.5, back + 4, z + 3], 3.6, 4, 0.6);
    tube([side * 11.5, back + 5, z + 1], [side * 1.5, back + 13, z - 5], 3.4, 3, 0.4);
    tube([side * 13, back + 5, z + 3], [side * 33, back + 13, z + 5], 4.2, 4.6, 0.7);
  }
  paintTube(
    canvas,
    { from: [0, back + 12, z - 4], to: [0, back + 27, z - 20], fromRadius: 2.6, toRadius: 3.2 },
    { ...arch, heightWeight: 0.6 },
  );
}

/** The way of one rib: out and back from the spine, around the cage and down. */
function ribLine(index: number, side: number): Point[] {
  const endAngle = [2.55, 2.62, 2.66, 2.66, 2.64, 2.6, 2.5, 2.35, 2.2, 2.02, 1.6, 1.15][index]!;
  const drop = [26, 48, 68, 82, 90, 94, 96, 94, 88, 78, 56, 34][index]!;
  const startAngle = 0.36;
  const line: Point[] = [[side * 17, spineDepth(level(index)) + 8, level(index) + 8]];
  for (let at = 0; at <= 40; at += 1) {
    const share = at / 40;
    const angle = mix(startAngle, endAngle, share);
    const z = level(index) + 8 - drop * step(share, -0.25, 1.15) + drop * step(0, -0.25, 1.15);
    // The first ribs make a narrow ring of their own.
    const ring = index === 0 ? 16 : index === 1 ? 7 : 0;
    const angleOfNeck = 5.5 + 9 * Math.exp(-(((angle - startAngle) / 0.2) ** 2));
    const radius = cageRadius(angle, z) - ring + angleOfNeck;
    line.push([side * radius * Math.sin(angle), radius * Math.cos(angle), z]);
  }
  return line;
}

function paintRib(canvas: Canvas, index: number, side: number): void {
  const line = ribLine(index, side);
  const look = { material: hollow(0.9, 190), heightWeight: index === 0 ? 0.9 : 0.56 };
  for (const tube of tubesAlong(line, (share) => 3.4 + 0.5 * Math.sin(Math.PI * share))) paintTube(canvas, tube, look);
  if (index > 9) return;
  const end = line[line.length - 1]!;
  const target: Point = [side * (index === 0 ? 24 : 17), -91 + (index === 0 ? 6 : 0), 96 - 18 * Math.min(index, 6.4)];
  const middle: Point = [mix(end[0], target[0], 0.5), Math.min(end[1], target[1]) + 2, mix(end[2], target[2], 0.35)];
  // Cartilage, calcified at its rim with age.
  const cartilage = { material: (depth: number) => (depth < 0.8 ? 135 : 98), heightWeight: 0.6 };
  for (const tube of tubesAlong(smoothLine([end, middle, target], 10), () => 3.7)) paintTube(canvas, tube, cartilage);
}

function paintSternum(canvas: Canvas, look: ReturnType<typeof bone>): void {
  const slope = (z: number) => -92 + 0.1 * Math.max(0, z - 40);
  const plate = (halfWidth: number, halfHeight: number, centre: number) => (x: number, y: number, z: number) => {
    const across = ellipsoid(x, y, 0, [0, slope(z), 0], [halfWidth, 6.5, 60]);
    return -joined(-across, halfHeight - Math.abs(z - centre), 4);
  };
  paintShape(canvas, [0, -90, 86], [32, 14, 26], plate(27, 22, 86), look);
  paintShape(canvas, [0, -92, 10], [20, 12, 54], plate(16, 50, 10), look);
  paintShape(canvas, [0, -92, -52], [10, 8, 14], plate(6, 11, -52), () => 150);
}

function paintShoulder(canvas: Canvas, side: number): void {
  const solid = { material: hollow(1.4, 210) };
  const along = (points: readonly Point[], radius: number, heightWeight = 1) => {
    const mirrored = points.map(([x, y, z]): Point => [side * x, y, z]);
    for (const tube of tubesAlong(smoothLine(mirrored, 8), () => radius))
      paintTube(canvas, tube, { ...solid, heightWeight });
  };
  // Clavicle.
  along(
    [
      [22, -80, 110],
      [58, -74, 117],
      [96, -50, 124],
      [134, -14, 128],
    ],
    5.6,
  );
  // Shoulder blade: borders, spine, socket; the blade itself is thinner than its rims.
  along(
    [
      [70, 86, 122],
      [84, 92, 78],
      [97, 88, 28],
    ],
    3.2,
  );
  along(
    [
      [97, 88, 28],
      [116, 74, 64],
      [142, 44, 104],
    ],
    4.2,
  );
  along(
    [
      [70, 86, 122],
      [104, 74, 128],
      [140, 46, 118],
    ],
    3,
  );
  along(
    [
      [78, 97, 100],
      [112, 92, 114],
      [148, 58, 128],
    ],
    4,
  );
  along(
    [
      [142, 42, 106],
      [146, 38, 122],
    ],
    10,
  );
  const blade = { material: () => 520, heightWeight: 0.5 };
  for (let row = 0; row <= 24; row += 1) {
    const share = row / 24;
    const medial: Point = [side * mix(97, 72, share), mix(88, 88, share), mix(30, 120, share)];
    const lateral: Point = [side * mix(97, 140, share), mix(88, 46, share), mix(30, 112, share)];
    paintTube(canvas, { from: medial, to: lateral, fromRadius: 1.3, toRadius: 1.6 }, blade);
  }
}
