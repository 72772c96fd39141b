import { label, paint, paintShape, type Canvas } from '../canvas.ts';
import { paintTube, smoothLine, tubesAlong } from '../tube.ts';
import { lungDistance } from './lungs.ts';
import { clamp, coverage, ellipsoid, joined, mix, type Point } from './smooth.ts';
import { texture } from './texture.ts';

const blood = 41;

/** Heart and great vessels without contrast medium, gullet and lymph nodes, in the fat that the background left. */
export function paintMediastinum(canvas: Canvas, seed: number): void {
  paintHeart(canvas, seed);
  const vessel = (points: readonly Point[], from: number, to: number) => {
    // The wall is a shade brighter than unenhanced blood.
    const look = { material: (depth: number) => (depth < 1.3 ? 50 : blood) };
    for (const tube of tubesAlong(smoothLine(points), (share) => mix(from, to, share))) paintTube(canvas, tube, look);
  };
  // Aorta: up from the heart, over the left main bronchus, down beside the spine.
  vessel(
    [
      [2, -24, -8],
      [-12, -30, 18],
      [-14, -26, 44],
      [-4, -10, 60],
      [14, 12, 62],
      [24, 34, 46],
      [23, 44, 10],
      [20, 45, -60],
      [10, 42, -150],
    ],
    16,
    11.5,
  );
  // Arteries to head and arms.
  vessel(
    [
      [-6, -14, 66],
      [-14, -10, 88],
      [-20, -6, 112],
      [-30, -8, 150],
    ],
    6.5,
    5,
  );
  vessel(
    [
      [6, 0, 70],
      [10, -2, 95],
      [16, 2, 150],
    ],
    4.5,
    4,
  );
  vessel(
    [
      [18, 14, 68],
      [24, 14, 95],
      [36, 6, 118],
      [70, -12, 126],
    ],
    5,
    4.5,
  );
  // Veins.
  vessel(
    [
      [-24, -12, -16],
      [-27, -15, 30],
      [-27, -17, 70],
      [-34, -14, 110],
      [-44, -14, 150],
    ],
    9.5,
    7,
  );
  vessel(
    [
      [-25, -18, 72],
      [0, -34, 82],
      [28, -26, 96],
      [50, -18, 116],
    ],
    6.5,
    6,
  );
  vessel(
    [
      [-24, -2, -50],
      [-24, 4, -80],
      [-16, 16, -150],
    ],
    12,
    12,
  );
  // Pulmonary trunk and its two branches.
  vessel(
    [
      [16, -46, -8],
      [18, -40, 14],
      [22, -24, 28],
      [32, -2, 32],
      [40, 16, 28],
    ],
    13.5,
    10,
  );
  vessel(
    [
      [20, -26, 28],
      [4, -12, 26],
      [-16, -3, 22],
      [-34, 8, 20],
    ],
    11.5,
    9,
  );
  // Pulmonary veins into the left atrium.
  vessel(
    [
      [6, 16, 0],
      [-18, 18, 2],
      [-36, 20, 4],
    ],
    8,
    6,
  );
  vessel(
    [
      [6, 16, 0],
      [24, 20, 4],
      [38, 20, 8],
    ],
    8,
    6,
  );
  paintGullet(canvas);
  for (const [x, y, z] of [
    [-9, 2, 58],
    [8, 6, 44],
    [-14, 14, 36],
    [2, 30, 28],
    [14, -30, 54],
    [-12, -34, 70],
  ] as const) {
    paintShape(
      canvas,
      [x, y, z],
      [6, 6, 7],
      (a, b, c) => ellipsoid(a, b, c, [x, y, z], [3.6, 2.6, 5]),
      () => 38,
    );
  }
}

function paintHeart(canvas: Canvas, seed: number): void {
  const muscle = texture(seed + 4, 9);
  const outer = (x: number, y: number, z: number) => {
    const left = ellipsoid(x, y, z, [31, -24, -42], [48, 37, 42]);
    const right = ellipsoid(x, y, z, [6, -42, -42], [42, 30, 38]);
    const atria = ellipsoid(x, y, z, [-4, 4, -16], [44, 26, 27]);
    const appendage = ellipsoid(x, y, z, [-20, -24, -28], [27, 29, 36]);
    return joined(joined(left, right, 9), joined(atria, appendage, 9), 9);
  };
  // Grooves with fat and the coronary vessels: between atria and ventricles, and between the ventricles.
  const groove = (x: number, y: number, z: number) => {
    const between = Math.abs(0.55 * (x - 2) - 0.75 * (y + 12) - 0.36 * (z + 30)) - 1.6;
    const septal = Math.abs(0.8 * (x - 24) + 0.6 * (y + 40)) - 1.2;
    return Math.min(between, septal);
  };
  paintShape(canvas, [14, -20, -38], [70, 56, 56], outer, (depth, x, y, z) => {
    const cut = groove(x, y, z);
    const fat = coverage(cut, 3) * clamp((9 - depth) / 8, 0, 1);
    const chamber = depth > 13 ? blood - 2 : 47;
    return mix(chamber + 2.5 * muscle(x, y, z), -78, fat);
  });
  // The sac: a thin line in the fat around the heart.
  paint(canvas, [-50, -80, -100], [90, 40, 20], (x, y, z, stroke) => {
    const shell = Math.abs(outer(x, y, z) - 4.5) - 0.5;
    if (shell > 0.5 || y > 8 || lungDistance(x, y, z) < 1.5) return;
    stroke.share = 0.75 * coverage(shell, 1);
    stroke.hu = 25;
  });
  const coronary = smoothLine([
    [14, -58, -4],
    [30, -62, -24],
    [44, -58, -48],
    [50, -44, -70],
  ]);
  for (const tube of tubesAlong(coronary, () => 1.6)) paintTube(canvas, tube, { material: () => 55 });
}

function paintGullet(canvas: Canvas): void {
  const line = smoothLine([
    [2, 30, 150],
    [5, 32, 90],
    [4, 32, 40],
    [2, 34, 0],
    [8, 30, -50],
    [18, 16, -95],
  ]);
  for (const tube of tubesAlong(line, () => 7)) {
    paintTube(canvas, tube, { material: (depth) => (depth > 5.4 ? -250 : 34) });
  }
}

/** Windpipe and main bronchi: air in a thin wall. Air outside the lungs has a label of its own. */
export function paintMainAirways(canvas: Canvas): void {
  const carina: Point = [0, 20, 42];
  const trachea = smoothLine([[0, 6, 150], [1, 10, 110], [1, 16, 72], carina]);
  const right = smoothLine([carina, [-14, 20, 30], [-28, 18, 20], [-36, 18, 10]]);
  const left = smoothLine([carina, [16, 22, 30], [32, 22, 20], [42, 22, 10]]);
  const parts = [
    ...tubesAlong(trachea, () => 9),
    ...tubesAlong(right, (s) => mix(8, 6, s)),
    ...tubesAlong(left, (s) => mix(7, 5.5, s)),
  ];
  const wall = 1.5;
  for (const tube of parts) paintTube(canvas, widened(tube, wall), { material: () => 38 });
  const relabel = (old: number) => (old === label.none ? label.airwayOutside : label.airway);
  for (const tube of parts) paintTube(canvas, tube, { material: () => -990, relabel });
}

function widened<T extends { fromRadius: number; toRadius: number }>(tube: T, by: number): T {
  return { ...tube, fromRadius: tube.fromRadius + by, toRadius: tube.toRadius + by };
}
