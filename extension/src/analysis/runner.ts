import type { Analysis } from '@overread/core/analysis';
import { OverreadError } from '@overread/core/errors';
import type { Host } from '../host/types.ts';
import type { InferenceBackend, Job, Location } from './backend.ts';
import { calmed } from './calmed.ts';
import type { CatalogueModel } from './catalogue.ts';
import { problemOf } from './problem.ts';
import { runKey, withAnalysis, type Result, type Run, type StudyRecord } from './state.ts';
import { changeStudy, putRun, type RoomStore } from './store.ts';

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
  /** Starts a run, or queues it behind the one that its place is busy with. One that is on its way already stays as it is. */
  start(request: RunRequest): void;
  cancel(run: Run): void;
  /** Whether any run of that place is on its way. */
  busy(location: Location): boolean;
}

interface Ticket {
  readonly seriesNumber: number | null;
  readonly run: Run;
  readonly job: Job;
  readonly controller: AbortController;
}

/** Runs models one at a time per place, and puts each outcome into the record of its own study. */
export function createRunner(
  store: RoomStore,
  host: Pick<Host, 'readVolume' | 'notify'>,
  backends: Readonly<Record<Location, InferenceBackend>>,
  told: {
    readonly onDone: (run: Run, analysis: Analysis) => void;
    /** A place has nothing more to do. */
    readonly onIdle: (location: Location) => void;
  },
): Runner {
  const queues: Record<Location, Ticket[]> = { browser: [], server: [] };

  const tell = (ticket: Ticket, state: Run['state']) => putRun(store, { ...ticket.run, state });

  const leave = (ticket: Ticket) => {
    const queue = queues[ticket.run.location];
    const place = queue.indexOf(ticket);
    if (place >= 0) queue.splice(place, 1);
    if (queue[0] === undefined) told.onIdle(ticket.run.location);
    else if (place === 0) void work(queue[0]);
  };

  const work = async (ticket: Ticket) => {
    const { run, job, controller } = ticket;
    tell(ticket, { kind: 'running', progress: null });
    try {
      const answer = await backends[run.location].analyse(job, {
        signal: controller.signal,
        onProgress: calmed((progress) => {
          if (!controller.signal.aborted) tell(ticket, { kind: 'running', progress });
        }),
      });
      controller.signal.throwIfAborted();
      refuseForeign(answer, run);
      const analysis = withSeriesNumber(answer, ticket.seriesNumber);
      changeStudy(store, run.studyInstanceUID, (record) => withResult(record, analysis));
      tell(ticket, { kind: 'done', analysisUID: analysis.uid });
      told.onDone(run, analysis);
    } catch (error) {
      // A cancelled run was told so when the person cancelled it.
      if (!controller.signal.aborted) tell(ticket, { kind: 'failed', problem: problemOf(error) });
    } finally {
      leave(ticket);
    }
  };

  return {
    start({ studyInstanceUID, seriesInstanceUID, otherSeries = {}, seriesNumber, model, location }) {
      const key = runKey(seriesInstanceUID, model.manifest.id);
      const queue = queues[location];
      const onItsWay = ({ run, controller }: Ticket) => run.key === key && !controller.signal.aborted;
      if ([...queues.browser, ...queues.server].some(onItsWay)) return;
      const { id, version, title } = model.manifest;
      const run: Run = {
        key,
        studyInstanceUID,
        seriesInstanceUID,
        model: { id, version, title },
        location,
        state: { kind: 'queued' },
      };
      const ticket: Ticket = {
        run,
        seriesNumber,
        job: {
          studyInstanceUID,
          seriesInstanceUID,
          otherSeries,
          model,
          readVolume: (series, options) => host.readVolume(series, options),
        },
        controller: new AbortController(),
      };
      queue.push(ticket);
      putRun(store, run);
      if (queue.length === 1) void work(ticket);
    },
    cancel(run) {
      const ticket = queues[run.location].find(
        (other) => other.run.key === run.key && !other.controller.signal.aborted,
      );
      if (ticket === undefined) return;
      ticket.controller.abort(new OverreadError('run.cancelled'));
      // The person sees it at once; the place is free for the next run as soon as the backend has let go.
      tell(ticket, { kind: 'cancelled' });
      if (queues[run.location][0] !== ticket) leave(ticket);
    },
    busy: (location) => queues[location].length > 0,
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
