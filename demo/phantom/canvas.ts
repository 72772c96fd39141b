import { clamp, mix, type Point } from './anatomy/smooth.ts';

/** What a voxel of the truth is. */
export const label = { none: 0, lung: 1, vessel: 2, nodule: 3, airway: 4, airwayOutside: 5 } as const;

/** The patient without noise: Hounsfield units and labels on a grid finer than the slices, x fastest, then y, then z. */
export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly layers: number;
  /** Millimetres between columns and rows; layers are `layerSpacing` apart. */
  readonly pixelSpacing: number;
  readonly layerSpacing: number;
  /** Centre of voxel (0, 0, 0), LPS millimetres. */
  readonly origin: Point;
  readonly hu: Int16Array;
  readonly labels: Uint8Array;
}

export interface CanvasSize {
  readonly columns: number;
  readonly layers: number;
  readonly pixelSpacing: number;
  readonly layerSpacing: number;
  /** Centre of the canvas, LPS millimetres. */
  readonly centre: Point;
}

/** A square canvas, filled with air. */
export function createCanvas({ columns, layers, pixelSpacing, layerSpacing, centre }: CanvasSize): Canvas {
  const half = (count: number, spacing: number) => (-(count - 1) / 2) * spacing;
  const side = half(columns, pixelSpacing);
  const count = columns * columns * layers;
  return {
    ...{ columns, rows: columns, layers, pixelSpacing, layerSpacing },
    origin: [centre[0] + side, centre[1] + side, centre[2] + half(layers, layerSpacing)],
    hu: new Int16Array(count).fill(-1000),
    labels: new Uint8Array(count),
  };
}

/** What a brush leaves in a voxel: nothing, or a share of a material. */
export interface Stroke {
  share: number;
  hu: number;
}

/**
 * Paints every voxel of a box (millimetres, clipped to the canvas).
 * @param brush writes share and material at a point; what was there shows through the rest.
 * @param relabel new label of a voxel that is at least half covered, by its old one; none unless said otherwise.
 */
export function paint(
  canvas: Canvas,
  low: Point,
  high: Point,
  brush: (x: number, y: number, z: number, stroke: Stroke) => void,
  relabel: (old: number) => number = () => label.none,
): void {
  const { columns, rows, layers, pixelSpacing, layerSpacing, origin, hu, labels } = canvas;
  const first = (axis: 0 | 1 | 2, spacing: number) => Math.max(0, Math.ceil((low[axis] - origin[axis]) / spacing));
  const last = (axis: 0 | 1 | 2, spacing: number, count: number) =>
    Math.min(count - 1, Math.floor((high[axis] - origin[axis]) / spacing));
  const [i0, i1] = [first(0, pixelSpacing), last(0, pixelSpacing, columns)];
  const [j0, j1] = [first(1, pixelSpacing), last(1, pixelSpacing, rows)];
  const [k0, k1] = [first(2, layerSpacing), last(2, layerSpacing, layers)];
  const stroke: Stroke = { share: 0, hu: 0 };
  for (let k = k0; k <= k1; k += 1) {
    for (let j = j0; j <= j1; j += 1) {
      for (let i = i0; i <= i1; i += 1) {
        stroke.share = 0;
        brush(origin[0] + i * pixelSpacing, origin[1] + j * pixelSpacing, origin[2] + k * layerSpacing, stroke);
        if (stroke.share <= 0) continue;
        const at = i + columns * (j + rows * k);
        hu[at] = Math.round(mix(hu[at]!, stroke.hu, clamp(stroke.share, 0, 1)));
        if (stroke.share >= 0.5) labels[at] = relabel(labels[at]!);
      }
    }
  }
}

/** A shape given by its signed distance (negative inside), painted with a material that may depend on the depth. */
export function paintShape(
  canvas: Canvas,
  centre: Point,
  reach: Point,
  distance: (x: number, y: number, z: number) => number,
  material: (depth: number, x: number, y: number, z: number) => number,
  edge = 0.8,
): void {
  const low: Point = [centre[0] - reach[0], centre[1] - reach[1], centre[2] - reach[2]];
  const high: Point = [centre[0] + reach[0], centre[1] + reach[1], centre[2] + reach[2]];
  paint(canvas, low, high, (x, y, z, stroke) => {
    const d = distance(x, y, z);
    if (d >= edge) return;
    stroke.share = clamp(0.5 - d / edge, 0, 1);
    stroke.hu = material(-d, x, y, z);
  });
}
