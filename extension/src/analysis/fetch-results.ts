import { privateScheme } from '@overread/core/dicom';
import type { StoredAnalysis } from '@overread/core/results';
import type { HostArchive, ListedObject } from '../host/types.ts';
import { problemOf } from './problem.ts';

/** The stored results of a study as they came from the archive. */
export interface FetchedResults {
  /** Our reports. */
  readonly reports: readonly Uint8Array[];
  /** Masks and maps that our reports refer to. */
  readonly referred: readonly FetchedFile[];
  readonly otherReports: readonly FetchedFile[];
  /** Masks of others: listed, and fetched only when a person asks for one. They may be hundreds of MB. */
  readonly otherMasks: readonly ListedObject[];
  /** What could not be listed or fetched and why. */
  readonly problems: readonly string[];
}

export interface FetchedFile {
  readonly listed: ListedObject;
  readonly bytes: Uint8Array;
}

/** Fetches all reports of a study, and what ours refer to. One object that does not come keeps none of the others away. */
export async function fetchResults(
  studyInstanceUID: string,
  archive: HostArchive,
  signal: AbortSignal,
): Promise<FetchedResults> {
  const { objects, problems: unlisted } = await archive.listResults(studyInstanceUID);
  const problems = [...unlisted];
  const fetchAll = async (wanted: readonly ListedObject[]): Promise<readonly FetchedFile[]> => {
    const files: FetchedFile[] = [];
    for (const listed of wanted) {
      signal.throwIfAborted();
      try {
        files.push({ listed, bytes: await archive.retrieve(listed) });
      } catch (error) {
        problems.push(`${nameOf(listed)}: ${problemOf(error).message}`);
      }
    }
    signal.throwIfAborted();
    return files;
  };
  const files = await fetchAll(objects.filter(({ kind }) => kind === 'SR'));
  const reports = files.filter(isOurs).map(({ bytes }) => bytes);
  const isReferred = (listed: ListedObject) => reports.some((report) => contains(report, listed.sopInstanceUID));
  const drawn = objects.filter(({ kind }) => kind !== 'SR');
  const referred = await fetchAll(drawn.filter(isReferred));
  return {
    reports,
    referred,
    otherReports: files.filter((file) => !isOurs(file)),
    otherMasks: drawn.filter((listed) => listed.kind === 'SEG' && !isReferred(listed)),
    problems,
  };
}

/** What is left when some analyses have been read: their masks and maps, of 100 MB and more, are not held twice. */
export function withoutRead(fetched: FetchedResults, read: readonly StoredAnalysis[]): FetchedResults {
  const uids = new Set(
    read.flatMap(({ segmentation, parametricMaps }) => [
      segmentation?.sopInstanceUID,
      ...parametricMaps.map(({ sopInstanceUID }) => sopInstanceUID),
    ]),
  );
  return { ...fetched, referred: fetched.referred.filter(({ listed }) => !uids.has(listed.sopInstanceUID)) };
}

/** The coding scheme of our review states stands in every report of ours and in no other. */
function isOurs({ bytes }: FetchedFile): boolean {
  return contains(bytes, privateScheme.uid);
}

function nameOf({ kind, description, sopInstanceUID }: ListedObject): string {
  return `${kind} ${description === '' ? sopInstanceUID : `“${description}”`}`;
}

/** Whether the ASCII text stands anywhere in the bytes. */
export function contains(bytes: Uint8Array, text: string): boolean {
  const wanted = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const first = wanted[0];
  if (first === undefined) return true;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((value, index) => bytes[at + index] === value)) return true;
  }
  return false;
}
