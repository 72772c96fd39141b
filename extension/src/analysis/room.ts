import { indexToWorld } from '@overread/core/geometry';
import type { Host } from '../host/types.ts';
import { createPresenter } from '../overlay/index.ts';
import { text } from '../text/index.ts';
import type { ResultsCodec } from '../results/client.ts';
import { createArchiveReader } from './archive.ts';
import type { InferenceBackend, Location } from './backend.ts';
import { fetchCatalogue, type CatalogueModel } from './catalogue.ts';
import { readSiteConfig, type SiteConfig } from './config.ts';
import { warnBeforeClosing } from './leaving.ts';
import { problemOf } from './problem.ts';
import { initialState, readerNow } from './initial.ts';
import { personName, rememberReader } from './reader.ts';
import { signedBy } from './sign.ts';
import { decide, findingOf, isoWithOffset, undo, type Decision } from './review.ts';
import { createRunner } from './runner.ts';
import { createSaver } from './saving.ts';
import { currentRecord, currentSeries, openResult, presentation, unsavedEverywhere } from './select.ts';
import type { Layer, LayerKind, Run } from './state.ts';
import { changeResult, changeStudy, createRoomStore, type RoomStore } from './store.ts';
import { withoutForgettable } from './forget.ts';

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

export interface RoomActions {
  readonly choosePlace: (place: Location) => void;
  readonly run: (model: CatalogueModel) => void;
  readonly cancel: (run: Run) => void;
  /** Takes a failed or cancelled run off the list. */
  readonly dismiss: (run: Run) => void;
  readonly open: (analysisUID: string | null) => void;
  /** Marks a finding and brings every viewport to it. */
  readonly select: (trackingUID: string | null) => void;
  readonly decide: (trackingUID: string, decision: Decision) => void;
  readonly undo: () => void;
  readonly setLayer: (kind: LayerKind, change: Partial<Layer>) => void;
  readonly save: (options?: { readonly withoutSegmentation?: boolean }) => Promise<void>;
  /** Looks for stored results again. */
  readonly lookInArchive: () => void;
  /** Fetches the models and asks the places again. */
  readonly lookForModels: () => void;
  /** The name typed by the person; an empty one means: none, and do not ask again. */
  readonly nameReader: (typed: string) => void;
}

