import { dot, type Vec3 } from '../geometry/index.ts';
import type { PlacedFrame } from './uniformity.ts';

/** Parallel slices in order along their normal. */
export interface Stack {
  readonly frames: readonly PlacedFrame[];
  readonly normal: Vec3;
  /** Place of each slice along the normal: ImagePositionPatient . normal, mm, ascending. */
  readonly places: readonly number[];
  /** Distance of each slice to the one before, mm; one fewer than slices. */
  readonly gaps: readonly number[];
}

/** Sorts slices by their place along the normal; slices at one place keep the order of their instance numbers. */
export function stackOf(frames: readonly PlacedFrame[], normal: Vec3): Stack {
  const placed = frames.map((frame) => ({ frame, place: dot(frame.position, normal) }));
  const number = ({ frame }: (typeof placed)[number]): number => frame.reference.instanceNumber ?? 0;
  placed.sort((a, b) => a.place - b.place || number(a) - number(b));
  const places = placed.map(({ place }) => place);
  return {
    frames: placed.map(({ frame }) => frame),
    normal,
    places,
    gaps: places.slice(1).map((place, k) => place - (places[k] ?? place)),
  };
}

/** Lower median; 0 of an empty list. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? 0;
}
