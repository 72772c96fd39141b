import { createHash } from 'node:crypto';

/** The one patient. Nobody's data: made up, and saying so in every field that can say it. */
const patient = {
  PatientName: 'PHANTOM^CHEST',
  PatientID: 'PHANTOM-1',
  PatientBirthDate: '19610412',
  PatientSex: 'O',
  PatientAge: '064Y',
} as const;

export interface StudyIdentity {
  readonly name: 'current' | 'prior' | 'radiograph';
  readonly date: string;
  readonly time: string;
  readonly accession: string;
  readonly description: string;
}

export const studies = {
  current: {
    name: 'current',
    date: '20260316',
    time: '093512',
    accession: 'PHANTOM-0003',
    description: 'Chest CT (phantom)',
  },
  prior: {
    name: 'prior',
    date: '20250915',
    time: '141806',
    accession: 'PHANTOM-0001',
    description: 'Chest CT (phantom)',
  },
  radiograph: {
    name: 'radiograph',
    date: '20260316',
    time: '090144',
    accession: 'PHANTOM-0002',
    description: 'Chest PA (phantom)',
  },
} as const satisfies Record<string, StudyIdentity>;

/** A UID that depends on nothing but seed and name: 2.25 with a UUID's number (PS3.5 B.2). */
export function phantomUid(seed: number, name: string): string {
  const bytes = createHash('sha256').update(`overread phantom ${seed} ${name}`).digest().subarray(0, 16);
  // Version 8, a UUID of one's own making (RFC 9562 5.8).
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`;
}

/** Attributes that every image of a study has: patient, study and equipment. */
export function commonAttributes(study: StudyIdentity, seed: number) {
  return {
    SpecificCharacterSet: 'ISO_IR 100',
    ...patient,
    StudyInstanceUID: phantomUid(seed, `${study.name} study`),
    StudyDate: study.date,
    StudyTime: study.time,
    StudyID: study.accession.slice(-4),
    StudyDescription: study.description,
    AccessionNumber: study.accession,
    ReferringPhysicianName: null,
    SeriesDate: study.date,
    SeriesTime: study.time,
    AcquisitionDate: study.date,
    AcquisitionTime: study.time,
    ContentDate: study.date,
    ContentTime: study.time,
    Manufacturer: 'Overread',
    ManufacturerModelName: 'Phantom generator',
    DeviceSerialNumber: '0',
    SoftwareVersions: '1',
    BurnedInAnnotation: 'NO',
  } as const;
}

/** A length as a Decimal String, to the nanometre: at most 16 characters (PS3.5 6.2). */
export function decimalString(value: number): string {
  return String(Number(value.toFixed(6)));
}
