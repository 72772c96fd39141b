import { textOf } from '../dicom/index.ts';
import { cross, dot, length, normalize, subtract, scale, type Vec3 } from '../geometry/index.ts';
import { nameOf, type ImageFrame } from './image-frame.ts';
import { someOf, type Problem } from './problem.ts';

/** A frame whose place is known. */
export interface PlacedFrame extends ImageFrame {
  readonly position: Vec3;
  readonly orientation: { readonly row: Vec3; readonly column: Vec3 };
  readonly pixelSpacing: readonly [number, number];
}

/**
 * Largest change of a direction cosine, or share of the pixel spacing, between images of one stack. Over the half of
 * a 500 mm field of view a thousandth moves a pixel by a quarter of a millimetre: less than a pixel, more than what
 * scanners round away.
 */
const tolerance = 1e-3;

/** The frames with their place, or which attributes are missing where. */
export function placedFrames(frames: readonly ImageFrame[]): PlacedFrame[] | Problem {
  const lacks = (what: 'position' | 'orientation' | 'pixelSpacing', keyword: string): Problem | null => {
    const without = frames.filter((frame) => frame[what] === null);
    if (without.length === 0) return null;
    return {
      code: what === 'pixelSpacing' ? 'volume.no-pixel-spacing' : 'volume.no-position',
      why: `${without.length} of ${frames.length} images have no usable ${keyword} (${someOf(without.map(frameName))})`,
      details: { attribute: keyword, without: without.length, images: frames.length },
    };
  };
  const problem =
    lacks('position', 'ImagePositionPatient') ??
    lacks('orientation', 'ImageOrientationPatient') ??
    lacks('pixelSpacing', 'PixelSpacing');
  return problem ?? (frames as PlacedFrame[]);
}

/** Images that cannot stand in one stack with the first: by frame of reference, size, orientation or pixel spacing. */
export function uniformityProblems(frames: readonly PlacedFrame[]): Problem[] {
  const first = frames[0];
  if (!first) return [];
  const problems = [
    outliers(
      frames,
      'FrameOfReferenceUID',
      (frame) => textOf(frame.instance, 'FrameOfReferenceUID') === textOf(first.instance, 'FrameOfReferenceUID'),
      () => '',
    ),
    outliers(
      frames,
      'size',
      (frame) => frame.rows === first.rows && frame.columns === first.columns,
      (frame) => ` (${frame.columns} x ${frame.rows})`,
    ),
    outliers(
      frames,
      'ImageOrientationPatient',
      (frame) =>
        isClose(frame.orientation.row, first.orientation.row) &&
        isClose(frame.orientation.column, first.orientation.column),
      (frame) => ` (${orientationText(frame)})`,
    ),
    outliers(
      frames,
      'PixelSpacing',
      (frame) => frame.pixelSpacing.every((value, axis) => Math.abs(value / (first.pixelSpacing[axis] ?? 1) - 1) <= tolerance), // prettier-ignore
      (frame) => ` (${frame.pixelSpacing.join(' x ')} mm)`,
    ),
  ];
  return problems.filter((problem) => problem !== null);
}

function outliers(
  frames: readonly PlacedFrame[],
  attribute: string,
  fits: (frame: PlacedFrame) => boolean,
  value: (frame: PlacedFrame) => string,
): Problem | null {
  const first = frames[0];
  const others = frames.filter((frame) => !fits(frame));
  const other = others[0];
  if (!first || !other) return null;
  return {
    code: 'volume.mixed-images',
    why: `${others.length} of ${frames.length} images differ in ${attribute}${value(other)} from ${frameName(first)}${value(first)}: ${someOf(others.map(frameName))}`,
    details: { attribute, differing: others.length, images: frames.length },
  };
}

/**
 * Row and column direction as unit vectors at a right angle: what rounding to decimals left is removed, more is refused.
 */
export function cleanOrientation(frame: PlacedFrame): { readonly row: Vec3; readonly column: Vec3 } | Problem {
  const { row, column } = frame.orientation;
  const error = Math.max(Math.abs(length(row) - 1), Math.abs(length(column) - 1), Math.abs(dot(row, column)));
  if (!(error <= tolerance)) {
    return {
      code: 'volume.bad-orientation',
      why: `the directions of ${frameName(frame)} (${orientationText(frame)}) are not two unit vectors at a right angle`,
      details: { orientation: [...row, ...column], error },
    };
  }
  const unitRow = normalize(row);
  return { row: unitRow, column: normalize(subtract(column, scale(unitRow, dot(unitRow, column)))) };
}

export function frameName(frame: ImageFrame): string {
  return nameOf(frame.reference.instanceNumber, frame.reference.frameNumber);
}

function orientationText({ orientation }: PlacedFrame): string {
  return [...orientation.row, ...orientation.column].map((value) => Number(value.toFixed(4))).join(', ');
}

function isClose(a: Vec3, b: Vec3): boolean {
  return a.every((value, axis) => Math.abs(value - (b[axis] ?? NaN)) <= tolerance);
}

/** Which way the slices of the frames are stacked: row direction x column direction. */
export function stackNormal(orientation: { readonly row: Vec3; readonly column: Vec3 }): Vec3 {
  return normalize(cross(orientation.row, orientation.column));
}
