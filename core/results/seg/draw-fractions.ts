import type { Segment } from '../../analysis/index.ts';
import { textOf } from '../../dicom/index.ts';
import type { Grid } from '../../geometry/index.ts';
import { freeValue, type LayerStack } from './layers.ts';
import type { OpenSegmentation } from './open.ts';
import type { PlacedFrame, SegmentPlace } from './read.ts';
import { rowRuns } from './runs.ts';

/** How much of each voxel belongs to a segment, or how likely it does. */
export interface SegmentFractions {
  readonly segmentNumber: number;
  readonly kind: 'PROBABILITY' | 'OCCUPANCY';
  readonly grid: Grid;
  /** 0 to `maximum`, on the grid. */
  readonly values: Uint8Array;
  /** The value that stands for 1. */
  readonly maximum: number;
}

/** Bytes of fractions of one SEG: each segment takes a volume of its own. */
const mostBytes = 2 ** 30;

/** Each segment's fractions, and the segment that has most of a voxel as its label. A text says why it must not be drawn. */
export function drawFractions(
  segmentation: OpenSegmentation,
  frames: readonly PlacedFrame[],
  segments: ReadonlyMap<number, Segment>,
  stack: LayerStack,
): { readonly places: ReadonlyMap<number, SegmentPlace>; readonly fractions: readonly SegmentFractions[] } | string {
  const { dataset, maximum, pixels } = segmentation;
  const [layer] = stack.layers;
  const voxels = layer?.labels.length ?? 0;
  if (layer === undefined || segments.size > 255) return 'it has more than 255 segments with fractions';
  if (segments.size * voxels > mostBytes) return `its fractions take more than ${mostBytes} bytes`;
  const kind = textOf(dataset, 'SegmentationFractionalType') === 'OCCUPANCY' ? 'OCCUPANCY' : 'PROBABILITY';
  const places = new Map<number, SegmentPlace>();
  const fractions = new Map<number | null, SegmentFractions>();
  for (const [segmentNumber, segment] of segments) {
    const value = freeValue(layer, segment.number);
    layer.segments.push({ ...segment, number: value });
    places.set(segmentNumber, { layer: 0, value });
    fractions.set(segmentNumber, { segmentNumber, kind, grid: stack.grid, values: new Uint8Array(voxels), maximum });
  }
  for (const frame of frames) {
    const samples = pixels.samples(frame.index);
    if (typeof samples === 'string') return samples;
    const values = fractions.get(frame.segmentNumber)?.values;
    for (const { first, start, length } of rowRuns(segmentation, stack.grid, frame, 0)) {
      for (let p = 0; p < length; p++) {
        const sample = samples[first + p] ?? 0;
        if (sample > maximum) return `frame ${frame.index + 1} has more than the whole`;
        if (values !== undefined) values[start + p] = sample;
      }
    }
  }
  const most = new Uint8Array(voxels).fill(Math.ceil(maximum / 2) - 1);
  for (const { segmentNumber, values } of fractions.values()) {
    const label = places.get(segmentNumber)?.value ?? 0;
    for (let at = 0; at < voxels; at++) {
      const value = values[at] ?? 0;
      if (value <= (most[at] ?? 0)) continue;
      most[at] = value;
      layer.labels[at] = label;
    }
  }
  return { places, fractions: [...fractions.values()] };
}
