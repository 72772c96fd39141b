import { integerOf, textOf } from '@overread/core/dicom';
import { describeSeries } from '@overread/core/volume';
import { createEmitter } from './emitter.ts';
import type { HostEvent, SeriesSummary, StudySummary } from './types.ts';
import type { DisplaySet, Instance, Managers, Subscription } from './viewer.ts';

/** Images as the viewer's own stack handler makes them; video, microscopy and derived objects have handlers of their own. */
const imageHandler = '.sopClassHandlerModule.stack';

/** The study on screen, its image series, and when they change. */
export interface StudyWatch {
  currentStudy(): StudySummary | null;
  listSeries(): readonly SeriesSummary[];
  activeSeries(): string | null;
  /** Instances of one series of the study, in the viewer's order; empty where it has none. */
  instancesOf(seriesInstanceUID: string): readonly Instance[];
  displaySetsOf(seriesInstanceUID: string): readonly DisplaySet[];
  /** Series whose images a viewport shows. */
  seriesInViewport(viewportId: string): readonly string[];
  activeViewportId(): string | null;
  /** Whether the viewer's grid has the series in a viewport, be it drawn already or not. */
  isHung(seriesInstanceUID: string): boolean;
  subscribe(listener: (event: HostEvent) => void): () => void;
  enter(): void;
  leave(): void;
}

export function watchStudy({ servicesManager }: Managers): StudyWatch {
  const { displaySetService, viewportGridService, hangingProtocolService } = servicesManager.services;
  const events = createEmitter<HostEvent>();
  const described = new Map<string, { readonly instances: number; readonly summary: SeriesSummary }>();
  let inMode = false;
  let subscriptions: readonly Subscription[] = [];
  let known: { study: string | null; active: string | null } = { study: null, active: null };

  const imageSets = (): readonly DisplaySet[] =>
    inMode
      ? displaySetService.getActiveDisplaySets().filter((set) => set.SOPClassHandlerId.endsWith(imageHandler))
      : [];

  const studyUID = (): string | null =>
    inMode ? (hangingProtocolService.getState()?.activeStudyUID ?? imageSets()[0]?.StudyInstanceUID ?? null) : null;

  const displaySetsOf = (seriesUID: string): readonly DisplaySet[] =>
    imageSets().filter((set) => set.SeriesInstanceUID === seriesUID);

  const instancesOf = (seriesUID: string): readonly Instance[] =>
    displaySetsOf(seriesUID).flatMap((set) => set.instances ?? []);

  function summaryOf(seriesUID: string): SeriesSummary {
    const instances = instancesOf(seriesUID);
    const before = described.get(seriesUID);
    if (before?.instances === instances.length) return before.summary;
    const summary = describe(instances);
    described.set(seriesUID, { instances: instances.length, summary });
    return summary;
  }

  /** The image series behind a display set: its own, or the one that a SEG or other derived object is about. */
  function seriesBehind(displaySetUID: string): string | null {
    const set = displaySetService.getDisplaySetByUID(displaySetUID);
    if (set === undefined) return null;
    if (set.SOPClassHandlerId.endsWith(imageHandler)) return set.SeriesInstanceUID;
    const about = set.referencedDisplaySetInstanceUID;
    return about === undefined || about === displaySetUID ? null : seriesBehind(about);
  }

  function seriesInViewport(viewportId: string): readonly string[] {
    const shown = viewportGridService.getState().viewports.get(viewportId)?.displaySetInstanceUIDs ?? [];
    return [...new Set(shown.map(seriesBehind).filter((uid) => uid !== null))];
  }

  const activeViewportId = (): string | null => (inMode ? viewportGridService.getState().activeViewportId : null);

  function activeSeries(): string | null {
    const viewport = activeViewportId();
    return viewport === null ? null : (seriesInViewport(viewport)[0] ?? null);
  }

  function onSeriesChange(): void {
    tellStudy();
    events.emit({ kind: 'series-changed' });
    tellActive();
  }

  function tellStudy(): void {
    const study = studyUID();
    if (study === known.study) return;
    known = { ...known, study };
    described.clear();
    events.emit({ kind: 'study-changed' });
  }

  function tellActive(): void {
    tellStudy();
    const active = activeSeries();
    if (active === known.active) return;
    known = { ...known, active };
    events.emit({ kind: 'active-series-changed' });
  }

  return {
    currentStudy() {
      const study = studyUID();
      return study === null ? null : { studyInstanceUID: study };
    },
    listSeries() {
      const study = studyUID();
      const series = imageSets()
        .filter((set) => set.StudyInstanceUID === study)
        .map((set) => set.SeriesInstanceUID);
      return [...new Set(series)].map(summaryOf);
    },
    activeSeries,
    instancesOf,
    displaySetsOf,
    seriesInViewport,
    activeViewportId,
    isHung: (seriesUID) =>
      [...viewportGridService.getState().viewports.keys()].some((id) => seriesInViewport(id).includes(seriesUID)),
    subscribe: (listener) => events.subscribe(listener),

    enter() {
      inMode = true;
      if (subscriptions.length > 0) return;
      const sets = displaySetService.EVENTS;
      const grid = viewportGridService.EVENTS;
      subscriptions = [
        ...[sets['DISPLAY_SETS_ADDED'], sets['DISPLAY_SETS_CHANGED'], sets['DISPLAY_SETS_REMOVED']]
          .filter((event) => event !== undefined)
          .map((event) => displaySetService.subscribe(event, onSeriesChange)),
        ...[grid['ACTIVE_VIEWPORT_ID_CHANGED'], grid['GRID_STATE_CHANGED'], grid['VIEWPORTS_READY']]
          .filter((event) => event !== undefined)
          .map((event) => viewportGridService.subscribe(event, tellActive)),
      ];
      onSeriesChange();
    },

    leave() {
      inMode = false;
      for (const subscription of subscriptions) subscription.unsubscribe();
      subscriptions = [];
      described.clear();
      tellActive();
    },
  };
}

function describe(instances: readonly Instance[]): SeriesSummary {
  const first = instances[0] ?? {};
  return {
    studyInstanceUID: textOf(first, 'StudyInstanceUID') ?? '',
    seriesInstanceUID: textOf(first, 'SeriesInstanceUID') ?? '',
    modality: textOf(first, 'Modality') ?? '',
    description: textOf(first, 'SeriesDescription') ?? '',
    seriesNumber: integerOf(first, 'SeriesNumber'),
    bodyPart: textOf(first, 'BodyPartExamined'),
    imageCount: instances.reduce((sum, instance) => sum + (integerOf(instance, 'NumberOfFrames') ?? 1), 0),
    geometry: describeSeries(instances),
  };
}
