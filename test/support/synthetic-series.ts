import type { Attributes } from '@overread/core/dicom';
import { add, planeNormal, scale, type Vec3 } from '@overread/core/geometry';

export interface SyntheticSeries {
  readonly slices?: number;
  readonly rows?: number;
  readonly columns?: number;
  /** [between rows, between columns], mm. */
  readonly pixelSpacing?: readonly [number, number];
  readonly spacing?: number;
  readonly origin?: Vec3;
  readonly rowDirection?: Vec3;
  readonly columnDirection?: Vec3;
  /** Attributes added to, or put in place of, those of every slice. */
  readonly all?: Attributes;
  /** The same for slice k. */
  readonly each?: (k: number) => Attributes;
}

/** Naturalized headers of a stack of CT slices, in order along their normal; instance numbers count from 1. */
export function syntheticSeries(options: SyntheticSeries = {}): Attributes[] {
  const {
    slices = 5,
    rows = 4,
    columns = 6,
    pixelSpacing = [0.7, 0.6],
    spacing = 2.5,
    origin = [-10, -20, 30],
  } = options;
  const { rowDirection = [1, 0, 0], columnDirection = [0, 1, 0], all = {}, each = () => ({}) } = options;
  const normal = planeNormal({ rowDirection, columnDirection });
  return Array.from({ length: slices }, (_, k) => ({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: `2.25.1000.${k + 1}`,
    StudyInstanceUID: '2.25.1',
    SeriesInstanceUID: '2.25.10',
    FrameOfReferenceUID: '2.25.100',
    Modality: 'CT',
    InstanceNumber: k + 1,
    Rows: rows,
    Columns: columns,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 16,
    BitsStored: 12,
    PixelRepresentation: 0,
    RescaleSlope: 1,
    RescaleIntercept: -1024,
    SliceThickness: spacing,
    PixelSpacing: pixelSpacing,
    ImageOrientationPatient: [...rowDirection, ...columnDirection],
    ImagePositionPatient: add(origin, scale(normal, k * spacing)),
    ...all,
    ...each(k),
  }));
}
