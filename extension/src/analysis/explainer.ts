import type { Analysis, HeatMap } from '@overread/core/analysis';
import { OverreadError } from '@overread/core/errors';
import type { ExplainedClass } from '@overread/core/model';
import type { Host } from '../host/types.ts';
import { text } from '../text/index.ts';
import type { ExplainJob, InferenceBackend, Location } from './backend.ts';
import { calmed } from './calmed.ts';
import type { CatalogueModel } from './catalogue.ts';
import { withExplained } from './explained.ts';
import { problemOf } from './problem.ts';
import type { Explaining, Result, RoomState } from './state.ts';
import { changeResult, type RoomStore } from './store.ts';
import type { Turn, Turns } from './turns.ts';

interface ExplainRequest {
  readonly analysis: Analysis;
  readonly trackingUID: string;
  readonly of: ExplainedClass;
  /** The one that the result is by. */
  readonly model: CatalogueModel;
  readonly location: Location;
}

export interface Explainer {
  /** Works out what a score rests on. Of a result it is one at a time: what is under way for another of its scores is given up. */
  start(request: ExplainRequest): void;
  /** Gives up what is under way for a result, or takes its failure off the screen. */
  cancel(analysis: Analysis): void;
  /** Explanations belong to the series on screen: what was made, or is under way, for others goes. */
  leave(): void;
}

/** Explains scores, each in the result that it is of. */
export function createExplainer(
  store: RoomStore,
  host: Pick<Host, 'readVolume'>,
  backends: Readonly<Record<Location, InferenceBackend>>,
  turns: Turns,
  onDone: (analysis: Analysis, heatMap: HeatMap) => void,
): Explainer {
  /** By the UID of the analysis. */
  const underWay = new Map<string, { readonly turn: Turn; readonly analysis: Analysis }>();

  const change = ({ uid, source }: Analysis, how: (before: Result) => Result) =>
    changeResult(store, source.studyInstanceUID, uid, how);
  const say = (analysis: Analysis, explaining: Explaining | null) =>
    change(analysis, (before) => ({ ...before, explaining }));

  const work = async (analysis: Analysis, trackingUID: string, job: ExplainJob, { turn }: { readonly turn: Turn }) => {
    const { signal } = turn.controller;
    const tell = (state: Explaining['state']) => say(analysis, { trackingUID, state });
    tell({ kind: 'running', progress: null });
    try {
      const answer = await backends[turn.location].explain(job, {
        signal,
        onProgress: calmed((progress) => {
          if (!signal.aborted) tell({ kind: 'running', progress });
        }),
      });
      signal.throwIfAborted();
      const heatMap = { ...answer, label: text('explain.map', { label: answer.label }) };
      change(analysis, (before) => withExplained(before, { trackingUID, heatMap }));
      onDone(analysis, heatMap);
    } catch (error) {
      if (!signal.aborted) tell({ kind: 'failed', problem: problemOf(error) });
    } finally {
      if (underWay.get(analysis.uid)?.turn === turn) underWay.delete(analysis.uid);
    }
  };

  const cancel = (analysis: Analysis) => {
    const entry = underWay.get(analysis.uid);
    underWay.delete(analysis.uid);
    say(analysis, null);
    if (entry !== undefined) turns.cancel(entry.turn, new OverreadError('run.cancelled'));
  };

  // A result that a new run took the place of waits for nothing.
  store.subscribe((state) => {
    for (const { analysis } of underWay.values()) if (!isHeld(state, analysis)) cancel(analysis);
  });

  return {
    start({ analysis, trackingUID, of, model, location }) {
      cancel(analysis);
      const { studyInstanceUID, seriesInstanceUID } = analysis.source;
      const job: ExplainJob = {
        studyInstanceUID,
        seriesInstanceUID,
        // The very series that the result is of.
        otherSeries: Object.fromEntries(
          (analysis.otherSeries ?? []).map((one) => [one.channel, one.seriesInstanceUID]),
        ),
        model,
        of,
        readVolume: (series, options) => host.readVolume(series, options),
      };
      const turn: Turn = {
        location,
        controller: new AbortController(),
        work: () => work(analysis, trackingUID, job, { turn }),
      };
      underWay.set(analysis.uid, { turn, analysis });
      say(analysis, { trackingUID, state: { kind: 'queued' } });
      turns.take(turn);
    },
    cancel,
    leave() {
      const { studies, study, activeSeries } = store.getState();
      for (const [uid, record] of Object.entries(studies)) {
        for (const { analysis, explained, explaining } of Object.values(record.results)) {
          // A viewport that shows no series for a moment is not another series.
          const isElsewhere = activeSeries !== null && activeSeries !== analysis.source.seriesInstanceUID;
          if (uid === study && !isElsewhere) continue;
          if (explaining !== null) cancel(analysis);
          if (explained !== null) change(analysis, (before) => withExplained(before, null));
        }
      }
    },
  };
}

function isHeld({ studies }: RoomState, { uid, source }: Analysis): boolean {
  return studies[source.studyInstanceUID]?.results[uid] !== undefined;
}
