import { numberOf } from '../dicom/index.ts';
import { dot, length, scale, subtract, type Vec3 } from '../geometry/index.ts';
import { mm, someOf, type Problem } from './problem.ts';
import { median, type Stack } from './stack.ts';
import { frameName } from './uniformity.ts';

/**
 * How far a slice may lie from its place in the regular grid, as a share of the distance between slices. A tenth keeps
 * a finding in its slice, and lets pass what rounding positions to 0.1 mm does to slices of 0.5 mm and more.
 */
const spacingTolerance = 0.1;
/** How close a gap must come to a whole multiple of the usual distance to count as missing slices. */
const multipleTolerance = 0.1;
/** Sideways drift of slices over the whole stack, in pixels, from which they count as sheared: at half a pixel, samples change their voxel. */
const shearTolerance = 0.5;

/** Largest distance, along the normal, of a slice from its place in the regular grid from the first to the last slice; mm. */
export function spacingDeviation({ places, gaps }: Stack): number {
  const first = places[0] ?? 0;
  const step = meanStep(places);
  if (gaps.length < 2) return 0;
  return Math.max(...places.map((place, k) => Math.abs(place - first - k * step)));
}

/** Missing slices where the gaps are whole multiples of the usual distance, uneven spacing where they are not. */
export function spacingProblem(stack: Stack): Problem | null {
  const { gaps, places } = stack;
  const usual = median(gaps);
  if (spacingDeviation(stack) <= spacingTolerance * Math.min(usual, meanStep(places))) return null;
  const details = { positions: places.map(round), usualSpacing: round(usual) };
  const multiples = gaps.map((gap) => gap / usual);
  const isWhole = (ratio: number): boolean => Math.round(ratio) >= 1 && Math.abs(ratio - Math.round(ratio)) <= multipleTolerance; // prettier-ignore
  if (multiples.every(isWhole)) {
    const missing = multiples.reduce((sum, ratio) => sum + Math.round(ratio) - 1, 0);
    const where = gaps.flatMap((gap, k) => (gap / usual > 1.5 ? [gapText(stack, k)] : []));
    return {
      code: 'volume.missing-slices',
      why: `${missing} of ${gaps.length + missing + 1} slices at a distance of ${mm(usual)} are missing: ${someOf(where, 4)}`,
      details: { ...details, missing },
    };
  }
  const [least, most] = [Math.min(...gaps), Math.max(...gaps)];
  return {
    code: 'volume.uneven-spacing',
    why: `the distances between its ${gaps.length + 1} slices run from ${mm(least)} to ${mm(most)} (${runsOf(gaps)})`,
    details: { ...details, smallestSpacing: round(least), largestSpacing: round(most) },
  };
}

/** Slices that do not stand above each other: a tilted gantry where the shift is even, shifted slices where it is not. */
export function shearProblem({ frames, normal }: Stack): Problem | null {
  const first = frames[0];
  const last = frames.at(-1);
  if (!first || !last || frames.length < 2) return null;
  const pixel = Math.min(...first.pixelSpacing);
  const offsets = frames.map((frame) => subtract(frame.position, first.position));
  const heights = offsets.map((offset) => dot(offset, normal));
  const sideways = offsets.map((offset, k) => subtract(offset, scale(normal, heights[k] ?? 0)));
  const drift = Math.max(...sideways.map(length));
  if (drift <= shearTolerance * pixel) return null;
  const total = heights.at(-1) ?? 1;
  const slope = scale(sideways.at(-1) ?? [0, 0, 0], 1 / total);
  const residual = Math.max(...sideways.map((offset, k) => length(subtract(offset, scale(slope, heights[k] ?? 0)))));
  if (residual > shearTolerance * pixel) {
    return {
      code: 'volume.gantry-tilt',
      why: `its slices are shifted sideways against each other by up to ${mm(drift)}, unevenly`,
      details: { shift: round(drift) },
    };
  }
  const tilt = (Math.atan(length(slope)) * 180) / Math.PI;
  const named = numberOf(first.instance, 'GantryDetectorTilt');
  return {
    code: 'volume.gantry-tilt',
    why: `its slices are stacked at an angle of ${tilt.toFixed(1)} degrees to their normal, which moves the last one ${mm(drift)} sideways${named ? ` (GantryDetectorTilt ${named} degrees)` : ''}`,
    details: { tilt: round(tilt), shift: round(drift), ...(named === null ? {} : { gantryDetectorTilt: named }) },
  };
}

/** Vector from one slice to the next, LPS mm, averaged over the stack; null for a single slice. */
export function sliceStep({ frames }: Stack): Vec3 | null {
  const first = frames[0];
  const last = frames.at(-1);
  if (!first || !last || frames.length < 2) return null;
  return scale(subtract(last.position, first.position), 1 / (frames.length - 1));
}

function meanStep(places: readonly number[]): number {
  return ((places.at(-1) ?? 0) - (places[0] ?? 0)) / Math.max(1, places.length - 1);
}

function gapText({ frames, gaps, places }: Stack, k: number): string {
  const [below, above] = [frames[k], frames[k + 1]];
  const names = below && above ? `between ${frameName(below)} and ${frameName(above)}` : '';
  return `${mm(gaps[k] ?? 0)} ${names} (${mm(places[k] ?? 0)} to ${mm(places[k + 1] ?? 0)})`;
}

/** `13 x 4.00, 1.08, 13 x 7.00 mm`: the gaps in order, equal ones together. */
function runsOf(gaps: readonly number[]): string {
  const runs: { value: string; count: number }[] = [];
  for (const gap of gaps) {
    const value = gap.toFixed(2);
    const last = runs.at(-1);
    if (last?.value === value) last.count++;
    else runs.push({ value, count: 1 });
  }
  return `${someOf(
    runs.map(({ value, count }) => (count > 1 ? `${count} x ${value}` : value)),
    8,
  )} mm`;
}

const round = (value: number): number => Number(value.toFixed(3));
