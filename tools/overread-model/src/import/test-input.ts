import type { ManifestSource } from '@overread/core/model';
import { testExtent, type SourceGraph } from './source-graph.ts';

type Input = ManifestSource['input'];

/** Extent of a free axis: every stride of a usual network divides it. */
const largestExtent = 64;

/** Shape and range of a self-test's input, from what the graph fixes and what the intensity steps leave. */
export function testInput(
  { input }: SourceGraph,
  { patch, intensity = [] }: Pick<Input, 'patch' | 'intensity'>,
): { shape: number[]; range: [number, number] } {
  const size = patch.mode === 'slidingWindow' ? patch.size : null;
  const rank = input.shape?.length ?? 5;
  const spatial = Array.from({ length: rank - 2 }, (_, axis) => {
    const wanted = Math.min(largestExtent, size?.[axis + 5 - rank] ?? largestExtent);
    return testExtent(input, axis + 2, wanted);
  });
  return { shape: [testExtent(input, 0, 1), testExtent(input, 1, 1), ...spatial], range: rangeAfter(intensity) };
}

/** About the values that the steps leave. */
function rangeAfter(steps: NonNullable<Input['intensity']>): [number, number] {
  const last = steps.at(-1);
  switch (last?.kind) {
    case 'clip':
      return [last.min, last.max];
    case 'scale':
    case 'window':
    case 'minMax':
    case 'percentiles':
      return [last.toMin ?? 0, last.toMax ?? 1];
    case 'zScore':
    case 'normalize':
      return [-2, 2];
    case 'fillOutside':
    case undefined:
      return [0, 1];
  }
}
