import { label, paint, type Canvas } from '../canvas.ts';
import { clamp, type Point } from './smooth.ts';

/** One nodule of the truth. */
export interface Nodule {
  readonly name: string;
  /** LPS millimetres. */
  readonly centre: Point;
  /** Of the sphere of the same volume, millimetres. */
  readonly diameter: number;
  /** Hounsfield units of its inside. */
  readonly hu: number;
  /** Relative height of the bumps on its surface. */
  readonly lobulation: number;
  /** Whether an artery leads to it. */
  readonly onVessel: boolean;
}

export function paintNodule(canvas: Canvas, { centre, diameter, hu, lobulation }: Nodule): void {
  const reach = diameter * 0.7 + 1;
  const [cx, cy, cz] = centre;
  const low: Point = [cx - reach, cy - reach, cz - reach];
  const high: Point = [cx + reach, cy + reach, cz + reach];
  paint(
    canvas,
    low,
    high,
    (x, y, z, stroke) => {
      const [u, v, w] = [x - cx, y - cy, z - cz];
      const distance = Math.hypot(u, v, w);
      const inverse = 1 / Math.max(distance, 1e-3);
      const bumps =
        Math.sin(4 * u * inverse + 1) * Math.cos(3 * v * inverse) + Math.sin(5 * w * inverse + 2 * v * inverse);
      const depth = (diameter / 2) * (1 + 0.5 * lobulation * bumps) - distance;
      stroke.share = clamp(0.5 + depth / 0.9, 0, 1);
      stroke.hu = hu;
    },
    // Where a nodule meets the pleura only its part inside the lung counts.
    (old) => (old === label.none || old === label.airwayOutside ? old : label.nodule),
  );
}
