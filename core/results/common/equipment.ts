import type { ModelIdentity } from '../../analysis/index.ts';
import { dcmCodes, implementation, shortText, type Dataset } from '../../dicom/index.ts';
import { codeSequence } from './code-sequence.ts';

/** General and Enhanced General Equipment (PS3.3 C.7.5.1, C.7.5.2): this software, which packs the result. */
export const equipment = {
  Manufacturer: 'Overread',
  ManufacturerModelName: 'Overread',
  DeviceSerialNumber: '1',
  SoftwareVersions: implementation.softwareVersion,
} as const satisfies Dataset;

/** Contributing Equipment Sequence (0018,A001): the algorithm, as the device observer and TID 4019 name it too. */
export function contributingEquipment(model: ModelIdentity): readonly Dataset[] {
  return [
    {
      PurposeOfReferenceCodeSequence: codeSequence(dcmCodes.processingEquipment),
      Manufacturer: shortText(model.manufacturer),
      ManufacturerModelName: shortText(model.title),
      SoftwareVersions: shortText(model.version),
      DeviceUID: model.deviceUID,
      ContributionDescription: 'Algorithm that computed the result',
    },
  ];
}
