import type { PixelValues } from '../modality-values.ts';
import type { ColourForm } from './describe-colour.ts';
import type { Palette } from './palette.ts';

/** Red, green and blue of a volume, each on its grid. */
export type Planes = readonly [Uint8Array, Uint8Array, Uint8Array];

/** Values that an image of so many pixels has in this form. */
export function valueCount({ kind }: ColourForm, pixels: number): number {
  if (kind === 'palette') return pixels;
  return kind === 'ybr-422' ? 2 * Math.ceil(pixels / 2) * 2 : 3 * pixels;
}

/** Writes the colours of one image at `offset`. */
export function writeColours(
  planes: Planes,
  offset: number,
  values: PixelValues,
  form: ColourForm,
  pixels: number,
): void {
  const part: Planes = [
    planes[0].subarray(offset, offset + pixels),
    planes[1].subarray(offset, offset + pixels),
    planes[2].subarray(offset, offset + pixels),
  ];
  switch (form.kind) {
    case 'palette':
      lookUp(part, values, form.palette);
      break;
    case 'ybr-422':
      spread422(part, values);
      turnYbr(part, 1, pixels);
      break;
    case 'rgb':
      separate(part, values, form.planar);
      break;
    case 'ybr':
      separate(part, values, form.planar);
      turnYbr(part, 1, pixels);
      break;
  }
}

/** Luminance (PS3.3 C.7.6.3.1.2, which has it from ITU-R BT.601). */
export function writeLuminance([red, green, blue]: Planes, luminance: Uint8Array): void {
  for (let n = 0; n < luminance.length; n++) {
    luminance[n] = Math.round(0.299 * red[n]! + 0.587 * green[n]! + 0.114 * blue[n]!);
  }
}

function separate(planes: Planes, values: PixelValues, planar: boolean): void {
  const count = planes[0].length;
  for (const [c, plane] of planes.entries()) {
    if (planar) for (let n = 0; n < count; n++) plane[n] = values[c * count + n]!;
    else for (let n = 0; n < count; n++) plane[n] = values[3 * n + c]!;
  }
}

function spread422([y, cb, cr]: Planes, values: PixelValues): void {
  for (let n = 0; n < y.length; n++) {
    const pair = 4 * (n >> 1);
    y[n] = values[pair + (n & 1)]!;
    cb[n] = values[pair + 2]!;
    cr[n] = values[pair + 3]!;
  }
}

/** From luminance and differences of full range, interleaved, to red, green and blue, in place. */
export function ybrToRgb(values: Uint8Array): void {
  turnYbr([values, values.subarray(1), values.subarray(2)], 3, Math.floor(values.length / 3));
}

/** `count` pixels, `step` values apart in each array. */
function turnYbr([first, second, third]: Planes, step: number, count: number): void {
  for (let n = 0, at = 0; n < count; n++, at += step) {
    const y = first[at]!;
    const cb = second[at]! - 128;
    const cr = third[at]! - 128;
    first[at] = byte(y + 1.402 * cr);
    second[at] = byte(y - 0.344136 * cb - 0.714136 * cr);
    third[at] = byte(y + 1.772 * cb);
  }
}

function byte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : Math.round(value);
}

function lookUp([red, green, blue]: Planes, values: PixelValues, palette: Palette): void {
  const last = palette.red.length - 1;
  for (let n = 0; n < red.length; n++) {
    const index = values[n]! - palette.first;
    const entry = index < 0 ? 0 : index > last ? last : index;
    red[n] = palette.red[entry]!;
    green[n] = palette.green[entry]!;
    blue[n] = palette.blue[entry]!;
  }
}
