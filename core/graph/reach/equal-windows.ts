import type { Reach } from './reach.ts';

/** Windows of one size along an axis, whose middles give exactly what the whole axis gives. */
export interface AxisWindows {
  readonly size: number;
  readonly starts: readonly number[];
  /** Cut off where a window does not end with the axis. */
  readonly before: number;
  readonly after: number;
}

/**
 * The smallest `pieces` windows of one size that together give all of an axis; null where no smaller windows come of it.
 * @param length of the axis, a multiple of the reach's alignment along it
 */
export function equalWindows(length: number, pieces: number, reach: Reach, axis: number): AxisWindows | null {
  const before = reach.before[axis] ?? 0;
  const after = reach.after[axis] ?? 0;
  const alignment = reach.alignment[axis] ?? 1;
  if (pieces === 1) return { size: length, starts: [0], before, after };
  const down = (value: number): number => Math.floor(value / alignment) * alignment;
  // All but the last window keep `step` voxels more than the one before; the last one ends with the axis.
  const stepOf = (size: number): number => down(size - before - after);
  let size = down((length + (pieces - 1) * (before + after)) / pieces);
  // A window no larger than what is cut off it keeps nothing; as many extents as there are in the axis are tried at most.
  size = Math.max(size, down(before + after) + alignment);
  while (size < length && (stepOf(size) <= 0 || size + (pieces - 1) * stepOf(size) < length)) size += alignment;
  if (size >= length) return null;
  const starts = Array.from({ length: pieces }, (_, n) => Math.min(n * stepOf(size), length - size));
  return { size, starts: [...new Set(starts)], before, after };
}
