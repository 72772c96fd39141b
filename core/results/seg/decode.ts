import type { LabelMap, Segment } from '../../analysis/index.ts';
import { integerOf, itemsOf, textOf, type Attributes } from '../../dicom/index.ts';
import type { SeriesGeometry } from '../../volume/index.ts';
import { unpackFrame } from './frames.ts';
import { frameLocator } from './locate.ts';
import { segmentOf } from './segments.ts';

export type DecodedSegmentation =
  | { readonly ok: true; readonly labelMap: LabelMap }
  /** Why the SEG must not be drawn on the series. */
  | { readonly ok: false; readonly reason: string };

const refused = (reason: string): DecodedSegmentation => ({ ok: false, reason });

/**
 * A BINARY SEG as a label map on the grid of the series. Anything that does not fit the series exactly (size, place,
 * orientation, frame of reference) or that a label map cannot hold is refused: a wrong overlay is worse than none.
 * @param labelValue Value in the label map of a SegmentNumber.
 */
export function decodeSegmentation(
  dataset: Attributes,
  series: SeriesGeometry,
  labelValue: (segmentNumber: number) => number,
): DecodedSegmentation {
  const { grid } = series;
  const [columns, rows] = grid.dims;
  if (textOf(dataset, 'SegmentationType') !== 'BINARY' || integerOf(dataset, 'BitsAllocated') !== 1) {
    return refused('it is not a binary segmentation');
  }
  if (integerOf(dataset, 'Columns') !== columns || integerOf(dataset, 'Rows') !== rows) {
    return refused(
      `its frames have ${integerOf(dataset, 'Columns')} x ${integerOf(dataset, 'Rows')} pixels, the series ${columns} x ${rows}`,
    );
  }
  const frameOfReference = textOf(dataset, 'FrameOfReferenceUID');
  if (frameOfReference !== series.frameOfReferenceUID)
    return refused('its frame of reference is not that of the series');
  const pixelData = dataset['PixelData'];
  const frames = itemsOf(dataset, 'PerFrameFunctionalGroupsSequence');
  if (!(pixelData instanceof Uint8Array)) return refused('its pixels are compressed or missing');
  if (frames.length !== integerOf(dataset, 'NumberOfFrames') || pixelData.length * 8 < frames.length * rows * columns) {
    return refused('frames are missing');
  }
  const segments = segmentsOf(dataset, labelValue);
  if (typeof segments === 'string') return refused(segments);

  const labels = new Uint8Array(columns * rows * grid.dims[2]);
  const locate = frameLocator(dataset, series);
  for (const [index, frame] of frames.entries()) {
    const place = locate(frame);
    if (!place.ok) return refused(`frame ${index + 1} ${place.reason}`);
    const segment = segments.get(place.segmentNumber);
    if (segment === undefined) return refused(`frame ${index + 1} is of a segment that is not described`);
    const slice = labels.subarray(place.k * rows * columns, (place.k + 1) * rows * columns);
    if (unpackFrame(pixelData, index, slice, segment.number)) return refused('its segments overlap');
  }
  return { ok: true, labelMap: { grid, labels, segments: [...segments.values()] } };
}

function segmentsOf(dataset: Attributes, labelValue: (segmentNumber: number) => number): Map<number, Segment> | string {
  const segments = new Map<number, Segment>();
  for (const item of itemsOf(dataset, 'SegmentSequence')) {
    const number = integerOf(item, 'SegmentNumber');
    if (number === null || segments.has(number)) return 'its segments are not numbered';
    const value = labelValue(number);
    if (value < 1 || value > 255) return `segment ${number} is beyond the 255 that can be shown`;
    const segment = segmentOf(item, value);
    if (segment === null) return `segment ${number} does not say what it is`;
    segments.set(number, segment);
  }
  return segments;
}
