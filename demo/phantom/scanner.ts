import { clamp, coverage } from './anatomy/smooth.ts';
import { label, type Canvas } from './canvas.ts';
import { fillNormal } from './random.ts';

/** Reconstructed slices of a canvas, as a scanner would give them. */
export interface Scan {
  readonly columns: number;
  readonly rows: number;
  /** HU + 1024, unsigned; 0 outside the reconstructed circle (padding). One array per slice, from the feet up. */
  readonly slices: readonly Uint16Array[];
  /** Truth of every voxel, as `label` numbers; same order. */
  readonly labels: readonly Uint8Array[];
  /** Height of each slice's centre, LPS millimetres. */
  readonly heights: readonly number[];
}

export const storedOffset = 1024;

/**
 * Slices from pairs of layers, blurred as by a detector, with a couch under the patient and noise that follows the
 * rays: more where more of the body lies in their way, in streaks along the longer way.
 */
export function scanCanvas(canvas: Canvas, seed: number): Scan {
  const { columns, rows, layers, layerSpacing, origin } = canvas;
  const count = layers >> 1;
  const pixels = columns * rows;
  const slices: Uint16Array[] = [];
  const labels: Uint8Array[] = [];
  const heights: number[] = [];
  const noise = createNoise(columns, rows);
  for (let index = 0; index < count; index += 1) {
    const start = 2 * index * pixels;
    const image = new Float32Array(pixels);
    for (let at = 0; at < pixels; at += 1) image[at] = (canvas.hu[start + at]! + canvas.hu[start + pixels + at]!) / 2;
    addCouch(image, canvas);
    blur(image, columns, 0.17);
    noise.add(image, canvas, seed + index);
    slices.push(quantised(image, canvas));
    labels.push(pairLabels(canvas, start, pixels));
    heights.push(origin[2] + (2 * index + 0.5) * layerSpacing);
  }
  return { columns, rows, slices, labels, heights };
}

/** Label of two layers: a voxel is lung or nodule where either half is and the other is not outside. */
function pairLabels({ labels }: Canvas, start: number, pixels: number): Uint8Array {
  const result = new Uint8Array(pixels);
  for (let at = 0; at < pixels; at += 1) {
    const lower = labels[start + at]!;
    const upper = labels[start + pixels + at]!;
    if (lower === upper) result[at] = lower;
    // Half in, half out: alternating, so that neither side gains volume.
    else if (lower === label.none || upper === label.none) result[at] = at & 1 ? lower : upper;
    else result[at] = Math.max(lower, upper);
  }
  return result;
}

/** Foam and a thin shell, curved as the patient's back. */
function addCouch(image: Float32Array, { columns, pixelSpacing, origin }: Canvas): void {
  for (let at = 0; at < image.length; at += 1) {
    if (image[at]! > -950) continue;
    const x = origin[0] + (at % columns) * pixelSpacing;
    const y = origin[1] + Math.floor(at / columns) * pixelSpacing;
    const top = 119 - 0.0007 * x * x;
    if (y < top - 14) continue;
    const below = y - top;
    const sag = 36 - 0.0011 * x * x;
    const shell = Math.max(coverage(Math.abs(below) - 1), coverage(Math.abs(below - sag) - 1));
    const inside = below > 0 && below < sag ? -925 : below <= 0 ? -978 : -1000;
    image[at] = inside + (-260 - inside) * shell;
  }
}

/** In-plane blur: a pixel and its neighbours, along rows, then columns. */
function blur(image: Float32Array, columns: number, share: number): void {
  for (const stride of [1, columns]) {
    let before = image[0]!;
    for (let at = stride; at < image.length - stride; at += 1) {
      const here = image[at]!;
      const left = stride === 1 ? before : image[at - stride]!;
      image[at] = here * (1 - 2 * share) + share * (left + image[at + stride]!);
      before = here;
    }
  }
}

/** Attenuation of water at the tube's mean energy, per millimetre. */
const water = 0.0195;

function createNoise(columns: number, rows: number) {
  const pixels = columns * rows;
  const fields = [new Float32Array(pixels), new Float32Array(pixels), new Float32Array(pixels)] as const;
  const [even, along, across] = fields;
  return {
    add(image: Float32Array, { pixelSpacing }: Canvas, seed: number): void {
      fields.forEach((field, index) => fillNormal(field, seed * 3 + index + 1));
      blur(even, columns, 0.21);
      smear(along, 1, 7);
      smear(across, columns, 5);
      const { byRow, byColumn } = pathNoise(image, columns, rows, pixelSpacing);
      for (let at = 0; at < pixels; at += 1) {
        const row = byRow[(at / columns) | 0]!;
        const column = byColumn[at % columns]!;
        const level = Math.sqrt((row * row + column * column) / 2);
        image[at]! += 1.9 * even[at]! * level + 0.75 * along[at]! * row + 0.45 * across[at]! * column + 2.5 * even[at]!;
      }
    },
  };
}

/** Mean of a run of neighbours, scaled to keep the variance. */
function smear(field: Float32Array, stride: number, length: number): void {
  const scale = 1 / Math.sqrt(length);
  for (let at = 0; at < field.length - stride * length; at += 1) {
    let sum = 0;
    for (let step = 0; step < length; step += 1) sum += field[at + step * stride]!;
    field[at] = sum * scale;
  }
}

/** Photons that are left grow few exponentially with the way through tissue; noise is one over their square root. */
function pathNoise(image: Float32Array, columns: number, rows: number, spacing: number) {
  const byRow = new Float32Array(rows);
  const byColumn = new Float32Array(columns);
  for (let at = 0; at < image.length; at += 1) {
    const attenuation = Math.max(0, (image[at]! + 1000) / 1000) * water * spacing;
    byRow[(at / columns) | 0]! += attenuation;
    byColumn[at % columns]! += attenuation;
  }
  const level = (sum: number) => Math.exp(clamp(sum, 0, 7.2) / 2);
  return { byRow: byRow.map(level), byColumn: byColumn.map(level) };
}

function quantised(image: Float32Array, { columns, rows }: Canvas): Uint16Array {
  const stored = new Uint16Array(image.length);
  for (let at = 0; at < image.length; at += 1) {
    const u = (at % columns) - (columns - 1) / 2;
    const v = ((at / columns) | 0) - (rows - 1) / 2;
    // 0 is padding: a measured value never takes it.
    if (u * u + v * v < (columns * columns) / 4) stored[at] = clamp(Math.round(image[at]!) + storedOffset, 1, 4095);
  }
  return stored;
}
