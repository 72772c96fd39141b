import type { Analysis } from '@overread/core/analysis';
import type { Host } from '../host/types.ts';
import { createMarkingPresenter, createOthersPresenter, createPresenter } from '../overlay/index.ts';
import { text } from '../text/index.ts';
import type { ResultsCodec } from '../results/client.ts';
import { createArchiveReader } from './archive.ts';
import type { InferenceBackend, Location } from './backend.ts';
import { readSiteConfig, type SiteConfig } from './config.ts';
import { createExplainer } from './explainer.ts';
import { withoutForgettable } from './forget.ts';
import { initialState, readerNow } from './initial.ts';
import { warnBeforeClosing } from './leaving.ts';
import { createMarker } from './marking/marker.ts';
import type { PromptPlace } from './marking/prompt-place.ts';
import { shownMarking } from './marking/shown.ts';
import { lookForModels } from './models.ts';
import { shownOthers } from './others.ts';
import { problemOf } from './problem.ts';
import { createActions, goToGreatestFall, type RoomActions } from './room-actions.ts';
import { createRunner } from './runner.ts';
import { createSaver } from './saving.ts';
import { currentSeries, openResult, presentations, unsavedEverywhere } from './select.ts';
import { createRoomStore, openResultOf, type RoomStore } from './store.ts';
import { createTurns } from './turns.ts';

/** What a reading room is made of; everything that touches the browser comes from outside. */
export interface RoomParts {
  readonly host: Host;
  /** `window.config.overread`, as found. */
  readonly settings: unknown;
  /** Address of the plug-in's own files. */
  readonly base: string;
  readonly fetch: typeof fetch;
  readonly storage: Storage | null;
  /** The page's window, for the warning before it closes; null outside a browser. */
  readonly page: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> | null;
  readonly codec: ResultsCodec;
  readonly now: () => Date;
  /** A place where a promptable model answers the marks of one series. */
  readonly prompts: () => PromptPlace;
  backends(config: SiteConfig): Readonly<Record<Location, InferenceBackend>>;
}

/** The reading room: its state, and what a person can do in it. It lives as long as the page, over studies and modes. */
export interface ReadingRoom {
  readonly store: RoomStore;
  /** The mode is on screen: look at the study, fetch the models. */
  enter(): void;
  /** The mode is left: drawings go, runs on their way and unsaved decisions stay. */
  leave(): void;
  readonly actions: RoomActions;
}

/** What has come to a result. */
interface Finished {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly model: { readonly title: string };
}