export function createReadingRoom(parts: RoomParts): ReadingRoom {
  const { host, codec, now } = parts;
  const { config, problems } = readSiteConfig(parts.settings, parts.base);
  const backends = parts.backends(config);
  const store = createRoomStore(initialState(config, problems, host));
  const presenter = createPresenter(host.overlays, (error) => {
    const { message, remedy } = problemOf(error);
    host.notify({ title: text('note.layer'), message: `${message} ${remedy}`, type: 'error' });
  });
  const archive = createArchiveReader(store, host.archive, codec);
  const saver = createSaver(store, host.archive, codec, now);
  const runner = createRunner(store, host, backends, {
    onDone(run, analysis) {
      const state = store.getState();
      if (state.study !== run.studyInstanceUID) {
        const message = text('note.otherStudyText', { title: run.model.title });
        host.notify({ title: text('note.otherStudy'), message, type: 'info' });
      } else if (currentSeries(state)?.seriesInstanceUID === run.seriesInstanceUID) {
        actions.open(analysis.uid);
      }
    },
    onIdle(location) {
      if (!entered) backends[location].release();
    },
  });

  // Unsaved decisions outlive the mode, and so does the watch over them.
  if (parts.page !== null) warnBeforeClosing(store, parts.page);

  let entered = false;
  let unsubscribe: (() => void)[] = [];
  let fetching = new AbortController();

  const releaseIdle = () => {
    for (const backend of Object.values(backends)) if (!runner.busy(backend.location)) backend.release();
  };

  /** Changes the result that is open; nothing happens where none is. */
  const onOpen = (change: Parameters<typeof changeResult>[3]) => {
    const state = store.getState();
    const record = currentRecord(state);
    if (state.study !== null && record.open !== null) changeResult(store, state.study, record.open, change);
  };

  const lookForModels = () => {
    fetching.abort();
    const { signal } = (fetching = new AbortController());
    // What is known stays in sight while it is asked for again.
    store.setState(({ catalogue }) => (catalogue.kind === 'ready' ? {} : { catalogue: { kind: 'loading' } }));
    fetchCatalogue(config.models, parts.fetch, signal).then(
      (value) => store.setState({ catalogue: { kind: 'ready', value } }),
      (error: unknown) => {
        if (!signal.aborted) store.setState({ catalogue: { kind: 'failed', problem: problemOf(error) } });
      },
    );
    for (const backend of Object.values(backends)) {
      void backend.availability(signal).then((answer) => {
        if (signal.aborted) return;
        store.setState(({ places, place }) => ({
          places: { ...places, [backend.location]: answer },
          // A place that the site prefers but that is not there is left for one that is.
          place: !answer.ok && backend.location === place && place === 'server' ? 'browser' : place,
        }));
      });
    }
  };

  const lookAtStudy = () => {
    const study = host.currentStudy()?.studyInstanceUID ?? null;
    const before = store.getState().study;
    store.setState({
      study,
      series: host.listSeries(),
      activeSeries: host.activeSeries(),
      canStore: host.archive.canStore(),
      reader: readerNow(host, parts.storage, store.getState().reader),
    });
    if (study === before) {
      archive.seriesChanged();
      return;
    }
    store.setState(({ studies }) => ({ studies: withoutForgettable(studies, study) }));
    if (study !== null) archive.look(study);
  };

  const actions: RoomActions = {
    choosePlace: (place) => store.setState({ place }),
    run(model) {
      const series = currentSeries(store.getState());
      if (series === null) return;
      const { studyInstanceUID, seriesInstanceUID, seriesNumber } = series;
      runner.start({ studyInstanceUID, seriesInstanceUID, seriesNumber, model, location: store.getState().place });
    },
    cancel: (run) => runner.cancel(run),
    dismiss(run) {
      changeStudy(store, run.studyInstanceUID, (record) => ({
        ...record,
        runs: Object.fromEntries(Object.entries(record.runs).filter(([key]) => key !== run.key)),
      }));
    },
    open(analysisUID) {
      const { study } = store.getState();
      if (study !== null) changeStudy(store, study, (record) => ({ ...record, open: analysisUID, selected: null }));
    },
    select(trackingUID) {
      const { study } = store.getState();
      if (study === null) return;
      changeStudy(store, study, (record) => ({ ...record, selected: trackingUID }));
      const analysis = openResult(store.getState())?.analysis;
      const region = trackingUID === null || analysis === undefined ? null : findingOf(analysis, trackingUID)?.region;
      if (analysis === undefined || region === null || region === undefined) return;
      const { grid, slices, seriesInstanceUID } = analysis.source;
      const slice = slices[Math.round(region.centre[2])] ?? null;
      host.jumpTo({ seriesInstanceUID, world: indexToWorld(grid, region.centre), slice });
    },
    decide(trackingUID, decision) {
      onOpen((result) => {
        const finding = findingOf(result.analysis, trackingUID);
        const { name } = store.getState().reader;
        const analysis = decide(result.analysis, trackingUID, decision, name, isoWithOffset(now()));
        if (finding === null || analysis === result.analysis) return result;
        return { ...result, analysis, steps: [...result.steps, { trackingUID, before: finding.review }] };
      });
    },
    undo() {
      onOpen((result) => {
        const step = result.steps.at(-1);
        if (step === undefined) return result;
        return { ...result, analysis: undo(result.analysis, step), steps: result.steps.slice(0, -1) };
      });
    },
    setLayer: (kind, change) =>
      onOpen((result) => ({ ...result, layers: { ...result.layers, [kind]: { ...result.layers[kind], ...change } } })),
    async save(options) {
      const { study } = store.getState();
      const { open } = currentRecord(store.getState());
      if (study === null || open === null) return;
      store.setState({ canStore: host.archive.canStore() });
      const segmentation = config.segmentation && options?.withoutSegmentation !== true;
      await saver.save(study, open, { segmentation });
    },
    lookInArchive() {
      const { study } = store.getState();
      if (study !== null) archive.look(study);
    },
    lookForModels,
    nameReader(typed) {
      rememberReader(parts.storage, typed);
      const name = personName(typed);
      store.setState(({ studies }) => ({
        reader: { name, source: name === null ? 'none' : 'typed', asked: true },
        studies: signedBy(studies, name),
      }));
    },
  };

  return {
    store,
    actions,
    enter() {
      if (entered) return;
      entered = true;
      unsubscribe = [
        host.subscribe((event) => {
          if (event.kind === 'active-series-changed') store.setState({ activeSeries: host.activeSeries() });
          else lookAtStudy();
        }),
        store.subscribe((state) => presenter.show(presentation(state))),
      ];
      lookAtStudy();
      lookForModels();
    },
    leave() {
      if (!entered) return;
      entered = false;
      for (const stop of unsubscribe) stop();
      fetching.abort();
      archive.stop();
      presenter.show(null);
      tellUnsaved(store, host);
      store.setState(({ studies }) => ({
        study: null,
        series: [],
        activeSeries: null,
        studies: withoutForgettable(studies, null),
      }));
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
