import { integerOf, itemOf, itemsOf, numberOf, numbersOf, textOf, type Attributes } from '../dicom/index.ts';
import { OverreadError } from '../errors/index.ts';
import type { Vec3 } from '../geometry/index.ts';
import type { SliceReference } from './types.ts';

/** One picture of a series, whether an instance of its own or a frame of one, with what its header says of its place. */
export interface ImageFrame {
  readonly reference: SliceReference;
  /** The instance it belongs to. */
  readonly instance: Attributes;
  readonly rows: number;
  readonly columns: number;
  /** ImagePositionPatient, LPS mm. */
  readonly position: Vec3 | null;
  /** ImageOrientationPatient as written: row direction, column direction. */
  readonly orientation: { readonly row: Vec3; readonly column: Vec3 } | null;
  /** PixelSpacing as written: [between rows, between columns], mm; null where absent or not positive. */
  readonly pixelSpacing: readonly [number, number] | null;
  /** SliceThickness, mm; null where absent or not positive. */
  readonly sliceThickness: number | null;
}

/** Rows and Columns have the VR US. */
const maxPixels = 65_535;

/**
 * The frames of one instance, in order. A frame of a multi-frame instance takes its place from the functional groups
 * alone (PS3.3 C.7.6.16): attributes on the top level cannot place more than one frame.
 * @throws OverreadError `volume.no-images`, `volume.no-position`, `volume.frame-count`
 */
export function framesOf(instance: Attributes): readonly ImageFrame[] {
  const rows = integerOf(instance, 'Rows') ?? 0;
  const columns = integerOf(instance, 'Columns') ?? 0;
  if (!(rows > 0 && rows <= maxPixels && columns > 0 && columns <= maxPixels)) {
    throw new OverreadError('volume.no-images', {
      why: `${nameOf(integerOf(instance, 'InstanceNumber'), null)} has ${rows} rows and ${columns} columns`,
      details: { rows, columns },
    });
  }
  const count = frameCount(instance);
  const numbers = count === null ? [null] : Array.from({ length: count }, (_, index) => index + 1);
  return numbers.map((frameNumber) => {
    const position = numbersOf(macro(instance, frameNumber, 'PlanePositionSequence'), 'ImagePositionPatient', 3);
    const orientation = numbersOf(macro(instance, frameNumber, 'PlaneOrientationSequence'), 'ImageOrientationPatient', 6); // prettier-ignore
    const measures = macro(instance, frameNumber, 'PixelMeasuresSequence');
    const thickness = numberOf(measures, 'SliceThickness');
    return {
      reference: {
        sopClassUID: textOf(instance, 'SOPClassUID') ?? '',
        sopInstanceUID: textOf(instance, 'SOPInstanceUID') ?? '',
        frameNumber,
        instanceNumber: integerOf(instance, 'InstanceNumber'),
      },
      instance,
      rows,
      columns,
      position: position && toVec3(position, 0),
      orientation: orientation && { row: toVec3(orientation, 0), column: toVec3(orientation, 3) },
      pixelSpacing: positivePair(measures, 'PixelSpacing'),
      sliceThickness: thickness !== null && thickness > 0 ? thickness : null,
    };
  });
}

/** Two positive numbers, as PixelSpacing has them, or null. */
export function positivePair(attributes: Attributes, keyword: string): readonly [number, number] | null {
  const [first = 0, second = 0] = numbersOf(attributes, keyword, 2) ?? [];
  return first > 0 && second > 0 ? [first, second] : null;
}

/**
 * The attributes of one functional group macro for a frame: from its own groups, else the shared ones. A single-frame
 * instance has the same attributes on its top level.
 */
export function macro(instance: Attributes, frameNumber: number | null, sequence: string): Attributes {
  if (frameNumber === null) return instance;
  const own = itemOf(instance, 'PerFrameFunctionalGroupsSequence', frameNumber - 1);
  const shared = itemOf(instance, 'SharedFunctionalGroupsSequence');
  return (own && itemOf(own, sequence)) ?? (shared && itemOf(shared, sequence)) ?? {};
}

/** `image 12`, `image 12 frame 3`: how messages name a picture. */
export function nameOf(instanceNumber: number | null, frameNumber: number | null): string {
  const image = instanceNumber === null ? 'an image' : `image ${instanceNumber}`;
  return frameNumber === null ? image : `${image} frame ${frameNumber}`;
}

/** Frames of a multi-frame instance; null for a single-frame one. */
function frameCount(instance: Attributes): number | null {
  const promised = integerOf(instance, 'NumberOfFrames');
  const described = itemsOf(instance, 'PerFrameFunctionalGroupsSequence').length;
  if (described === 0) {
    if (promised === null || promised <= 1) return null;
    throw new OverreadError('volume.no-position', {
      why: `${nameOf(integerOf(instance, 'InstanceNumber'), null)} holds ${promised} frames and no functional groups that place them`,
      details: { frames: promised },
    });
  }
  if (promised !== null && promised !== described) {
    throw new OverreadError('volume.frame-count', {
      why: `${nameOf(integerOf(instance, 'InstanceNumber'), null)} promises ${promised} frames and describes ${described}`,
      details: { promised, described },
    });
  }
  return described;
}

function toVec3(numbers: readonly number[], from: number): Vec3 {
  return [numbers[from] ?? NaN, numbers[from + 1] ?? NaN, numbers[from + 2] ?? NaN];
}
