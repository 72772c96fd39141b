import type { Vec3 } from '../../geometry/index.ts';
import { glyphHeight, glyphWidth, isInked, toCapitals } from './font.ts';

/** RGB pixels, 8 bits each, row by row from the top left. What falls outside is cut off. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export function makeCanvas(width: number, height: number): Canvas {
  return { width, height, pixels: new Uint8Array(width * height * 3) };
}

function fillBox({ width, height, pixels }: Canvas, x: number, y: number, w: number, h: number, rgb: Vec3): void {
  for (let row = Math.max(y, 0); row < Math.min(y + h, height); row++) {
    for (let column = Math.max(x, 0); column < Math.min(x + w, width); column++) {
      pixels.set(rgb, (row * width + column) * 3);
    }
  }
}

/** The frame around a box; its inner edge is the box's edge, so that nothing inside is covered. */
export function strokeBox(canvas: Canvas, x: number, y: number, w: number, h: number, line: number, rgb: Vec3): void {
  fillBox(canvas, x - line, y - line, w + 2 * line, line, rgb);
  fillBox(canvas, x - line, y + h, w + 2 * line, line, rgb);
  fillBox(canvas, x - line, y, line, h, rgb);
  fillBox(canvas, x + w, y, line, h, rgb);
}

/** Width of a text in pixels. @param size Pixels per cell. */
export function textWidth(text: string, size: number): number {
  return Math.max(Array.from(toCapitals(text)).length * (glyphWidth + 1) - 1, 0) * size;
}

/** Height of a line of text with the space below it. */
export function lineHeight(size: number): number {
  return (glyphHeight + 3) * size;
}

/** Text with its top left corner at (x, y), on a ground of its own so that it stays legible on any image. */
export function drawText(
  canvas: Canvas,
  text: string,
  x: number,
  y: number,
  size: number,
  ink: Vec3,
  ground: Vec3,
): void {
  fillBox(canvas, x - size, y - size, textWidth(text, size) + 2 * size, (glyphHeight + 2) * size, ground);
  Array.from(toCapitals(text)).forEach((character, index) => {
    const left = x + index * (glyphWidth + 1) * size;
    for (let row = 0; row < glyphHeight; row++) {
      for (let column = 0; column < glyphWidth; column++) {
        if (isInked(character, column, row)) fillBox(canvas, left + column * size, y + row * size, size, size, ink);
      }
    }
  });
}

/** Words on lines no wider than `width` pixels; a word that is wider by itself is broken. */
export function wrapText(text: string, width: number, size: number): readonly string[] {
  const most = Math.max(Math.floor((width + size) / ((glyphWidth + 1) * size)), 1);
  const lines: string[] = [];
  let line = '';
  for (const word of toCapitals(text).split(/\s+/)) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (joined.length <= most) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (line.length > most) {
      lines.push(line.slice(0, most));
      line = line.slice(most);
    }
  }
  return line === '' ? lines : [...lines, line];
}
