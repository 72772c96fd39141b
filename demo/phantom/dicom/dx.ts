import { sopClasses, writePart10 } from '@overread/core/dicom';
import { commonAttributes, decimalString, phantomUid, type StudyIdentity } from '../identity.ts';
import type { Radiograph } from '../projection.ts';

/** A Digital X-Ray Image for presentation (PS3.3 A.26). */
export function dxFile(study: StudyIdentity, seed: number, image: Radiograph): Uint8Array {
  const spacing = decimalString(image.pixelSpacing);
  const { pixels } = image;
  return writePart10({
    ...commonAttributes(study, seed),
    SOPClassUID: sopClasses.digitalXRay,
    SOPInstanceUID: phantomUid(seed, `${study.name} image`),
    ImageType: ['ORIGINAL', 'PRIMARY'],
    Modality: 'DX',
    PresentationIntentType: 'FOR PRESENTATION',
    SeriesInstanceUID: phantomUid(seed, `${study.name} series`),
    SeriesNumber: '1',
    SeriesDescription: 'Chest PA',
    InstanceNumber: '1',
    AcquisitionNumber: '1',
    BodyPartExamined: 'CHEST',
    ViewPosition: 'PA',
    ImageLaterality: 'U',
    AnatomicRegionSequence: [{ CodeValue: '51185008', CodingSchemeDesignator: 'SCT', CodeMeaning: 'Chest' }],
    ViewCodeSequence: [{ CodeValue: '399348003', CodingSchemeDesignator: 'SCT', CodeMeaning: 'postero-anterior' }],
    AcquisitionContextSequence: [],
    PatientOrientation: ['L', 'F'],
    DetectorType: 'DIRECT',
    PositionerType: 'NONE',
    ImagerPixelSpacing: [spacing, spacing],
    PixelSpacing: [spacing, spacing],
    KVP: '125',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: image.rows,
    Columns: image.columns,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    PixelIntensityRelationship: 'LOG',
    // Higher values where less radiation arrived.
    PixelIntensityRelationshipSign: -1,
    RescaleIntercept: '0',
    RescaleSlope: '1',
    RescaleType: 'US',
    PresentationLUTShape: 'IDENTITY',
    LossyImageCompression: '00',
    ...windowOf(pixels),
    PixelData: new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength),
  });
}

/** Window from the picture's own values: the darkest lung to the brightest bone, air around the patient left out. */
function windowOf(pixels: Uint16Array): { WindowCenter: string; WindowWidth: string } {
  const sorted = pixels.filter((_, index) => index % 16 === 0).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  const [low, high] = [at(0.12), at(0.995)];
  return { WindowCenter: String(Math.round((low + high) / 2)), WindowWidth: String(Math.max(1, high - low)) };
}
