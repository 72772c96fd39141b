import type { Analysis, ModelIdentity } from '../../analysis/index.ts';
import {
  implementation,
  newUID,
  privateScheme,
  shortText,
  textOf,
  writePart10,
  type Attributes,
  type Dataset,
} from '../../dicom/index.ts';
import type { DicomObject, ObjectReference } from '../object.ts';
import { clockIn, localZone } from './date-time.ts';
import { contributingEquipment, equipment } from './equipment.ts';
import { copiedKeywords, copySourceModules } from './source-modules.ts';

/** Where a new object will stand: decided before it is written, so that others can refer to it. */
export interface Place {
  readonly reference: ObjectReference;
  readonly seriesNumber: number;
  readonly seriesDescription: string;
}

/** Fresh UIDs, a series of its own. `slot` keeps the series numbers of one result apart. */
export function newPlace(analysis: Analysis, sopClassUID: string, slot: number, what: string): Place {
  const { model, source } = analysis;
  return {
    reference: {
      studyInstanceUID: source.studyInstanceUID,
      seriesInstanceUID: newUID(),
      sopClassUID,
      sopInstanceUID: newUID(),
    },
    seriesNumber: (Math.min(Math.max(source.seriesNumber ?? 0, 0), 9999) * 100 + slot) | 0,
    seriesDescription: describe(model, `${what}, AI, research use only`),
  };
}

/** Version and the telling end stay whole; a long title gives way. */
function describe({ title, version }: ModelIdentity, what: string): string {
  const end = ` ${shortText(version, 16)} - ${what}`;
  return `${shortText(title, 64 - end.length)}${end}`;
}

/** Patient, study, series, equipment and SOP Common modules, the same for every kind of object. */
export function commonModules(analysis: Analysis, source: Attributes, place: Place, now: Date): Dataset {
  // The zone holds for the copied study time too: where the images name none, the site's own clock is the best guess.
  const zone = textOf(source, 'TimezoneOffsetFromUTC') ?? localZone(now);
  const created = clockIn(now, zone);
  const started = clockIn(new Date(analysis.startedAt), zone);
  return {
    ...copySourceModules(source),
    StudyInstanceUID: place.reference.studyInstanceUID,
    SeriesInstanceUID: place.reference.seriesInstanceUID,
    SeriesNumber: place.seriesNumber,
    SeriesDescription: place.seriesDescription,
    SeriesDate: created.date,
    SeriesTime: created.time,
    SOPClassUID: place.reference.sopClassUID,
    SOPInstanceUID: place.reference.sopInstanceUID,
    InstanceNumber: 1,
    InstanceCreationDate: created.date,
    InstanceCreationTime: created.time,
    ContentDate: started.date,
    ContentTime: started.time,
    TimezoneOffsetFromUTC: zone,
    ...equipment,
    ContributingEquipmentSequence: contributingEquipment(analysis.model),
  };
}

/** Declares the private coding scheme (PS3.3 C.12.1.1.8). */
export const codingSchemes: Dataset = {
  CodingSchemeIdentificationSequence: [
    {
      CodingSchemeDesignator: privateScheme.designator,
      CodingSchemeUID: privateScheme.uid,
      CodingSchemeName: privateScheme.name,
      CodingSchemeVersion: privateScheme.version,
      CodingSchemeResponsibleOrganization: implementation.name,
    },
  ],
};

/** Writes the dataset, in UTF-8 whatever the images are in: every label and every name can be said in it. */
export function finishObject(kind: DicomObject['kind'], dataset: Dataset, place: Place): DicomObject {
  return {
    kind,
    sopClassUID: place.reference.sopClassUID,
    sopInstanceUID: place.reference.sopInstanceUID,
    seriesInstanceUID: place.reference.seriesInstanceUID,
    seriesDescription: place.seriesDescription,
    bytes: writePart10({ ...dataset, SpecificCharacterSet: 'ISO_IR 192' }, { asFound: new Set(copiedKeywords) }),
  };
}
