import {
  isKeyword,
  itemsOf,
  tags,
  type Attributes,
  type Dataset,
  type ElementValue,
  type Keyword,
} from '../../dicom/index.ts';

/** Patient, Clinical Trial Subject, General Study, Patient Study and Clinical Trial Study modules (PS3.3 C.7.1, C.7.2). */
export const copiedKeywords = [
  'PatientName',
  'PatientID',
  'IssuerOfPatientID',
  'IssuerOfPatientIDQualifiersSequence',
  'TypeOfPatientID',
  'PatientBirthDate',
  'PatientBirthTime',
  'PatientSex',
  'OtherPatientIDs',
  'OtherPatientIDsSequence',
  'OtherPatientNames',
  'EthnicGroup',
  'PatientComments',
  'QualityControlSubject',
  'PatientSpeciesDescription',
  'PatientSpeciesCodeSequence',
  'PatientBreedDescription',
  'PatientBreedCodeSequence',
  'BreedRegistrationSequence',
  'StrainDescription',
  'ResponsiblePerson',
  'ResponsiblePersonRole',
  'ResponsibleOrganization',
  'PatientIdentityRemoved',
  'DeidentificationMethod',
  'DeidentificationMethodCodeSequence',
  'ClinicalTrialSponsorName',
  'ClinicalTrialProtocolID',
  'ClinicalTrialProtocolName',
  'ClinicalTrialSiteID',
  'ClinicalTrialSiteName',
  'ClinicalTrialSubjectID',
  'ClinicalTrialSubjectReadingID',
  'ClinicalTrialTimePointID',
  'ClinicalTrialTimePointDescription',
  'LongitudinalTemporalInformationModified',
  'StudyInstanceUID',
  'StudyDate',
  'StudyTime',
  'StudyID',
  'AccessionNumber',
  'IssuerOfAccessionNumberSequence',
  'ReferringPhysicianName',
  'ConsultingPhysicianName',
  'PhysiciansOfRecord',
  'StudyDescription',
  'ProcedureCodeSequence',
  'ReferencedStudySequence',
  'PatientAge',
  'PatientSize',
  'PatientWeight',
  'PatientSexNeutered',
  'AdmittingDiagnosesDescription',
  'AdmissionID',
  'Occupation',
  'AdditionalPatientHistory',
] as const satisfies readonly Keyword[];

/** Type 2 attributes of those modules: present even where the source has none. */
const always = [
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'PatientSex',
  'StudyDate',
  'StudyTime',
  'StudyID',
  'AccessionNumber',
  'ReferringPhysicianName',
] as const satisfies readonly Keyword[];

/** Type 2 attributes of the Clinical Trial Subject module, needed once it is there at all. */
const alwaysInTrial = [
  'ClinicalTrialProtocolName',
  'ClinicalTrialSiteID',
  'ClinicalTrialSiteName',
] as const satisfies readonly Keyword[];

/** Patient and study of the source, value for value; what is there but empty stays empty. */
export function copySourceModules(source: Attributes): Dataset {
  const copy: Partial<Record<Keyword, ElementValue>> = {};
  for (const keyword of always) copy[keyword] = null;
  if (copyValue(source, 'ClinicalTrialSponsorName') !== null) for (const keyword of alwaysInTrial) copy[keyword] = null;
  for (const keyword of copiedKeywords) {
    if (keyword in source) copy[keyword] = copyValue(source, keyword);
  }
  return copy;
}

function copyValue(source: Attributes, keyword: Keyword): ElementValue {
  const vr: string = tags[keyword][1];
  if (vr === 'SQ') {
    const items = itemsOf(source, keyword).map(copyItem);
    return items.length === 0 ? null : items;
  }
  const raw = source[keyword];
  const values = (Array.isArray(raw) ? (raw as readonly unknown[]) : [raw]).map(vr === 'PN' ? personName : plainValue);
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === values.length) return numbers;
  const texts = values.map((value) => (value === null ? '' : String(value)));
  return texts.every((text) => text === '') ? null : texts;
}

function copyItem(item: Attributes): Dataset {
  const copy: Partial<Record<Keyword, ElementValue>> = {};
  for (const keyword of Object.keys(item)) {
    if (isKeyword(keyword)) copy[keyword] = copyValue(item, keyword);
  }
  return copy;
}

function plainValue(value: unknown): string | number | null {
  if (typeof value === 'string' || typeof value === 'number') return value;
  return value instanceof String ? value.toString() : null;
}

/** A person name as one text: component groups joined by `=`, as DICOM JSON takes them apart (PS3.18 F.2.2). */
function personName(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value instanceof String) return value.toString();
  if (typeof value !== 'object' || value === null) return null;
  const groups = value as { Alphabetic?: unknown; Ideographic?: unknown; Phonetic?: unknown };
  const texts = [groups.Alphabetic, groups.Ideographic, groups.Phonetic].map((group) =>
    typeof group === 'string' ? group : '',
  );
  return texts.join('=').replace(/=+$/, '');
}
