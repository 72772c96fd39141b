import { clamp } from './anatomy/smooth.ts';
import type { Canvas } from './canvas.ts';
import { fillNormal } from './random.ts';

/** A radiograph: brighter where less radiation came through, 12 bits, head at the top, the patient's right on the left. */
export interface Radiograph {
  readonly columns: number;
  readonly rows: number;
  /** Millimetres. */
  readonly pixelSpacing: number;
  readonly pixels: Uint16Array;
  /** Column and row, 0-based, that a point of the canvas falls on. */
  readonly project: (x: number, z: number) => readonly [column: number, row: number];
}

/** Attenuation of water at the beam's mean energy, per millimetre; bone's share beyond its density comes from calcium. */
const water = 0.0192;
const calcium = 0.55;

/**
 * The shadow of the canvas in parallel beams from back to front (Beer-Lambert): the logarithm of what is lost is the sum
 * of attenuation along each ray. Then what any such apparatus does for the eye: large differences damped, edges raised.
 */
export function projectCanvas(canvas: Canvas, seed: number): Radiograph {
  const pixelSpacing = canvas.pixelSpacing / 2;
  const columns = canvas.columns * 2;
  const rows = Math.round(((canvas.layers - 1) * canvas.layerSpacing) / pixelSpacing);
  const sums = rayLengths(canvas);
  const image = enlarged(sums, canvas, columns, rows, pixelSpacing);
  const broad = boxBlurred(boxBlurred(image, columns, rows, 45), columns, rows, 45);
  const near = boxBlurred(image, columns, rows, 4);
  const noise = new Float32Array(image.length);
  fillNormal(noise, seed);
  const grain = boxBlurred(noise, columns, rows, 1);
  const pixels = new Uint16Array(image.length);
  for (let at = 0; at < image.length; at += 1) {
    const value = image[at]!;
    const shown = 0.5 * broad[at]! + 0.95 * (value - broad[at]!) + 0.9 * (value - near[at]!);
    // Fewer photons, more grain.
    const speckle = 0.02 * grain[at]! * Math.exp(clamp(value, 0, 8) / 5);
    pixels[at] = clamp(Math.round(150 + 900 * (shown + speckle)), 0, 4095);
  }
  const project = (x: number, z: number) => {
    const top = canvas.origin[2] + (canvas.layers - 1) * canvas.layerSpacing;
    return [(x - canvas.origin[0]) / pixelSpacing, (top - z) / pixelSpacing] as const;
  };
  return { columns, rows, pixelSpacing, pixels, project };
}

/** Attenuation along y for every column and layer of the canvas. */
function rayLengths({ columns, rows, layers, pixelSpacing, hu }: Canvas): Float32Array {
  const sums = new Float32Array(columns * layers);
  let at = 0;
  for (let k = 0; k < layers; k += 1) {
    for (let j = 0; j < rows; j += 1) {
      for (let i = 0; i < columns; i += 1, at += 1) {
        const value = hu[at]!;
        if (value <= -995) continue;
        const density = (value + 1000) / 1000;
        const extra = value > 150 ? (calcium * (value - 150)) / 1000 : 0;
        sums[i + columns * k]! += (density + extra) * water * pixelSpacing;
      }
    }
  }
  return sums;
}

/** Between rays and layers by straight lines; row 0 at the head. */
function enlarged(sums: Float32Array, canvas: Canvas, columns: number, rows: number, spacing: number): Float32Array {
  const image = new Float32Array(columns * rows);
  const value = (i: number, k: number) =>
    sums[Math.min(i, canvas.columns - 1) + canvas.columns * Math.min(k, canvas.layers - 1)]!;
  for (let row = 0; row < rows; row += 1) {
    const w = canvas.layers - 1 - (row * spacing) / canvas.layerSpacing;
    const k = Math.max(0, Math.floor(w));
    for (let column = 0; column < columns; column += 1) {
      const u = column / 2;
      const i = Math.floor(u);
      const low = value(i, k) * (1 - (u - i)) + value(i + 1, k) * (u - i);
      const high = value(i, k + 1) * (1 - (u - i)) + value(i + 1, k + 1) * (u - i);
      image[column + columns * row] = low + (high - low) * (w - k);
    }
  }
  return image;
}

/** Mean over a square of 2 * radius + 1 pixels, edges repeated. */
function boxBlurred(image: Float32Array, columns: number, rows: number, radius: number): Float32Array {
  const once = new Float32Array(image.length);
  const result = new Float32Array(image.length);
  for (let row = 0; row < rows; row += 1) runningMean(image, once, row * columns, 1, columns, radius);
  for (let column = 0; column < columns; column += 1) runningMean(once, result, column, columns, rows, radius);
  return result;
}

function runningMean(
  from: Float32Array,
  to: Float32Array,
  start: number,
  stride: number,
  count: number,
  radius: number,
): void {
  const value = (index: number) => from[start + stride * clamp(index, 0, count - 1)]!;
  let sum = 0;
  for (let index = -radius; index <= radius; index += 1) sum += value(index);
  for (let index = 0; index < count; index += 1) {
    to[start + stride * index] = sum / (2 * radius + 1);
    sum += value(index + radius + 1) - value(index - radius);
  }
}
