import type { Segment } from '../../analysis/index.ts';
import { drawBits, touchesLabels, type PixelRun } from './frames.ts';
import { freeValue, type LayerStack } from './layers.ts';
import type { OpenSegmentation } from './open.ts';
import type { BitFrame } from './pixels.ts';
import type { PlacedFrame, SegmentPlace } from './read.ts';
import { rowRuns } from './runs.ts';

/** Segment by segment, each behind the layers where it touches another. A text says why it must not be drawn. */
export function drawBinary(
  segmentation: OpenSegmentation,
  frames: readonly PlacedFrame[],
  segments: ReadonlyMap<number, Segment>,
  stack: LayerStack,
): { readonly places: ReadonlyMap<number, SegmentPlace>; readonly fractions: readonly [] } | string {
  const framesOf = new Map<number | null, PlacedFrame[]>();
  for (const frame of frames) {
    const list = framesOf.get(frame.segmentNumber);
    if (list === undefined) framesOf.set(frame.segmentNumber, [frame]);
    else list.push(frame);
  }
  const places = new Map<number, SegmentPlace>();
  for (const [number, segment] of segments) {
    const pieces: (readonly [BitFrame, PixelRun])[] = [];
    for (const frame of framesOf.get(number) ?? []) {
      const bits = segmentation.pixels.bits(frame.index);
      if (typeof bits === 'string') return bits;
      for (const run of rowRuns(segmentation, stack.grid, frame, bits.first)) pieces.push([bits, run]);
    }
    const layer = stack.layerFor(
      ({ segments: there, view }) =>
        there.length > 0 && pieces.some(([bits, run]) => touchesLabels(bits.view, run, view)),
    );
    if (layer === null) return 'its segments overlap too often';
    const value = freeValue(layer, segment.number);
    layer.segments.push({ ...segment, number: value });
    for (const [bits, run] of pieces) drawBits(bits.view, run, layer.labels, value);
    places.set(number, { layer: stack.layers.indexOf(layer), value });
  }
  return { places, fractions: [] };
}
