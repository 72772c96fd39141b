import type { Analysis } from '../../analysis/index.ts';
import { dcmCodes, newUID, shortText, sopClasses, type Attributes, type Dataset } from '../../dicom/index.ts';
import { OverreadError } from '../../errors/index.ts';
import { codeSequence } from '../common/code-sequence.ts';
import { lossyHistory } from '../common/derived-image.ts';
import { imageReference } from '../common/image-reference.ts';
import { commonModules, finishObject, newPlace } from '../common/instance.ts';
import { equipment } from '../common/equipment.ts';
import { shownFindings, slicesOfTheirOwn } from '../common/shown-findings.ts';
import type { CapturedPixels, DicomObject } from '../object.ts';
import { renderCapture } from './render.ts';

/**
 * The slices that matter as colour pictures with everything burned in (Secondary Capture, PS3.3 A.8.1), one instance
 * each, in one series. Without a finding in the images it is the middle slice, saying so.
 * @throws OverreadError `results.inconsistent` where samples and grid differ in size.
 */
export function encodeSecondaryCaptures(
  analysis: Analysis,
  pixels: CapturedPixels,
  source: Attributes,
  now: Date,
): readonly DicomObject[] {
  const shown = shownFindings(analysis);
  const slices = slicesOfTheirOwn(shown, analysis.source.slices.length);
  const first = newPlace(analysis, sopClasses.secondaryCapture, 55, 'Captures');
  return slices.map((k, index) => {
    const slice = analysis.source.slices[k];
    if (slice === undefined) throw new OverreadError('results.inconsistent', { why: `there is no slice ${k}` });
    const place = { ...first, reference: { ...first.reference, sopInstanceUID: newUID() } };
    const { width, height, pixels: rgb } = renderCapture(analysis, shown, pixels, k);
    const common = commonModules(analysis, source, place, now);
    const dataset: Dataset = {
      ...common,
      Modality: 'OT',
      InstanceNumber: index + 1,
      ImageType: ['DERIVED', 'SECONDARY'],
      ConversionType: 'WSD',
      DateOfSecondaryCapture: common.InstanceCreationDate ?? null,
      TimeOfSecondaryCapture: common.InstanceCreationTime ?? null,
      SecondaryCaptureDeviceManufacturer: equipment.Manufacturer,
      SecondaryCaptureDeviceManufacturerModelName: equipment.ManufacturerModelName,
      SecondaryCaptureDeviceSoftwareVersions: equipment.SoftwareVersions,
      PatientOrientation: null,
      BurnedInAnnotation: 'YES',
      DerivationDescription: shortText(
        `AI result burned in: ${analysis.model.title} ${analysis.model.version}. Not for primary diagnosis.`,
        1024,
      ),
      SourceImageSequence: [
        {
          ...imageReference(slice),
          PurposeOfReferenceCodeSequence: codeSequence(dcmCodes.sourceForProcessing),
          SpatialLocationsPreserved: 'NO',
        },
      ],
      SamplesPerPixel: 3,
      PhotometricInterpretation: 'RGB',
      PlanarConfiguration: 0,
      Rows: height,
      Columns: width,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
      ...lossyHistory(source),
      PixelData: rgb,
    };
    return finishObject('SC', dataset, place);
  });
}