export function createReadingRoom(parts: RoomParts): ReadingRoom {
  const { host, codec, now, storage } = parts;
  const { config, problems } = readSiteConfig(parts.settings, parts.base);
  const backends = parts.backends(config);
  const store = createRoomStore(initialState(config, problems, host));
  const tellLayer = (error: unknown) => {
    const { message, remedy } = problemOf(error);
    host.notify({ title: text('note.layer'), message: `${message} ${remedy}`, type: 'error' });
  };
  const presenter = createPresenter(host.overlays, tellLayer);
  const othersPresenter = createOthersPresenter(host.overlays, tellLayer);
  const markingPresenter = createMarkingPresenter(host.overlays, tellLayer);
  const archive = createArchiveReader(store, host.archive, codec);
  const openIfShown = ({ studyInstanceUID, seriesInstanceUID, model }: Finished, analysis: Analysis) => {
    const state = store.getState();
    if (state.study !== studyInstanceUID) {
      const isHung = state.visited.includes(studyInstanceUID);
      // Hung beside the one that the panel speaks of: its result is drawn there.
      if (isHung) openResultOf(store, studyInstanceUID, analysis.uid);
      const message = text(isHung ? 'note.studyBeside' : 'note.otherStudyText', { title: model.title });
      host.notify({ title: text('note.otherStudy'), message, type: 'info' });
    } else if (currentSeries(state)?.seriesInstanceUID === seriesInstanceUID) {
      openResultOf(store, studyInstanceUID, analysis.uid);
    }
  };
  const marker = createMarker({
    store,
    host,
    openPlace: parts.prompts,
    onDone({ model, ...request }, analysis, left) {
      openIfShown({ ...request, model: model.manifest }, analysis);
      if (!left || store.getState().study !== request.studyInstanceUID) return;
      const message = text('note.markingLeftText', { count: analysis.findings.length, title: model.manifest.title });
      host.notify({ title: text('note.markingLeft'), message, type: 'info' });
    },
    onLost(error) {
      const { message, remedy } = problemOf(error);
      host.notify({ title: text('note.markingLost'), message: `${message} ${remedy}`, type: 'error' });
    },
  });
  const turns = createTurns((location) => {
    if (!entered) backends[location].release();
  });
  const runner = createRunner(store, host, backends, turns, openIfShown);
  const explainer = createExplainer(store, host, backends, turns, (analysis, heatMap) => {
    if (openResult(store.getState())?.analysis.uid === analysis.uid) goToGreatestFall(host, analysis, heatMap);
  });

  // Unsaved decisions outlive the mode, and so does the watch over them.
  if (parts.page !== null) warnBeforeClosing(store, parts.page);

  let entered = false;
  let unsubscribe: (() => void)[] = [];
  let fetching = new AbortController();

  const fetchModels = () => {
    fetching.abort();
    fetching = new AbortController();
    lookForModels(store, Object.values(backends), parts.fetch, fetching.signal);
  };

  const releaseIdle = () => {
    for (const backend of Object.values(backends)) if (!turns.busy(backend.location)) backend.release();
  };

  const lookAtStudy = () => {
    const studySummary = host.currentStudy();
    const study = studySummary?.studyInstanceUID ?? null;
    const { study: before, visited } = store.getState();
    store.setState({
      study,
      studySummary,
      visited: study === null || visited.includes(study) ? visited : [...visited, study],
      series: host.listSeries(),
      activeSeries: host.activeSeries(),
      canStore: host.archive.canStore(),
      reader: readerNow(host, storage, store.getState().reader),
    });
    if (study !== before) store.setState((state) => ({ studies: withoutForgettable(state.studies, state.visited) }));
    if (study !== null) archive.visit(study);
    leaveSeries();
  };

  const leaveSeries = () => {
    leaveMarkedSeries();
    explainer.leave();
  };

  /** Marks belong to the series on screen; a viewport that shows none for a moment is not another series. */
  const leaveMarkedSeries = () => {
    const { marking, study, activeSeries } = store.getState();
    if (marking === null) return;
    const isElsewhere = activeSeries !== null && activeSeries !== marking.seriesInstanceUID;
    if (study !== marking.studyInstanceUID || isElsewhere) marker.leave();
  };

  const saver = createSaver(store, host, codec, now);
  return {
    store,
    actions: createActions({
      store,
      host,
      config,
      runner,
      explainer,
      marker,
      archive,
      saver,
      storage,
      now,
      lookForModels: fetchModels,
    }),
    enter() {
      if (entered) return;
      entered = true;
      unsubscribe = [
        host.subscribe((event) => {
          if (event.kind !== 'active-series-changed') {
            lookAtStudy();
            return;
          }
          store.setState({ activeSeries: host.activeSeries() });
          leaveSeries();
        }),
        store.subscribe((state) => {
          presenter.show(presentations(state));
          othersPresenter.show(shownOthers(state));
          markingPresenter.show(shownMarking(state));
        }),
      ];
      lookAtStudy();
      fetchModels();
    },
    leave() {
      if (!entered) return;
      entered = false;
      for (const stop of unsubscribe) stop();
      fetching.abort();
      archive.stop();
      marker.leave();
      presenter.show([]);
      othersPresenter.show([]);
      markingPresenter.show(null);
      tellUnsaved(store, host);
      store.setState(({ studies }) => ({
        study: null,
        studySummary: null,
        visited: [],
        series: [],
        activeSeries: null,
        studies: withoutForgettable(studies, []),
      }));
      explainer.leave();
      codec.release();
      releaseIdle();
    },
  };
}

function tellUnsaved(store: RoomStore, host: Host): void {
  const decisions = unsavedEverywhere(store.getState());
  if (decisions === 0) return;
  const message = text('note.unsavedText', { count: decisions });
  host.notify({ title: text('note.unsaved'), message, type: 'warning' });
}
