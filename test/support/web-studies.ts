import { sopClasses, writePart10, type Dataset } from '@overread/core/dicom';

const root = '2.25.201749583726451';

export interface WebImage {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly bytes: Uint8Array;
  readonly pixels: Uint8Array;
}

interface Recipe {
  /** Number of study, series and instance: their UIDs follow from it. */
  readonly place: readonly [number, number, number];
  readonly attributes: Dataset;
  readonly frames?: number;
}

const [rows, columns] = [6, 8];

/** An image whose every pixel is of its own value. */
export function webImage({ place: [study, series, instance], attributes, frames = 1 }: Recipe): WebImage {
  const samples = Uint16Array.from({ length: rows * columns * frames }, (_, n) => (n * 37 + instance * 101) % 4096);
  const pixels = new Uint8Array(samples.buffer);
  const uids = {
    StudyInstanceUID: `${root}.${study}`,
    SeriesInstanceUID: `${root}.${study}.${series}`,
    SOPInstanceUID: `${root}.${study}.${series}.${instance}`,
  };
  const bytes = writePart10({
    SOPClassUID: sopClasses.ct,
    SpecificCharacterSet: 'ISO_IR 100',
    PatientName: 'PHANTOM^WEB',
    PatientID: 'PHANTOM-WEB',
    PatientBirthDate: null,
    PatientSex: 'O',
    StudyDate: '20260301',
    StudyTime: '101500',
    AccessionNumber: 'WEB-1',
    ReferringPhysicianName: null,
    StudyID: '1',
    Modality: 'CT',
    SeriesNumber: String(series),
    InstanceNumber: String(instance),
    ImagePositionPatient: ['-10.5', '20.25', String(instance * 2.5)],
    ImageOrientationPatient: ['1', '0', '0', '0', '1', '0'],
    PixelSpacing: ['0.5', '0.5'],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    ...(frames > 1 && { NumberOfFrames: String(frames) }),
    Rows: rows,
    Columns: columns,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    ...attributes,
    ...uids,
    PixelData: pixels,
  });
  return { study: uids.StudyInstanceUID, series: uids.SeriesInstanceUID, instance: uids.SOPInstanceUID, bytes, pixels };
}

const february: Dataset = {
  StudyDate: '20260214',
  AccessionNumber: 'WEB-2',
  PatientName: 'PHANTOM^JÖRG',
  PatientID: 'PHANTOM-2',
};

/** Two patients: a CT study of two series, and an MR study of one multi-frame image. */
export const webStudies = {
  ct: [1, 2, 3].map((instance) => webImage({ place: [1, 1, instance], attributes: { SeriesDescription: 'thin' } })),
  ctOther: [webImage({ place: [1, 2, 1], attributes: { SeriesDescription: 'thick' } })],
  mr: webImage({
    place: [2, 1, 1],
    frames: 3,
    attributes: { ...february, Modality: 'MR', SOPClassUID: sopClasses.enhancedMr },
  }),
};
