import type { Analysis } from '../../analysis/index.ts';
import { OverreadError } from '../../errors/index.ts';
import { gridSpacing, voxelCount, type Vec3 } from '../../geometry/index.ts';
import { onSlice, statementOf, wordsOf, type ShownFinding } from '../common/shown-findings.ts';
import type { CapturedPixels } from '../object.ts';
import { drawText, lineHeight, makeCanvas, strokeBox, textWidth, wrapText, type Canvas } from './canvas.ts';
import { canDraw } from './font.ts';
import { outlineColours } from './outlines.ts';

const black: Vec3 = [0, 0, 0];
const white: Vec3 = [255, 255, 255];
const boxColour: Vec3 = [255, 200, 0];

/** Longer side of the drawn image, pixels: large enough for text, small enough for any display. */
const [smallest, largest] = [512, 2048];
/** Room that the caption needs beside narrow images, pixels. */
const narrowest = 480;

/**
 * One slice as a picture: square pixels, window applied, outlines of the mask, boxes with their labels, and below the
 * image, never on it, who says so and that it is not for primary diagnosis.
 */
export function renderCapture(
  analysis: Analysis,
  shown: readonly ShownFinding[],
  pixels: CapturedPixels,
  k: number,
): Canvas {
  const { grid } = analysis.source;
  if (pixels.samples.length !== voxelCount(grid)) {
    throw new OverreadError('results.inconsistent', {
      why: `${pixels.samples.length} samples for ${voxelCount(grid)} voxels`,
    });
  }
  const size = pictureSize(analysis);
  const width = Math.max(size.width, narrowest);
  const cell = Math.max(Math.round(width / 512), 1);
  const caption = captionOf(analysis, k).flatMap((text) => wrapText(text, width - 8 * cell, cell));
  const canvas = makeCanvas(width, size.height + caption.length * lineHeight(cell) + 6 * cell);
  drawSlice(canvas, analysis, pixels, k, size);
  const here = shown.filter(({ region }) => onSlice(region, k));
  for (const one of here) drawFinding(canvas, one, size, cell);
  caption.forEach((line, index) => {
    drawText(canvas, line, 4 * cell, size.height + 4 * cell + index * lineHeight(cell), cell, white, black);
  });
  return canvas;
}

interface PictureSize {
  readonly width: number;
  readonly height: number;
  /** Picture pixels per image column and row. */
  readonly scale: readonly [number, number];
}

function pictureSize({ source: { grid } }: Analysis): PictureSize {
  const [columns, rows] = grid.dims;
  const [di, dj] = gridSpacing(grid);
  const unit = Math.min(di, dj);
  const side = Math.max((columns * di) / unit, (rows * dj) / unit);
  const factor = Math.min(Math.max(side, smallest), largest) / side / unit;
  const width = Math.max(Math.round(columns * di * factor), 1);
  const height = Math.max(Math.round(rows * dj * factor), 1);
  return { width, height, scale: [width / columns, height / rows] };
}

function captionOf(analysis: Analysis, k: number): readonly string[] {
  const slice = analysis.source.slices[k];
  const image = slice?.instanceNumber ?? null;
  const where = image === null ? [] : [`Series ${analysis.source.seriesNumber ?? '-'}, image ${image}`];
  return [...statementOf(analysis), ...where];
}

function drawSlice(
  canvas: Canvas,
  analysis: Analysis,
  { samples, window, inverted }: CapturedPixels,
  k: number,
  size: PictureSize,
): void {
  const [columns, rows] = analysis.source.grid.dims;
  const colours = outlineColours(analysis, k);
  const low = window.centre - window.width / 2;
  const contrast = 255 / Math.max(window.width, Number.MIN_VALUE);
  for (let y = 0; y < size.height; y++) {
    const j = Math.min(Math.floor(y / size.scale[1]), rows - 1);
    for (let x = 0; x < size.width; x++) {
      const i = Math.min(Math.floor(x / size.scale[0]), columns - 1);
      const at = (y * canvas.width + x) * 3;
      const colour = colours(i, j);
      if (colour !== null) {
        canvas.pixels.set(colour, at);
        continue;
      }
      // A typed array of bytes keeps the low 8 bits: bring the value into range first. NaN becomes 0.
      const value = ((samples[i + columns * (j + rows * k)] ?? 0) - low) * contrast;
      const gray = Math.min(Math.max(Math.round(value), 0), 255) || 0;
      canvas.pixels.fill(inverted ? 255 - gray : gray, at, at + 3);
    }
  }
}

function drawFinding(
  canvas: Canvas,
  { finding, region, words }: ShownFinding,
  { scale, width, height }: PictureSize,
  cell: number,
): void {
  const { box } = region;
  // The first picture pixel of a column or row, as `drawSlice` divides them.
  const x = Math.ceil(box.min[0] * scale[0]);
  const y = Math.ceil(box.min[1] * scale[1]);
  const right = Math.ceil((box.max[0] + 1) * scale[0]);
  const bottom = Math.ceil((box.max[1] + 1) * scale[1]);
  strokeBox(canvas, x, y, right - x, bottom - y, cell, boxColour);
  const text = canDraw(words) ? words : wordsOf(finding, finding.code.meaning);
  // Above the box where there is room, else below, and within the image.
  const above = y - lineHeight(cell) - cell;
  const top = above >= cell ? above : Math.min(bottom + 3 * cell, height - lineHeight(cell));
  const left = Math.max(Math.min(x, width - textWidth(text, cell) - cell), cell);
  drawText(canvas, text, left, top, cell, boxColour, black);
}
