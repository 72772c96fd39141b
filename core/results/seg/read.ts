import type { LabelMap, Segment } from '../../analysis/index.ts';
import { integerOf, textOf, type Attributes, type Code } from '../../dicom/index.ts';
import type { SeriesGeometry } from '../../volume/index.ts';
import type { StoredObject } from '../stored-object.ts';
import { drawBinary } from './draw-binary.ts';
import { drawFractions, type SegmentFractions } from './draw-fractions.ts';
import { drawLabels } from './draw-labels.ts';
import { LayerStack } from './layers.ts';
import { frameLocator } from './locate.ts';
import { openSegmentation, type OpenSegmentation, type SegmentationType } from './open.ts';
import { segmentOf } from './segments.ts';

/** A SEG on the grid of a series. */
export interface ReadSegmentation {
  readonly ok: true;
  readonly type: SegmentationType;
  /** One label map; more where segments overlap, or are more than 255. */
  readonly layers: readonly LabelMap[];
  /** Where each segment went, by SegmentNumber. */
  readonly places: ReadonlyMap<number, SegmentPlace>;
  /** Only of a FRACTIONAL SEG. */
  readonly fractions: readonly SegmentFractions[];
}

export interface SegmentPlace {
  /** 0-based. */
  readonly layer: number;
  readonly value: number;
}

export interface RefusedSegmentation {
  readonly ok: false;
  /** Why the SEG must not be drawn, as the end of a sentence. */
  readonly reason: string;
}

/** Where a piece of a frame lies, and the segment it is of (null in a label map). */
export interface PlacedFrame {
  readonly index: number;
  readonly segmentNumber: number | null;
  readonly i: number;
  readonly j: number;
  readonly k: number;
}

export interface ReadOptions {
  /** Value in the label map that a SegmentNumber should have. */
  readonly labelValue: (segmentNumber: number) => number;
  /** What stands for a segment's code that is missing; null refuses the SEG. */
  readonly missingCode: Code | null;
}

/**
 * A SEG as label maps on the grid of the series. Anything that does not fit the series exactly (size, place,
 * orientation, frame of reference) is refused: a wrong overlay is worse than none. A voxel of a FRACTIONAL segment has
 * its label where the fraction is at least half of the whole, and larger than that of any other segment.
 */
export function readOnSeries(
  { dataset, transferSyntaxUID }: StoredObject,
  series: SeriesGeometry,
  options: ReadOptions,
): ReadSegmentation | RefusedSegmentation {
  const opened = misfit(dataset, series) ?? openSegmentation(dataset, transferSyntaxUID);
  if (typeof opened === 'string') return refused(opened);
  const frames = placeFrames(opened, series);
  if (typeof frames === 'string') return refused(frames);
  const segments = describeSegments(opened, options);
  if (typeof segments === 'string') return refused(segments);
  const stack = new LayerStack(series.grid);
  const { type } = opened;
  const draw = type === 'BINARY' ? drawBinary : type === 'FRACTIONAL' ? drawFractions : drawLabels;
  const drawn = draw(opened, frames, segments, stack);
  if (typeof drawn === 'string') return refused(drawn);
  return { ok: true, type, layers: stack.finish(), ...drawn };
}

/** What the header alone says against drawing the SEG on the series. */
function misfit(dataset: Attributes, series: SeriesGeometry): string | null {
  const [ni, nj] = series.grid.dims;
  const [columns, rows] = [integerOf(dataset, 'Columns'), integerOf(dataset, 'Rows')];
  if (integerOf(dataset, 'TotalPixelMatrixColumns') === null && (columns !== ni || rows !== nj)) {
    return `its frames have ${columns} x ${rows} pixels, the series ${ni} x ${nj}`;
  }
  if (textOf(dataset, 'FrameOfReferenceUID') === series.frameOfReferenceUID) return null;
  return 'its frame of reference is not that of the series';
}

const refused = (reason: string): RefusedSegmentation => ({ ok: false, reason });

function placeFrames(segmentation: OpenSegmentation, series: SeriesGeometry): readonly PlacedFrame[] | string {
  const locate = frameLocator(segmentation, series);
  const placed: PlacedFrame[] = [];
  for (const [index, { segmentNumber, groups }] of segmentation.frames.entries()) {
    if (segmentNumber === -1) return `frame ${index + 1} names no segment`;
    if (segmentNumber !== null && !segmentation.segments.has(segmentNumber)) {
      return `frame ${index + 1} is of a segment that is not described`;
    }
    const place = locate(groups);
    if (typeof place === 'string') return `frame ${index + 1} ${place}`;
    placed.push({ index, segmentNumber, ...place });
  }
  return placed;
}

/** Segments by SegmentNumber; `number` is the value that each should have. */
function describeSegments(
  { segments }: OpenSegmentation,
  { labelValue, missingCode }: ReadOptions,
): ReadonlyMap<number, Segment> | string {
  const described = new Map<number, Segment>();
  for (const [number, item] of segments) {
    const segment = segmentOf(item, labelValue(number), missingCode);
    if (segment === null) return `segment ${number} does not say what it is`;
    described.set(number, segment);
  }
  return described;
}
