import { label, type Canvas } from '../canvas.ts';
import { seeded } from '../random.ts';
import { paintTube } from '../tube.ts';
import { lungDistance } from './lungs.ts';
import type { Point } from './smooth.ts';
import { growTree, type Branch } from './tree.ts';

interface Root {
  readonly side: -1 | 1;
  readonly artery: Point;
  readonly vein: Point;
  readonly bronchus: Point;
}

const roots: readonly Root[] = [
  { side: -1, artery: [-34, 10, 18], vein: [-36, 20, 4], bronchus: [-36, 18, 10] },
  { side: 1, artery: [40, 16, 26], vein: [38, 20, 8], bronchus: [42, 22, 10] },
];

const twigs = 850;

/**
 * Arteries, veins and bronchi of both lungs. A bronchus runs beside each larger artery, as it does in the body.
 * @param feeding points that an artery must lead to: the nodules that hang on a vessel.
 */
export function paintLungTrees(canvas: Canvas, seed: number, feeding: readonly Point[]): void {
  for (const [index, { side, artery, vein, bronchus }] of roots.entries()) {
    const own = feeding.filter(([x]) => Math.sign(x) === side);
    const arteries = treeOf(artery, seed + 10 + index, side, 0.52, own);
    const airways = treeOf(bronchus, seed + 10 + index, side, 0.38, []);
    paintVessels(canvas, treeOf(vein, seed + 20 + index, side, 0.48, []));
    paintVessels(canvas, arteries);
    paintBronchi(
      canvas,
      airways.filter(({ radius }) => radius > 1.3),
    );
  }
}

function treeOf(root: Point, seed: number, side: number, twig: number, extra: readonly Point[]): Branch[] {
  const random = seeded(seed);
  const targets: Point[] = [...extra];
  while (targets.length < twigs) {
    const point: Point = [side * random.between(12, 135), random.between(-85, 100), random.between(-135, 115)];
    const depth = -lungDistance(...point);
    // Vessels thin out towards the pleura and end short of it.
    if (depth > 3 + 7 * random.uniform()) targets.push(point);
  }
  return growTree({ root, seed: seed + 1000, targets, twig, organ: lungDistance });
}

const asVessel = (old: number) => (old === label.lung ? label.vessel : old);

function paintVessels(canvas: Canvas, branches: readonly Branch[]): void {
  const look = { material: () => 38, relabel: asVessel };
  for (const { from, to, radius } of branches) {
    paintTube(canvas, { from, to, fromRadius: radius, toRadius: radius }, look);
  }
}

function paintBronchi(canvas: Canvas, branches: readonly Branch[]): void {
  const wall = { material: () => 20, relabel: asVessel };
  const air = {
    material: () => -975,
    relabel: (old: number) => (old === label.none ? label.airwayOutside : label.airway),
  };
  for (const [look, extra] of [
    [wall, 0.6],
    [air, 0],
  ] as const) {
    for (const { from, to, radius } of branches) {
      paintTube(canvas, { from, to, fromRadius: radius + extra, toRadius: radius + extra }, look);
    }
  }
}
