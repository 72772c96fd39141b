import { sopClasses, writePart10, type Dataset } from '@overread/core/dicom';
import type { Canvas } from '../canvas.ts';
import { commonAttributes, decimalString, phantomUid, type StudyIdentity } from '../identity.ts';
import { storedOffset, type Scan } from '../scanner.ts';

export interface CtSeries {
  readonly study: StudyIdentity;
  readonly seed: number;
  readonly scan: Scan;
  readonly canvas: Canvas;
  /** Where the patient lay: added to the canvas's coordinates, millimetres. */
  readonly shift: readonly [number, number, number];
}

export function ctSeriesUid(study: StudyIdentity, seed: number): string {
  return phantomUid(seed, `${study.name} series`);
}

/** The files of a CT series (PS3.3 A.3), the first image at the head. */
export function* ctFiles({
  study,
  seed,
  scan,
  canvas,
  shift,
}: CtSeries): Generator<{ name: string; bytes: Uint8Array }> {
  const thickness = 2 * canvas.layerSpacing;
  const count = scan.slices.length;
  const shared: Dataset = {
    ...commonAttributes(study, seed),
    SOPClassUID: sopClasses.ct,
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    Modality: 'CT',
    SeriesInstanceUID: ctSeriesUid(study, seed),
    SeriesNumber: '2',
    SeriesDescription: 'Chest 2 mm',
    AcquisitionNumber: '1',
    FrameOfReferenceUID: phantomUid(seed, `${study.name} frame of reference`),
    PositionReferenceIndicator: null,
    BodyPartExamined: 'CHEST',
    PatientPosition: 'HFS',
    KVP: '120',
    XRayTubeCurrent: '180',
    ExposureTime: '500',
    ConvolutionKernel: 'STANDARD',
    GantryDetectorTilt: '0',
    SliceThickness: String(thickness),
    SpacingBetweenSlices: String(thickness),
    ImageOrientationPatient: ['1', '0', '0', '0', '1', '0'],
    PixelSpacing: [decimalString(canvas.pixelSpacing), decimalString(canvas.pixelSpacing)],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: scan.rows,
    Columns: scan.columns,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    PixelPaddingValue: 0,
    RescaleIntercept: String(-storedOffset),
    RescaleSlope: '1',
    RescaleType: 'HU',
    WindowCenter: ['-550', '40'],
    WindowWidth: ['1500', '400'],
  };
  for (let number = 1; number <= count; number += 1) {
    const index = count - number;
    const pixels = scan.slices[index]!;
    const height = scan.heights[index]! + shift[2];
    const place = [canvas.origin[0] + shift[0], canvas.origin[1] + shift[1], height];
    const bytes = writePart10({
      ...shared,
      SOPInstanceUID: phantomUid(seed, `${study.name} image ${number}`),
      InstanceNumber: String(number),
      ImagePositionPatient: place.map(decimalString),
      SliceLocation: decimalString(height),
      PixelData: new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength),
    });
    yield { name: `${study.name}-${String(number).padStart(3, '0')}.dcm`, bytes };
  }
}
