import { integerOf, itemOf, itemsOf, textOf, type Attributes } from '../../dicom/index.ts';
import { framePixels, type FramePixels } from './pixels.ts';
import { tiledFullFrames, tilePosition } from './tiles.ts';

export type SegmentationType = 'BINARY' | 'FRACTIONAL' | 'LABELMAP';

/** Where one frame says that it lies: its functional groups, or its place in a full set of tiles. */
export interface FrameHeader {
  /** Null in a label map, where every pixel names its own. */
  readonly segmentNumber: number | null;
  readonly groups: Attributes;
}

/** A SEG whose header is whole and whose frames can be read. */
export interface OpenSegmentation {
  readonly dataset: Attributes;
  readonly type: SegmentationType;
  readonly rows: number;
  readonly columns: number;
  /** Frames are pieces of larger planes. */
  readonly tiled: boolean;
  /** What FRACTIONAL calls the whole; 1 otherwise. */
  readonly maximum: number;
  /** Items of the Segment Sequence by SegmentNumber, in their order. */
  readonly segments: ReadonlyMap<number, Attributes>;
  readonly frames: readonly FrameHeader[];
  readonly pixels: FramePixels;
}

/** Whole slides have the most; a small file could otherwise claim any number of tiny ones. */
const maxFrames = 1_000_000;

const bitsOf: Readonly<Record<SegmentationType, readonly number[]>> = {
  BINARY: [1],
  FRACTIONAL: [8],
  LABELMAP: [8, 16],
};

/** A SEG as far as it can be understood without a series, or why it cannot be used, as the end of a sentence. */
export function openSegmentation(dataset: Attributes, transferSyntaxUID: string): OpenSegmentation | string {
  const type = (['BINARY', 'FRACTIONAL', 'LABELMAP'] as const).find(
    (one) => one === textOf(dataset, 'SegmentationType'),
  );
  const bits = ([1, 8, 16] as const).find((one) => one === integerOf(dataset, 'BitsAllocated'));
  if (type === undefined || bits === undefined || !bitsOf[type].includes(bits)) {
    return 'it is not a binary segmentation, nor a fractional one or a label map as the standard defines them';
  }
  const rows = integerOf(dataset, 'Rows') ?? 0;
  const columns = integerOf(dataset, 'Columns') ?? 0;
  if (rows < 1 || columns < 1) return 'its frames have no size';
  const segments = segmentsOf(dataset);
  if (segments === null) return 'its segments are not numbered';
  const count = integerOf(dataset, 'NumberOfFrames') ?? 0;
  if (count > maxFrames) return `it has more than ${maxFrames} frames`;
  const form = { transferSyntaxUID, frames: count, size: rows * columns, bitsAllocated: bits };
  const pixels = framePixels(dataset['PixelData'], form);
  if (typeof pixels === 'string') return pixels;
  const frames = framesOf(dataset, count, type, [...segments.keys()]);
  if (frames === null) return 'frames are missing';
  const maximum = type === 'FRACTIONAL' ? (integerOf(dataset, 'MaximumFractionalValue') ?? 0) : 1;
  if (maximum < 1 || maximum > 255) return 'it does not say which fraction is the whole';
  const tiled = integerOf(dataset, 'TotalPixelMatrixColumns') !== null;
  return { dataset, type, rows, columns, tiled, maximum, segments, frames, pixels };
}

function segmentsOf(dataset: Attributes): Map<number, Attributes> | null {
  const segments = new Map<number, Attributes>();
  for (const item of itemsOf(dataset, 'SegmentSequence')) {
    const number = integerOf(item, 'SegmentNumber');
    if (number === null || number < 0 || segments.has(number)) return null;
    segments.set(number, item);
  }
  return segments;
}

function framesOf(
  dataset: Attributes,
  count: number,
  type: SegmentationType,
  segments: readonly number[],
): readonly FrameHeader[] | null {
  if (textOf(dataset, 'DimensionOrganizationType') === 'TILED_FULL') {
    return tiledFullFrames(dataset, count, type === 'LABELMAP' ? [null] : segments);
  }
  const items = itemsOf(dataset, 'PerFrameFunctionalGroupsSequence');
  if (items.length !== count || count < 1) return null;
  const shared = itemOf(dataset, 'SharedFunctionalGroupsSequence') ?? {};
  const positioned = integerOf(dataset, 'TotalPixelMatrixColumns') === null ? same : tilePosition(dataset);
  return items.map((groups) => ({
    groups: positioned(groups),
    segmentNumber: type === 'LABELMAP' ? null : segmentNumberOf(groups, shared),
  }));
}

const same = (groups: Attributes) => groups;

/** SegmentNumber of a frame, -1 where it names none. */
function segmentNumberOf(groups: Attributes, shared: Attributes): number {
  const item = itemOf(groups, 'SegmentIdentificationSequence') ?? itemOf(shared, 'SegmentIdentificationSequence');
  return (item === null ? null : integerOf(item, 'ReferencedSegmentNumber')) ?? -1;
}
