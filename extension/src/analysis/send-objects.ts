import { OverreadError, asOverreadError, reasonOf } from '@overread/core/errors';
import type { DicomObject, ObjectReference } from '@overread/core/results';
import type { HostArchive } from '../host/types.ts';
import { text } from '../text/index.ts';
import { compareObjects, type Comparison } from './part10.ts';
import type { PendingSave, Saving } from './state.ts';

/**
 * Stores what is pending, object by object, each read back and compared.
 * @param retry Whether the first object was sent before and its answer may have been lost.
 * @param tell What is left at each step: what an interruption leaves behind.
 * @returns what was pending, with everything stored.
 */
export async function sendObjects(
  pending: PendingSave,
  retry: boolean,
  archive: HostArchive,
  tell: (pending: PendingSave, saving: Saving) => void,
): Promise<PendingSave> {
  const { studyInstanceUID } = pending.analysis.source;
  let rest = pending;
  for (const object of pending.objects) {
    tell(rest, { kind: 'working', step: 'sending', object: object.seriesDescription });
    const reference = referenceTo(object, studyInstanceUID);
    // What already lies there is not sent twice.
    const mayBeThere = retry && object === pending.objects[0];
    if (!(mayBeThere && (await isStored(object, reference, archive)))) await store(object, archive);
    tell(rest, { kind: 'working', step: 'checking', object: object.seriesDescription });
    const comparison = await readBack(object, reference, archive);
    const notes = comparison === 'rewritten' ? [...new Set([...rest.notes, text('save.rewritten')])] : rest.notes;
    rest = { ...rest, notes, objects: rest.objects.slice(1), stored: [...rest.stored, object] };
  }
  return rest;
}

export function referenceTo(object: DicomObject, studyInstanceUID: string): ObjectReference {
  return {
    studyInstanceUID,
    seriesInstanceUID: object.seriesInstanceUID,
    sopClassUID: object.sopClassUID,
    sopInstanceUID: object.sopInstanceUID,
  };
}

async function store(object: DicomObject, archive: HostArchive): Promise<void> {
  try {
    await archive.store(object.bytes);
  } catch (error) {
    const known = asOverreadError(error, 'save.refused');
    throw new OverreadError(known.code === 'internal.unexpected' ? 'save.refused' : known.code, {
      why: `${nameOf(object)} could not be sent (${reasonOf(known)})`,
      details: { ...known.details, object: object.kind },
      cause: error,
    });
  }
}

async function isStored(object: DicomObject, reference: ObjectReference, archive: HostArchive): Promise<boolean> {
  try {
    return (await compareObjects(object.bytes, await archive.retrieve(reference))) !== 'other';
  } catch {
    return false;
  }
}

async function readBack(object: DicomObject, reference: ObjectReference, archive: HostArchive): Promise<Comparison> {
  const received = await archive.retrieve(reference).catch((cause: unknown) => {
    throw new OverreadError('save.not-kept', { why: `${nameOf(object)} could not be read back`, cause });
  });
  const comparison = await compareObjects(object.bytes, received);
  if (comparison === 'other') {
    throw new OverreadError('save.not-kept', {
      why: `${nameOf(object)} came back with other content`,
      details: { sentBytes: object.bytes.length, receivedBytes: received.length },
    });
  }
  return comparison;
}

/** The kind of object as a radiologist calls it. */
function nameOf({ kind }: DicomObject): string {
  return text(`save.object.${kind}`);
}
