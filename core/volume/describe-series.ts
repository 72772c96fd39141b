import { textOf, type Attributes } from '../dicom/index.ts';
import { isOverreadError, OverreadError, refusal, success, type Notice, type Result } from '../errors/index.ts';
import { affineFromPlane, checkGrid, type Grid } from '../geometry/index.ts';
import { isInColour } from './colour/describe-colour.ts';
import { duplicateProblem } from './duplicates.ts';
import { framesOf, type ImageFrame } from './image-frame.ts';
import { describePixels } from './pixel-description.ts';
import { mm, problemError, type Problem } from './problem.ts';
import { isProjection, projectionGrid } from './projection.ts';
import { shearProblem, sliceStep, spacingDeviation, spacingProblem } from './regularity.ts';
import { stackOf, type Stack } from './stack.ts';
import type { SeriesGeometry } from './types.ts';
import { cleanOrientation, placedFrames, stackNormal, uniformityProblems } from './uniformity.ts';

/** Share of the slice distance from which uneven positions are worth a word. */
const noticeableDeviation = 0.01;
/** Distance of slices, in slice thicknesses, from which the tissue between them is worth a word. */
const noticeableGap = 1.5;

/**
 * The series as one regular grid of voxels, from its metadata alone, or why it is none, with the numbers.
 *
 * Slices are sorted along their normal (row direction x column direction), so that the grid is always right-handed,
 * whatever order and instance numbers they came in. A single image, multi-frame instances (PS3.3 C.7.6.16) and a single
 * projection image are volumes too; nothing is guessed and nothing resampled.
 * @param instances naturalized attributes (keyword-named) of each instance of one series; doubled ones count once
 */
export function describeSeries(instances: readonly Attributes[]): Result<SeriesGeometry> {
  try {
    const frames = uniqueInstances(instances).flatMap(framesOf);
    return success(describeFrames(frames));
  } catch (error) {
    if (isOverreadError(error)) return refusal(error);
    throw error;
  }
}

function describeFrames(frames: readonly ImageFrame[]): SeriesGeometry {
  const [first] = frames;
  if (!first) throw new OverreadError('volume.no-images', { why: 'it has no instances' });
  checkSeries(frames);
  const inColour = checkPixels(frames);
  const { ordered, grid, warnings, frameOfReferenceUID } = isProjection(first) ? projection(frames) : stack(frames);
  checkGrid(grid);
  return {
    studyInstanceUID: textOf(first.instance, 'StudyInstanceUID') ?? '',
    seriesInstanceUID: textOf(first.instance, 'SeriesInstanceUID') ?? '',
    modality: textOf(first.instance, 'Modality') ?? '',
    frameOfReferenceUID,
    slices: ordered.map((frame) => frame.reference),
    grid,
    warnings,
    ...(inColour ? { inColour } : {}),
  };
}

interface Description {
  readonly ordered: readonly ImageFrame[];
  readonly grid: Grid;
  readonly frameOfReferenceUID: string | null;
  readonly warnings: readonly Notice[];
}

function projection(frames: readonly ImageFrame[]): Description {
  const [first] = frames;
  if (!first || frames.length > 1) {
    throw new OverreadError('volume.no-position', {
      why: `it holds ${frames.length} projection images, each of which stands for itself`,
      details: { images: frames.length },
    });
  }
  const { grid, warning } = required(projectionGrid(first));
  return { ordered: frames, grid, warnings: [warning], frameOfReferenceUID: null };
}

function stack(frames: readonly ImageFrame[]): Description {
  const placed = required(placedFrames(frames));
  const [first] = placed;
  if (!first) throw new OverreadError('volume.no-images');
  refuse(uniformityProblems(placed));
  const orientation = required(cleanOrientation(first));
  const slices = stackOf(placed, stackNormal(orientation));
  refuse([duplicateProblem(slices)]);
  refuse([spacingProblem(slices), shearProblem(slices)]);
  const origin = slices.frames[0] ?? first;
  const plane = {
    position: origin.position,
    rowDirection: orientation.row,
    columnDirection: orientation.column,
    pixelSpacing: first.pixelSpacing,
  };
  const step = sliceStep(slices) ?? first.sliceThickness ?? 1;
  return {
    ordered: slices.frames,
    grid: { dims: [first.columns, first.rows, placed.length], indexToWorld: affineFromPlane(plane, step) },
    frameOfReferenceUID: textOf(first.instance, 'FrameOfReferenceUID'),
    warnings: stackWarnings(slices),
  };
}

function stackWarnings(slices: Stack): readonly Notice[] {
  const warnings: Notice[] = [];
  const thickness = slices.frames[0]?.sliceThickness ?? null;
  const spacing = slices.gaps.length === 0 ? null : slices.gaps.reduce((sum, gap) => sum + gap, 0) / slices.gaps.length;
  if (spacing === null) {
    if (thickness !== null) return [];
    return [{ code: 'volume.no-thickness', message: 'The image does not say how thick it is; 1 mm is taken. Volumes are not reliable.' }]; // prettier-ignore
  }
  const deviation = spacingDeviation(slices);
  if (deviation > noticeableDeviation * spacing) {
    warnings.push({
      code: 'volume.spacing-rounded',
      message: `Slices lie up to ${mm(deviation)} from their place in an even spacing of ${mm(spacing)}.`,
    });
  }
  if (thickness !== null && spacing > noticeableGap * thickness) {
    warnings.push({
      code: 'volume.slice-gaps',
      message: `Slices of ${mm(thickness)} lie ${mm(spacing)} apart: what is between them was not imaged, or slices are missing.`,
    });
  }
  return warnings;
}

function checkSeries(frames: readonly ImageFrame[]): void {
  const series = new Set(frames.map((frame) => textOf(frame.instance, 'SeriesInstanceUID')));
  if (series.size > 1) {
    throw new OverreadError('volume.mixed-images', {
      why: `they come from ${series.size} series`,
      details: { series: series.size },
    });
  }
}

/** Whether the images are in colour. @throws OverreadError where some are, or where pixels cannot be turned into one kind of value */
function checkPixels(frames: readonly ImageFrame[]): boolean {
  const colourful = frames.filter((frame) => isInColour(frame.instance)).length;
  if (colourful === frames.length) return true;
  if (colourful > 0) {
    throw new OverreadError('volume.mixed-images', {
      why: `${colourful} of ${frames.length} images are in colour`,
      details: { inColour: colourful, images: frames.length },
    });
  }
  const units = new Set(frames.map((frame) => describePixels(frame.instance, frame.reference.frameNumber).unit));
  if (units.size > 1) {
    throw new OverreadError('volume.unsupported-pixels', {
      why: `its images are in ${[...units].join(' and ')}`,
      details: { units: [...units] },
    });
  }
  return false;
}

/** The same instance handed in twice is one instance. */
function uniqueInstances(instances: readonly Attributes[]): readonly Attributes[] {
  const seen = new Set<string>();
  return instances.filter((instance) => {
    const uid = textOf(instance, 'SOPInstanceUID');
    if (uid === null) return true;
    const isNew = !seen.has(uid);
    seen.add(uid);
    return isNew;
  });
}

function refuse(problems: readonly (Problem | null)[]): void {
  const [first, ...others] = problems.filter((problem) => problem !== null);
  if (first) throw problemError([first, ...others]);
}

function required<T extends object>(value: T | Problem): T {
  if ('why' in value) throw problemError([value]);
  return value;
}
