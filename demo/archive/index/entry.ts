import * as z from 'zod/mini';
import { textOf, type JsonDataset, type JsonElement } from '../part10/dicom-json.ts';
import type { Part10 } from '../part10/read.ts';

/** Attributes that searches answer with, by the level they belong to (PS3.18 tables 10.6.3-3 to -5). */
export const levelAttributes = {
  study: [
    '00080005', // SpecificCharacterSet
    '00080020', // StudyDate
    '00080030', // StudyTime
    '00080050', // AccessionNumber
    '00080090', // ReferringPhysicianName
    '00080201', // TimezoneOffsetFromUTC
    '00081030', // StudyDescription
    '00100010', // PatientName
    '00100020', // PatientID
    '00100030', // PatientBirthDate
    '00100040', // PatientSex
    '0020000D', // StudyInstanceUID
    '00200010', // StudyID
  ],
  series: [
    '00080005', // SpecificCharacterSet
    '00080021', // SeriesDate
    '00080031', // SeriesTime
    '00080060', // Modality
    '00080070', // Manufacturer
    '0008103E', // SeriesDescription
    '00180015', // BodyPartExamined
    '0020000D', // StudyInstanceUID
    '0020000E', // SeriesInstanceUID
    '00200011', // SeriesNumber
    '00400244', // PerformedProcedureStepStartDate
    '00400245', // PerformedProcedureStepStartTime
    '00400275', // RequestAttributesSequence
  ],
  instance: [
    '00080005', // SpecificCharacterSet
    '00080016', // SOPClassUID
    '00080018', // SOPInstanceUID
    '0020000D', // StudyInstanceUID
    '0020000E', // SeriesInstanceUID
    '00200013', // InstanceNumber
    '00280008', // NumberOfFrames
    '00280010', // Rows
    '00280011', // Columns
    '00280100', // BitsAllocated
  ],
} as const;

export type Level = keyof typeof levelAttributes;

/** What the index keeps of one instance: enough for searches, little enough for thousands of files. */
export interface IndexEntry {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  readonly transferSyntaxUID: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly attributes: JsonDataset;
}

/** Only what the cache file's reader relies on; a cache of another shape is built anew. */
export const indexEntrySchema = z.object({
  path: z.string(),
  size: z.number(),
  modified: z.number(),
  transferSyntaxUID: z.string(),
  study: z.string(),
  series: z.string(),
  instance: z.string(),
  attributes: z.record(
    z.string(),
    z.custom<JsonElement>((value: unknown) => typeof value === 'object' && value !== null),
  ),
});

const kept = [...new Set(Object.values(levelAttributes).flat())];

export function isUid(text: string): boolean {
  return text.length <= 64 && /^[0-9]+(\.[0-9]+)*$/.test(text);
}

/** Null where the file names no study, series or instance (a DICOMDIR, say). */
export function indexEntry(file: { path: string; size: number; modified: number }, part10: Part10): IndexEntry | null {
  const { dataset, transferSyntaxUID } = part10;
  const study = textOf(dataset, '0020000D');
  const series = textOf(dataset, '0020000E');
  const instance = textOf(dataset, '00080018');
  if (!isUid(study) || !isUid(series) || !isUid(instance)) return null;
  return { ...file, transferSyntaxUID, study, series, instance, attributes: pick(dataset, kept) };
}

/** The given attributes, those that are there. */
export function pick(dataset: JsonDataset, tags: readonly string[]): JsonDataset {
  return Object.fromEntries(tags.flatMap((tag) => (dataset[tag] ? [[tag, dataset[tag]] as const] : [])));
}
