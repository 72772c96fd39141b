import type { Segment } from '../../analysis/index.ts';
import { dcmCodes, integerOf } from '../../dicom/index.ts';
import { sameCode } from '../common/code-sequence.ts';
import { freeValue, type LayerStack } from './layers.ts';
import type { OpenSegmentation } from './open.ts';
import type { PlacedFrame, SegmentPlace } from './read.ts';
import { rowRuns } from './runs.ts';

/** In `tables`: a pixel value that no segment has. */
const undescribed = 0xffff_ffff;

/** A label map as it is, with its numbers where they fit. A text says why it must not be drawn. */
export function drawLabels(
  segmentation: OpenSegmentation,
  frames: readonly PlacedFrame[],
  segments: ReadonlyMap<number, Segment>,
  stack: LayerStack,
): { readonly places: ReadonlyMap<number, SegmentPlace>; readonly fractions: readonly [] } | string {
  const background = integerOf(segmentation.dataset, 'PixelPaddingValue') ?? 0;
  const places = new Map<number, SegmentPlace>();
  // Pixel value to layer << 8 | value.
  const table = new Uint32Array(65_536).fill(undescribed);
  for (const [number, segment] of segments) {
    if (number === background) continue;
    if (sameCode(segment.type, dcmCodes.background)) {
      table[number] = 0;
      continue;
    }
    const layer = stack.layerFor(() => false);
    if (layer === null) return 'it has too many segments';
    const value = freeValue(layer, segment.number);
    layer.segments.push({ ...segment, number: value });
    const place = { layer: stack.layers.indexOf(layer), value };
    places.set(number, place);
    table[number] = (place.layer << 8) | value;
  }
  table[background] = 0;
  const seen = new Set<string>();
  for (const frame of frames) {
    const key = `${frame.i},${frame.j},${frame.k}`;
    if (seen.has(key)) return 'two of its frames lie at one place';
    seen.add(key);
    const samples = segmentation.pixels.samples(frame.index);
    if (typeof samples === 'string') return samples;
    for (const { first, start, length } of rowRuns(segmentation, stack.grid, frame, 0)) {
      for (let p = 0; p < length; p++) {
        const sample = samples[first + p] ?? 0;
        if (sample === background) continue;
        const entry = table[sample] ?? undescribed;
        if (entry === undescribed) return `frame ${frame.index + 1} is of a segment that is not described`;
        if (entry === 0) continue;
        const labels = stack.layers[entry >> 8]?.labels;
        if (labels !== undefined) labels[start + p] = entry & 0xff;
      }
    }
  }
  return { places, fractions: [] };
}
