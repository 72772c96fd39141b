import { lungDistance } from './anatomy/lungs.ts';
import { paintLungTrees } from './anatomy/lung-trees.ts';
import { paintMainAirways, paintMediastinum } from './anatomy/mediastinum.ts';
import { paintNodule, type Nodule } from './anatomy/nodules.ts';
import { paintSkeleton } from './anatomy/skeleton.ts';
import type { Point } from './anatomy/smooth.ts';
import { paintBackground } from './background.ts';
import type { Canvas } from './canvas.ts';

/** The nearest point to the pleura on the way outwards from the body's axis, `depth` mm inside the lung. */
function besidePleura([x, y, z]: Point, depth: number): Point {
  let scale = 1;
  while (lungDistance(x * scale, y * scale, z) < -depth) scale += 0.002;
  return [x * scale, y * scale, z];
}

/** The patient's nodules at the time of one scan, by their diameters in millimetres. */
export function nodules(diameters: { upper: number; lower: number; pleural: number; small: number }): Nodule[] {
  return [
    {
      name: 'right upper lobe',
      centre: [-72, -4, 62],
      diameter: diameters.upper,
      hu: 34,
      lobulation: 0.11,
      onVessel: true,
    },
    {
      name: 'left lower lobe, on a vessel',
      centre: [80, 44, -14],
      diameter: diameters.lower,
      hu: 28,
      lobulation: 0.07,
      onVessel: true,
    },
    {
      name: 'right lower lobe, at the pleura',
      centre: besidePleura([-92, 38, -34], 2.6),
      diameter: diameters.pleural,
      hu: 40,
      lobulation: 0.04,
      onVessel: false,
    },
    {
      name: 'left upper lobe',
      centre: [66, -30, 52],
      diameter: diameters.small,
      hu: 45,
      lobulation: 0,
      onVessel: false,
    },
  ];
}

/** Paints the whole patient, noise-free. Later strokes cover earlier ones, so the order is from the ground up. */
export function paintPatient(canvas: Canvas, seed: number, findings: readonly Nodule[]): void {
  paintBackground(canvas, seed);
  paintMediastinum(canvas, seed);
  paintSkeleton(canvas, seed);
  paintLungTrees(
    canvas,
    seed,
    findings.filter(({ onVessel }) => onVessel).map(({ centre }) => centre),
  );
  paintMainAirways(canvas);
  for (const nodule of findings) paintNodule(canvas, nodule);
}
