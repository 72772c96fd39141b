import { OverreadError } from '@overread/core/errors';
import { segmentNumbers, type ObjectKind, type Verification } from '@overread/core/results';
import type { Host } from '../host/types.ts';
import type { ResultsCodec } from '../results/client.ts';
import { problemOf } from './problem.ts';
import { isoWithOffset, undecidedInArchive } from './review.ts';
import { referenceTo, sendObjects } from './send-objects.ts';
import type { PendingSave, Referred, Result, Saving, StoredVersion } from './state.ts';
import { changeResult, type RoomStore } from './store.ts';
import type { StoredKinds } from './stored-kinds.ts';
import { writeObjects } from './write-objects.ts';

interface SaveRequest {
  readonly store: StoredKinds;
  /** A person's explicit act, or null. */
  readonly verification: Verification | null;
  /** The archive refused an object of this kind, and the person goes on without it. */
  readonly leaveOut: ObjectKind | null;
}

export interface Saver {
  /**
   * Stores the result as it is now: what the SR refers to, the SR, then what repeats it; each read back and compared.
   * After an interruption it goes on with the very objects that are left, and then writes what was decided since.
   * Never throws: the outcome stands in the result's `saving` and `stored`.
   */
  save(studyUID: string, analysisUID: string, request: SaveRequest): Promise<void>;
}

export function createSaver(
  store: RoomStore,
  host: Pick<Host, 'archive' | 'readVolume'>,
  codec: ResultsCodec,
  now: () => Date,
): Saver {
  const { archive } = host;
  const saveOnce = async (studyUID: string, analysisUID: string, request: SaveRequest): Promise<void> => {
    const begin = store.getState().studies[studyUID]?.results[analysisUID];
    const tell = (saving: Saving) => changeResult(store, studyUID, analysisUID, (before) => ({ ...before, saving }));
    if (begin === undefined || begin.saving.kind === 'working') return;
    const { left, start } = resume(begin, request.leaveOut);
    let pending = left;
    try {
      const storable = archive.canStore();
      if (!storable.ok) throw new OverreadError('save.no-store', { why: storable.reason });
      if (pending === null) {
        tell({ kind: 'working', step: 'writing', object: null });
        const { analysis, stored } = begin;
        const predecessors = stored === null ? [] : [stored.document, ...stored.parts];
        const written = await writeObjects({ ...request, ...start, analysis, predecessors }, host, codec);
        pending = { ...written, ...start, analysis, verification: request.verification, stored: [] };
      }
      const done = await sendObjects(pending, left !== null, archive, (next, saving) => {
        pending = next;
        tell(saving);
      });
      const version = storedVersion(done, isoWithOffset(now()));
      changeResult(store, studyUID, analysisUID, (before) => ({
        ...before,
        stored: version,
        saving: { kind: 'idle' },
      }));
      await announce(done, archive);
    } catch (error) {
      tell({ kind: 'failed', problem: problemOf(error), pending });
    }
  };

  return {
    async save(studyUID, analysisUID, request) {
      const before = store.getState().studies[studyUID]?.results[analysisUID];
      const resumed = before?.saving.kind === 'failed' && before.saving.pending !== null;
      await saveOnce(studyUID, analysisUID, request);
      const after = store.getState().studies[studyUID]?.results[analysisUID];
      const changedSince =
        after?.saving.kind === 'idle' &&
        after.stored !== null &&
        undecidedInArchive(after.analysis, after.stored.analysis).length > 0;
      if (resumed && changedSince) await saveOnce(studyUID, analysisUID, { ...request, verification: null });
    },
  };
}

/** From what a save goes on after an interruption, or starts. */
interface Start {
  readonly leftOut: readonly ObjectKind[];
  readonly earlier: Referred;
}

/** What of an interrupted save is still good, and what a new one starts from where nothing is. */
function resume(result: Result, leaveOut: ObjectKind | null): { left: PendingSave | null; start: Start } {
  const { saving, stored, analysis } = result;
  const pending = saving.kind === 'failed' ? saving.pending : null;
  if (pending === null) {
    const { segmentation = null, parametricMaps = [] } = stored ?? {};
    return { left: null, start: { leftOut: [], earlier: { segmentation, parametricMaps } } };
  }
  const leftOut = leaveOut === null ? pending.leftOut : [...pending.leftOut, leaveOut];
  const start = { leftOut, earlier: referredTo(pending) };
  const isReportStored = pending.stored.some(({ kind }) => kind === 'SR');
  // What the report refers to can be left out only by writing it anew.
  if (!isReportStored && leaveOut !== null) return { left: null, start };
  // Nobody verified what was decided since.
  const isDecidedSince = undecidedInArchive(analysis, pending.analysis).length > 0;
  if (!isReportStored && pending.verification !== null && isDecidedSince) return { left: null, start };
  return { left: { ...pending, leftOut, objects: pending.objects.filter(({ kind }) => kind !== leaveOut) }, start };
}

/** The mask and the maps that a report of this save refers to, as far as they are stored. */
function referredTo({ stored, earlier, analysis }: PendingSave): Referred {
  const own = (kind: ObjectKind) =>
    stored.filter((one) => one.kind === kind).map((object) => referenceTo(object, analysis.source.studyInstanceUID));
  // Written were, in their order, those that no earlier save had stored.
  const maps = own('PM');
  const [segmentation] = own('SEG');
  return {
    segmentation:
      segmentation === undefined
        ? earlier.segmentation
        : { ...segmentation, numbers: segmentNumbers(analysis.labelMaps, segmentation.sopClassUID) },
    parametricMaps: analysis.heatMaps.map((_, n) => earlier.parametricMaps[n] ?? maps.shift() ?? null),
  };
}

function storedVersion(done: PendingSave, savedAt: string): StoredVersion {
  const { analysis, verification, stored, leftOut, notes } = done;
  const document = stored.find((object) => object.kind === 'SR');
  if (document === undefined) throw new OverreadError('internal.unexpected', { why: 'no report was written' });
  const { segmentation, parametricMaps } = referredTo(done);
  const { studyInstanceUID } = analysis.source;
  const parts = stored.filter(({ kind }) => kind === 'SR-PART');
  return {
    analysis,
    document: referenceTo(document, studyInstanceUID),
    parts: parts.map((part) => referenceTo(part, studyInstanceUID)),
    segmentation: leftOut.includes('SEG') ? null : segmentation,
    parametricMaps,
    verification,
    savedAt,
    notes,
  };
}

/** The viewer lists the new series. Where it cannot, they appear when the study is opened again: nothing is lost. */
async function announce({ stored, analysis }: PendingSave, archive: Host['archive']): Promise<void> {
  const { studyInstanceUID } = analysis.source;
  const series = new Set(stored.map(({ seriesInstanceUID }) => seriesInstanceUID));
  await Promise.allSettled(
    [...series].map((seriesInstanceUID) => archive.announce({ studyInstanceUID, seriesInstanceUID })),
  );
}
