import type { Analysis } from '@overread/core/analysis';
import { OverreadError } from '@overread/core/errors';
import type { Host } from '../host/types.ts';
import type { InferenceBackend, Job, Location } from './backend.ts';
import { calmed } from './calmed.ts';
import type { CatalogueModel } from './catalogue.ts';
import { problemOf } from './problem.ts';
import { runKey, withAnalysis, type Result, type Run, type StudyRecord } from './state.ts';
import { changeStudy, putRun, type RoomStore } from './store.ts';
import type { Turn, Turns } from './turns.ts';

interface RunRequest {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  /** Series of the model's other channels, by the channel's name; absent where it reads one only. */
  readonly otherSeries?: Readonly<Record<string, string>>;
  /** SeriesNumber (0020,0011), which the volume does not carry. */
  readonly seriesNumber: number | null;
  readonly model: CatalogueModel;
  readonly location: Location;
}

export interface Runner {
  /** Starts a run, or queues it behind what its place is busy with. One that is on its way already stays as it is. */
  start(request: RunRequest): void;
  cancel(run: Run): void;
}

/** Runs models, and puts each outcome into the record of its own study. */
export function createRunner(
  store: RoomStore,
  host: Pick<Host, 'readVolume'>,
  backends: Readonly<Record<Location, InferenceBackend>>,
  turns: Turns,
  onDone: (run: Run, analysis: Analysis) => void,
): Runner {
  /** By key: runs that are on their way and not cancelled. */
  const underWay = new Map<string, Turn>();

  const work = async (run: Run, job: Job, seriesNumber: number | null, { signal }: AbortController) => {
    const tell = (state: Run['state']) => putRun(store, { ...run, state });
    tell({ kind: 'running', progress: null });
    try {
      const answer = await backends[run.location].analyse(job, {
        signal,
        onProgress: calmed((progress) => {
          if (!signal.aborted) tell({ kind: 'running', progress });
        }),
      });
      signal.throwIfAborted();
      refuseForeign(answer, run);
      const analysis = withSeriesNumber(answer, seriesNumber);
      changeStudy(store, run.studyInstanceUID, (record) => withResult(record, analysis));
      tell({ kind: 'done', analysisUID: analysis.uid });
      onDone(run, analysis);
    } catch (error) {
      // A cancelled run was told so when the person cancelled it.
      if (!signal.aborted) tell({ kind: 'failed', problem: problemOf(error) });
    } finally {
      if (!signal.aborted) underWay.delete(run.key);
    }
  };

  return {
    start({ studyInstanceUID, seriesInstanceUID, otherSeries = {}, seriesNumber, model, location }) {
      const key = runKey(seriesInstanceUID, model.manifest.id);
      if (underWay.has(key)) return;
      const { id, version, title } = model.manifest;
      const run: Run = {
        key,
        studyInstanceUID,
        seriesInstanceUID,
        model: { id, version, title },
        location,
        state: { kind: 'queued' },
      };
      const job: Job = {
        studyInstanceUID,
        seriesInstanceUID,
        otherSeries,
        model,
        readVolume: (series, options) => host.readVolume(series, options),
      };
      const controller = new AbortController();
      const turn: Turn = { location, controller, work: () => work(run, job, seriesNumber, controller) };
      underWay.set(key, turn);
      putRun(store, run);
      turns.take(turn);
    },
    cancel(run) {
      const turn = underWay.get(run.key);
      if (turn === undefined) return;
      underWay.delete(run.key);
      // The person sees it at once; the place is free for the next run as soon as the backend has let go.
      putRun(store, { ...run, state: { kind: 'cancelled' } });
      turns.cancel(turn, new OverreadError('run.cancelled'));
    },
  };
}

/** An answer about another series than the one asked about is never drawn on it. */
function refuseForeign(analysis: Analysis, run: Run): void {
  const { studyInstanceUID, seriesInstanceUID } = analysis.source;
  if (studyInstanceUID === run.studyInstanceUID && seriesInstanceUID === run.seriesInstanceUID) return;
  throw new OverreadError('internal.unexpected', {
    why: 'the answer belongs to another series than the one that was sent',
    details: { asked: run.seriesInstanceUID, answered: seriesInstanceUID },
  });
}

/** The analysis with the number by which people know its series, where it did not come with it. */
export function withSeriesNumber(analysis: Analysis, seriesNumber: number | null): Analysis {
  const { source } = analysis;
  return source.seriesNumber !== null || seriesNumber === null
    ? analysis
    : { ...analysis, source: { ...source, seriesNumber } };
}

/** A new result takes the place of earlier ones of the same model on the same series that nobody saved or reviewed. */
function withResult(record: StudyRecord, analysis: Analysis): StudyRecord {
  const superseded = ({ analysis: old, stored, steps }: Result) =>
    stored === null &&
    steps.length === 0 &&
    old.model.id === analysis.model.id &&
    old.source.seriesInstanceUID === analysis.source.seriesInstanceUID;
  const kept = Object.entries(record.results).filter(([, result]) => !superseded(result));
  const open = record.open !== null && kept.some(([uid]) => uid === record.open) ? record.open : null;
  return withAnalysis({ ...record, open, results: Object.fromEntries(kept) }, analysis);
}
