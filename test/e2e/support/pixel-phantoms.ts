import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import dcmjs from 'dcmjs';
import { newUID } from '@overread/core/dicom';

/** What is written; dcmjs has no types of its own. */
interface Writer {
  readonly data: {
    readonly DicomMetaDictionary: { denaturalizeDataset(dataset: object): object };
    readonly DicomDict: new (meta: object) => { dict: object; write(): ArrayBuffer };
  };
}
const { DicomMetaDictionary, DicomDict } = (dcmjs as unknown as Writer).data;

/** A small series whose every value is known. */
export interface PixelPhantom {
  readonly name: string;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly rows: number;
  readonly columns: number;
  /** Modality values in order of i, j, k. */
  readonly expected: readonly number[];
  readonly unit: string;
}

interface Recipe {
  readonly name: string;
  readonly sopClassUID: string;
  readonly slices: number;
  readonly signed: boolean;
  readonly bitsStored: number;
  readonly unit: string;
  /** Frames of one instance instead of instances. */
  readonly multiFrame?: boolean;
  stored(i: number, j: number, k: number): number;
  rescale(k: number): { slope: number; intercept: number } | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const [rows, columns] = [48, 64];
const spread = (i: number, j: number, k: number): number => (i * 37 + j * 101 + k * 17) % 997;

const ct = '1.2.840.10008.5.1.4.1.1.2';
const recipes: readonly Recipe[] = [
  {
    // The smallest and the largest scaled value are whole, those between are not: the viewer then keeps integers.
    name: 'CT with slope 0.5',
    sopClassUID: ct,
    slices: 6,
    signed: false,
    bitsStored: 12,
    unit: 'HU',
    stored: (i, j, k) => (i === 0 ? 0 : i === 1 ? 4000 : 1 + spread(i, j, k) * 4),
    rescale: () => ({ slope: 0.5, intercept: -1024 }),
    attributes: { Modality: 'CT', RescaleType: 'HU' },
  },
  {
    name: 'CT signed, with negative stored values',
    sopClassUID: ct,
    slices: 6,
    signed: true,
    bitsStored: 16,
    unit: 'HU',
    stored: (i, j, k) => spread(i, j, k) * 3 - 1500,
    rescale: () => ({ slope: 1, intercept: -24 }),
    attributes: { Modality: 'CT', RescaleType: 'HU' },
  },
  {
    name: 'CT with values beyond 16 bits',
    sopClassUID: ct,
    slices: 4,
    signed: false,
    bitsStored: 16,
    unit: 'HU',
    stored: (i, j, k) => spread(i, j, k) * 65,
    rescale: () => ({ slope: 3, intercept: -1000 }),
    attributes: { Modality: 'CT', RescaleType: 'HU' },
  },
  {
    name: 'PET with a slope per slice and what SUV needs',
    sopClassUID: '1.2.840.10008.5.1.4.1.1.128',
    slices: 5,
    signed: true,
    bitsStored: 16,
    unit: 'BQML',
    stored: (i, j, k) => spread(i, j, k) * 32,
    rescale: (k) => ({ slope: 0.731 + k * 0.0625, intercept: 0 }),
    attributes: {
      Modality: 'PT',
      Units: 'BQML',
      CorrectedImage: ['ATTN', 'DECY'],
      DecayCorrection: 'START',
      PatientWeight: 71,
      FrameReferenceTime: 0,
      RadiopharmaceuticalInformationSequence: [
        {
          RadionuclideTotalDose: 3.7e8,
          RadionuclideHalfLife: 6586.2,
          RadiopharmaceuticalStartTime: '090000',
          RadiopharmaceuticalStartDateTime: '20260110090000',
        },
      ],
    },
  },
  {
    name: 'MR without rescale',
    sopClassUID: '1.2.840.10008.5.1.4.1.1.4',
    slices: 4,
    signed: false,
    bitsStored: 16,
    unit: '1',
    stored: (i, j, k) => spread(i, j, k) * 65,
    rescale: () => null,
    attributes: { Modality: 'MR' },
  },
  {
    name: 'DX in MONOCHROME1',
    sopClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
    slices: 1,
    signed: false,
    bitsStored: 14,
    unit: '1',
    stored: (i, j, k) => spread(i, j, k) * 16,
    rescale: () => ({ slope: 1, intercept: 0 }),
    attributes: {
      Modality: 'DX',
      PhotometricInterpretation: 'MONOCHROME1',
      ImagerPixelSpacing: [0.2, 0.2],
      PresentationLUTShape: 'INVERSE',
    },
  },
  {
    name: 'Enhanced MR, frames with slopes of their own',
    sopClassUID: '1.2.840.10008.5.1.4.1.1.4.1',
    slices: 4,
    signed: false,
    bitsStored: 12,
    unit: '1',
    multiFrame: true,
    stored: (i, j, k) => spread(i, j, k) * 4,
    rescale: (k) => ({ slope: 0.25 * (k + 1), intercept: -3.5 }),
    attributes: { Modality: 'MR', RescaleType: 'US' },
  },
];

/** Writes the series into a folder, one study each. */
export function writePixelPhantoms(folder: string): readonly PixelPhantom[] {
  return recipes.map((recipe, number) => writePhantom(recipe, join(folder, `phantom-${number}`)));
}

function writePhantom(recipe: Recipe, folder: string): PixelPhantom {
  mkdirSync(folder, { recursive: true });
  const { slices, signed, bitsStored, sopClassUID, multiFrame = false } = recipe;
  const [studyInstanceUID, seriesInstanceUID, frameOfReferenceUID] = [newUID(), newUID(), newUID()];
  const expected: number[] = [];
  const frames = Array.from({ length: slices }, (_, k) => {
    const { slope, intercept } = recipe.rescale(k) ?? { slope: 1, intercept: 0 };
    const stored = new Uint16Array(rows * columns);
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++) {
        const value = recipe.stored(i, j, k);
        stored[j * columns + i] = value;
        expected.push(Math.fround(value * slope + intercept));
      }
    }
    return stored;
  });
  const position = (k: number): number[] => [-20, -15, 100 + 3 * k];
  const common = {
    SOPClassUID: sopClassUID,
    StudyInstanceUID: studyInstanceUID,
    SeriesInstanceUID: seriesInstanceUID,
    FrameOfReferenceUID: frameOfReferenceUID,
    PatientName: 'PHANTOM^Pixels',
    PatientID: 'PHANTOM-PIXELS',
    PatientBirthDate: '',
    PatientSex: 'O',
    StudyDate: '20260110',
    StudyTime: '100000',
    SeriesDate: '20260110',
    SeriesTime: '100000',
    AcquisitionDate: '20260110',
    AcquisitionTime: '100000',
    ContentDate: '20260110',
    ContentTime: '100000',
    StudyID: '1',
    AccessionNumber: '',
    ReferringPhysicianName: '',
    SeriesNumber: 1,
    SeriesDescription: recipe.name,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    BitsAllocated: 16,
    BitsStored: bitsStored,
    HighBit: bitsStored - 1,
    PixelRepresentation: signed ? 1 : 0,
    ...recipe.attributes,
  };
  if (multiFrame) {
    const pixels = new Uint16Array(frames.flatMap((frame) => [...frame]));
    const dataset = {
      ...common,
      SOPInstanceUID: newUID(),
      InstanceNumber: 1,
      NumberOfFrames: slices,
      SharedFunctionalGroupsSequence: [
        {
          PixelMeasuresSequence: [{ PixelSpacing: [0.8, 0.7], SliceThickness: 3 }],
          PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
        },
      ],
      PerFrameFunctionalGroupsSequence: frames.map((_, k) => ({
        PlanePositionSequence: [{ ImagePositionPatient: position(k) }],
        PixelValueTransformationSequence: [
          { RescaleSlope: recipe.rescale(k)?.slope, RescaleIntercept: recipe.rescale(k)?.intercept, RescaleType: 'US' },
        ],
      })),
      PixelData: [pixels.buffer],
    };
    writeFileSync(join(folder, 'enhanced.dcm'), part10(dataset));
  } else {
    frames.forEach((frame, k) => {
      const rescale = recipe.rescale(k);
      const dataset = {
        ...common,
        SOPInstanceUID: newUID(),
        InstanceNumber: k + 1,
        ...(slices > 1 && {
          ImagePositionPatient: position(k),
          ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
          PixelSpacing: [0.8, 0.7],
          SliceThickness: 3,
        }),
        ...(rescale && { RescaleSlope: rescale.slope, RescaleIntercept: rescale.intercept }),
        PixelData: [frame.buffer],
      };
      writeFileSync(join(folder, `${k}.dcm`), part10(dataset));
    });
  }
  return { name: recipe.name, studyInstanceUID, seriesInstanceUID, rows, columns, expected, unit: recipe.unit };
}

function part10(dataset: { SOPClassUID: string; SOPInstanceUID: string }): Buffer {
  const meta = {
    FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
    MediaStorageSOPClassUID: dataset.SOPClassUID,
    MediaStorageSOPInstanceUID: dataset.SOPInstanceUID,
    TransferSyntaxUID: '1.2.840.10008.1.2.1',
    ImplementationClassUID: '2.25.1',
  };
  const vrs = { PixelData: 'OW' };
  const dict = new DicomDict(DicomMetaDictionary.denaturalizeDataset(meta));
  dict.dict = DicomMetaDictionary.denaturalizeDataset({ ...dataset, _vrMap: vrs });
  return Buffer.from(dict.write());
}
