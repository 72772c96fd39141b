import { differenceOf } from './difference.ts';
import { mm, someOf, type Problem } from './problem.ts';
import { median, type Stack } from './stack.ts';
import { frameName, type PlacedFrame } from './uniformity.ts';

/** Slices closer than this share of the usual distance are at one place… */
const samePlaceShare = 0.01;
/** …and closer than this, in mm, whatever the distance. */
const samePlaceFloor = 1e-3;

interface Place {
  readonly at: number;
  readonly frames: PlacedFrame[];
}

/**
 * Slices at one place: several volumes in one series (echoes, phases, time points) where every place has as many and
 * the headers tell them apart, duplicates otherwise.
 */
export function duplicateProblem(stack: Stack): Problem | null {
  const places = groupByPlace(stack);
  const doubled = places.filter((place) => place.frames.length > 1);
  const example = doubled[0];
  if (!example) return null;
  const difference = differenceOf(example.frames);
  const volumes = example.frames.length;
  const details = { images: stack.frames.length, places: places.length, doubledPlaces: doubled.length };
  if (difference !== null && places.every((place) => place.frames.length === volumes)) {
    return {
      code: 'volume.several-per-position',
      why: `each of ${places.length} places has ${volumes} images, which differ in ${difference}`,
      details: { ...details, volumes },
    };
  }
  const where = doubled.map(({ at, frames }) => `${frames.map(frameName).join(' and ')} at ${mm(at)}`);
  const told = difference === null ? '' : `; they differ in ${difference}`;
  return {
    code: 'volume.duplicate-position',
    why: `${doubled.length} of ${places.length} places have more than one image: ${someOf(where, 3)}${told}`,
    details: { ...details, positions: doubled.map(({ at }) => round(at)) },
  };
}

function groupByPlace({ frames, places, gaps }: Stack): readonly Place[] {
  const usual = median(gaps.filter((gap) => gap > samePlaceFloor));
  const limit = Math.max(samePlaceFloor, samePlaceShare * usual);
  const groups: Place[] = [];
  frames.forEach((frame, k) => {
    const last = groups.at(-1);
    if (last && (gaps[k - 1] ?? 0) < limit) last.frames.push(frame);
    else groups.push({ at: places[k] ?? 0, frames: [frame] });
  });
  return groups;
}

const round = (value: number): number => Number(value.toFixed(3));
