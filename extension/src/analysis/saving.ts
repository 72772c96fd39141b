import { OverreadError, asOverreadError, reasonOf } from '@overread/core/errors';
import type { DicomObject, ObjectReference } from '@overread/core/results';
import type { Host } from '../host/types.ts';
import type { ResultsCodec } from '../results/client.ts';
import { text } from '../text/index.ts';
import { compareObjects } from './part10.ts';
import { problemOf } from './problem.ts';
import { isoWithOffset, undecidedInArchive } from './review.ts';
import type { PendingSave, Result, Saving, StoredVersion } from './state.ts';
import { changeResult, type RoomStore } from './store.ts';

interface SaveOptions {
  /** Whether the mask is written as a SEG. */
  readonly segmentation: boolean;
}

export interface Saver {
  /**
   * Stores the result as it is now: SEG first, then the SR that refers to it, each read back and compared.
   * After an interruption it goes on with the very objects that are left, and then writes what was decided since.
   * Never throws: the outcome stands in the result's `saving` and `stored`.
   */
  save(studyUID: string, analysisUID: string, options: SaveOptions): Promise<void>;
}

export function createSaver(store: RoomStore, archive: Host['archive'], codec: ResultsCodec, now: () => Date): Saver {
  const saveOnce = async (studyUID: string, analysisUID: string, options: SaveOptions): Promise<void> => {
    const result = () => store.getState().studies[studyUID]?.results[analysisUID] ?? null;
    const tell = (saving: Saving) => changeResult(store, studyUID, analysisUID, (before) => ({ ...before, saving }));
    const begin = result();
    if (begin === null || begin.saving.kind === 'working') return;

    let pending = begin.saving.kind === 'failed' ? begin.saving.pending : null;
    const retry = pending !== null;
    // The mask was refused and the person asked to go on without it: what was written with it is given up.
    if (!options.segmentation && pending?.objects.some((object) => object.kind === 'SEG')) pending = null;
    try {
      const storable = archive.canStore();
      if (!storable.ok) throw new OverreadError('save.no-store', { why: storable.reason });
      pending ??= await encode(begin, options, archive, codec, tell);
      const version = await send(pending, retry, archive, now, (next, saving) => {
        pending = next;
        tell(saving);
      });
      changeResult(store, studyUID, analysisUID, (before) => ({
        ...before,
        stored: version,
        saving: { kind: 'idle' },
      }));
      await announce(version, archive);
    } catch (error) {
      tell({ kind: 'failed', problem: problemOf(error), pending });
    }
  };

  return {
    async save(studyUID, analysisUID, options) {
      const before = store.getState().studies[studyUID]?.results[analysisUID];
      const resumed = before?.saving.kind === 'failed' && before.saving.pending !== null;
      await saveOnce(studyUID, analysisUID, options);
      const after = store.getState().studies[studyUID]?.results[analysisUID];
      const changedSince =
        after?.saving.kind === 'idle' &&
        after.stored !== null &&
        undecidedInArchive(after.analysis, after.stored.analysis).length > 0;
      if (resumed && changedSince) await saveOnce(studyUID, analysisUID, options);
    },
  };
}

async function encode(
  { analysis, stored }: Result,
  { segmentation }: SaveOptions,
  archive: Host['archive'],
  codec: ResultsCodec,
  tell: (saving: Saving) => void,
): Promise<PendingSave> {
  tell({ kind: 'working', step: 'writing', object: null });
  const storedSegmentation = segmentation ? (stored?.segmentation ?? null) : null;
  const objects = await codec.encode(analysis, {
    source: archive.sourceAttributes(analysis.source.seriesInstanceUID),
    segmentation,
    predecessors: stored === null ? [] : [stored.document],
    storedSegmentation,
  });
  return { analysis, storedSegmentation, objects, stored: [] };
}

async function send(
  pending: PendingSave,
  retry: boolean,
  archive: Host['archive'],
  now: () => Date,
  tell: (pending: PendingSave, saving: Saving) => void,
): Promise<StoredVersion> {
  const { studyInstanceUID } = pending.analysis.source;
  let rest = pending;
  let note: string | null = null;
  for (const object of pending.objects) {
    tell(rest, { kind: 'working', step: 'sending', object: object.seriesDescription });
    const reference = referenceTo(object, studyInstanceUID);
    // The answer to the first attempt may have been lost on the way: what already lies there is not sent twice.
    const mayBeThere = retry && object === pending.objects[0];
    if (!(mayBeThere && (await isStored(object, reference, archive)))) await store(object, archive);
    tell(rest, { kind: 'working', step: 'checking', object: object.seriesDescription });
    if ((await readBack(object, reference, archive)) === 'rewritten') {
      note = text('save.rewritten');
    }
    rest = { ...rest, objects: rest.objects.slice(1), stored: [...rest.stored, object] };
  }
  const document = rest.stored.find((object) => object.kind === 'SR');
  const mask = rest.stored.find((object) => object.kind === 'SEG');
  if (document === undefined) throw new OverreadError('internal.unexpected', { why: 'no report was written' });
  return {
    analysis: pending.analysis,
    document: referenceTo(document, studyInstanceUID),
    segmentation: mask === undefined ? rest.storedSegmentation : referenceTo(mask, studyInstanceUID),
    savedAt: isoWithOffset(now()),
    note,
  };
}

async function store(object: DicomObject, archive: Host['archive']): Promise<void> {
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

async function isStored(object: DicomObject, reference: ObjectReference, archive: Host['archive']): Promise<boolean> {
  try {
    return compareObjects(object.bytes, await archive.retrieve(reference)) !== 'other';
  } catch {
    return false;
  }
}

async function readBack(object: DicomObject, reference: ObjectReference, archive: Host['archive']) {
  const received = await archive.retrieve(reference).catch((cause: unknown) => {
    throw new OverreadError('save.not-kept', { why: `${nameOf(object)} could not be read back`, cause });
  });
  const comparison = compareObjects(object.bytes, received);
  if (comparison === 'other') {
    throw new OverreadError('save.not-kept', {
      why: `${nameOf(object)} came back with other content`,
      details: { sentBytes: object.bytes.length, receivedBytes: received.length },
    });
  }
  return comparison;
}

/** The viewer lists the new series. Where it cannot, they appear when the study is opened again: nothing is lost. */
async function announce({ document, segmentation }: StoredVersion, archive: Host['archive']): Promise<void> {
  const series = segmentation === null ? [document] : [segmentation, document];
  await Promise.allSettled(series.map((reference) => archive.announce(reference)));
}

/** The kind of object as a radiologist calls it. */
function nameOf(object: DicomObject): string {
  return text(object.kind === 'SEG' ? 'save.segmentation' : 'save.report');
}

function referenceTo(object: DicomObject, studyInstanceUID: string): ObjectReference {
  return {
    studyInstanceUID,
    seriesInstanceUID: object.seriesInstanceUID,
    sopClassUID: object.sopClassUID,
    sopInstanceUID: object.sopInstanceUID,
  };
}
