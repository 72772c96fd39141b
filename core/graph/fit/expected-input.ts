import { inputChannels, type Manifest } from '../../model/index.ts';
import type { Extent } from '../inference/value-type.ts';

type Input = Manifest['input'];
type Triple = readonly [Extent, Extent, Extent];

/** An axis of the tensor that a call of the graph is given. */
export interface ExpectedAxis {
  readonly name: 'N' | 'C' | 'D' | 'H' | 'W';
  /** Null: as large as the series or the window makes it. */
  readonly extent: Extent;
}

/** The axes of the graph's input, as the manifest says them. */
export function expectedInput(input: Input): readonly ExpectedAxis[] {
  const [depth, height, width] = spatialExtents(input);
  const slices = input.layout.kind === '2.5d' ? 2 * input.layout.neighbours + 1 : 1;
  const channels = { name: 'C', extent: inputChannels(input) * slices } as const;
  const plane = [
    { name: 'H', extent: height },
    { name: 'W', extent: width },
  ] as const;
  if (input.layout.kind === '3d')
    return [{ name: 'N', extent: 1 }, channels, { name: 'D', extent: depth }, ...plane] as const;
  return [{ name: 'N', extent: depth }, channels, ...plane] as const;
}

/** [D, H, W] of what a call is given; for 2-D layouts D is the slices of a call. */
function spatialExtents({ patch, size }: Input): Triple {
  switch (patch.mode) {
    case 'slidingWindow':
      // Cropped windows are of near equal size, and no larger than the volume.
      return patch.blending.kind === 'crop' ? [null, null, null] : patch.size;
    case 'slices':
      return [patch.batch, padded(size?.[1], patch.multipleOf[0]), padded(size?.[2], patch.multipleOf[1])];
    case 'whole': {
      const [depth, height, width] = patch.multipleOf;
      return [padded(size?.[0], depth), padded(size?.[1], height), padded(size?.[2], width)];
    }
  }
}

function padded(extent: number | undefined, multipleOf: number): Extent {
  return extent === undefined ? null : Math.ceil(extent / multipleOf) * multipleOf;
}
