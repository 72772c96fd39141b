import { itemsOf, readPart10, textOf, type Attributes } from '../dicom/index.ts';
import type { ObjectReference } from './object.ts';

/** A stored instance as read, with what it refers to. */
export interface StoredObject {
  readonly reference: ObjectReference;
  readonly dataset: Attributes;
  readonly transferSyntaxUID: string;
}

/** @throws OverreadError of the DICOM reader; null where the instance does not say what it is. */
export function readStoredObject(bytes: Uint8Array): StoredObject | null {
  const { dataset, transferSyntaxUID } = readPart10(bytes);
  const studyInstanceUID = textOf(dataset, 'StudyInstanceUID');
  const seriesInstanceUID = textOf(dataset, 'SeriesInstanceUID');
  const sopClassUID = textOf(dataset, 'SOPClassUID');
  const sopInstanceUID = textOf(dataset, 'SOPInstanceUID');
  if (studyInstanceUID === null || seriesInstanceUID === null || sopClassUID === null || sopInstanceUID === null) {
    return null;
  }
  return {
    reference: { studyInstanceUID, seriesInstanceUID, sopClassUID, sopInstanceUID },
    dataset,
    transferSyntaxUID,
  };
}

/** Instances that a hierarchical reference sequence lists (evidence, predecessors). */
export function listedInstances(dataset: Attributes, keyword: string): readonly ObjectReference[] {
  return itemsOf(dataset, keyword).flatMap((study) =>
    itemsOf(study, 'ReferencedSeriesSequence').flatMap((series) =>
      itemsOf(series, 'ReferencedSOPSequence').map((instance) => ({
        studyInstanceUID: textOf(study, 'StudyInstanceUID') ?? '',
        seriesInstanceUID: textOf(series, 'SeriesInstanceUID') ?? '',
        sopClassUID: textOf(instance, 'ReferencedSOPClassUID') ?? '',
        sopInstanceUID: textOf(instance, 'ReferencedSOPInstanceUID') ?? '',
      })),
    ),
  );
}

/** When the instance was written, in milliseconds; 0 where it does not say. */
export function writtenAt(dataset: Attributes): number {
  const date = /^(\d{4})(\d\d)(\d\d)$/.exec(textOf(dataset, 'InstanceCreationDate') ?? '');
  const time = /^(\d\d)(\d\d)(\d\d)(\.\d+)?$/.exec(textOf(dataset, 'InstanceCreationTime') ?? '');
  if (date === null || time === null) return 0;
  const zone = /^([+-]\d\d)(\d\d)$/.exec(textOf(dataset, 'TimezoneOffsetFromUTC') ?? '');
  const offset = zone === null ? 'Z' : `${zone[1]}:${zone[2]}`;
  const clock = `${time[1]}:${time[2]}:${time[3]}${(time[4] ?? '').slice(0, 4)}`;
  const found = Date.parse(`${date[1]}-${date[2]}-${date[3]}T${clock}${offset}`);
  return Number.isNaN(found) ? 0 : found;
}
