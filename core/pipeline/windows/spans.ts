import { OverreadError } from '../../errors/index.ts';

/** A window along one axis: first and last voxel of what is read, and of what is kept. */
export interface Span {
  readonly input: readonly [number, number];
  readonly core: readonly [number, number];
}

/** Window edges stand on multiples of this, so that a graph that works on every second voxel sees the same ones in every window. */
const ALIGNMENT = 2;

/**
 * Windows whose rims are cut off. An axis that fits into one window is one span without halo; else windows of near equal size that overlap
 * by two halos. Cores cover the axis exactly once.
 * @throws OverreadError `pipeline.bad-patch` where a window is no larger than its two halos
 */
export function croppedSpans(count: number, size: number, halo: number, alignment = ALIGNMENT): Span[] {
  if (count <= size) return [wholeSpan(count)];
  const largest = Math.floor((size - 2 * halo) / alignment) * alignment;
  if (largest <= 0) {
    throw new OverreadError('pipeline.bad-patch', {
      why: `a window of ${size} voxels with a halo of ${halo} keeps nothing`,
      details: { size, halo },
    });
  }
  const pieces = Math.ceil((count - 2 * halo) / largest);
  const step = Math.min(largest, Math.ceil((count - 2 * halo) / pieces / alignment) * alignment);
  const spans: Span[] = [];
  for (let start = 0; ; start += step) {
    const end = Math.min(count, start + step + 2 * halo);
    const core: [number, number] = [start === 0 ? 0 : start + halo, end === count ? count - 1 : end - halo - 1];
    spans.push({ input: [start, end - 1], core });
    if (end === count) return spans;
  }
}

/** Windows of exactly `size` that are blended; what they keep is all of them that lies on the axis. An axis shorter than the window has its padding on both sides, the odd voxel behind. */
export function blendedSpans(count: number, size: number, overlap: number, convention: 'monai' | 'nnunet'): Span[] {
  const starts =
    count <= size
      ? [0 - Math.floor((size - count) / 2)]
      : convention === 'monai'
        ? monaiStarts(count, size, overlap)
        : evenStarts(count, size, overlap);
  return starts.map((start) => ({
    input: [start, start + size - 1],
    core: [Math.max(0, start), Math.min(count, start + size) - 1],
  }));
}

/** Windows of exactly `size`, one behind the other; the last one reaches beyond the axis where `size` does not divide it. */
export function consecutiveSpans(count: number, size: number): Span[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, n) => ({
    input: [n * size, (n + 1) * size - 1],
    core: [n * size, Math.min(count, (n + 1) * size) - 1],
  }));
}

/** The whole axis, lengthened at its end to a multiple of `multipleOf`. */
export function wholeSpan(count: number, multipleOf = 1): Span {
  return { input: [0, Math.ceil(count / multipleOf) * multipleOf - 1], core: [0, count - 1] };
}

/** `monai.data.utils.dense_patch_slices` with the interval of `SlidingWindowInferer`. */
function monaiStarts(count: number, size: number, overlap: number): number[] {
  const interval = Math.max(1, Math.floor(size * (1 - overlap)));
  const windows = Math.ceil((count - size) / interval) + 1;
  return Array.from({ length: windows }, (_, n) => Math.min(n * interval, count - size));
}

/** nnU-Net's `compute_steps_for_sliding_window`. */
function evenStarts(count: number, size: number, overlap: number): number[] {
  const windows = Math.ceil((count - size) / Math.max(1, size * (1 - overlap))) + 1;
  const step = (count - size) / (windows - 1);
  return Array.from({ length: windows }, (_, n) => roundHalfToEven(step * n));
}

/** As NumPy rounds. */
function roundHalfToEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}
