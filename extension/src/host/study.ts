import { integerOf, textOf } from '@overread/core/dicom';
import { seriesFacts } from '@overread/core/model';
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

  /** The study that the viewer was opened on; others may be hung beside it. */
  const openedStudy = (): string | null =>
    inMode ? (hangingProtocolService.getState()?.activeStudyUID ?? imageSets()[0]?.StudyInstanceUID ?? null) : null;

  /** The study of the series on the active viewport, else the one that was opened. */
  const studyUID = (): string | null => {
    const active = activeSeries();
    const hung = active === null ? undefined : imageSets().find((set) => set.SeriesInstanceUID === active);
    return hung?.StudyInstanceUID ?? openedStudy();
  };

  function summaryOfStudy(studyInstanceUID: string): StudySummary {
    const attributesOf = (study: string | null): Instance =>
      imageSets().find((set) => set.StudyInstanceUID === study)?.instances?.[0] ?? {};
    const opened = openedStudy();
    const own = attributesOf(studyInstanceUID);
    const [date, openedOn] = [dateOf(own), dateOf(attributesOf(opened))];
    const isEarlier = date !== null && openedOn !== null && date < openedOn;
    const relation = studyInstanceUID === opened ? 'opened' : isEarlier ? 'prior' : 'other';
    return { studyInstanceUID, relation, date, description: textOf(own, 'StudyDescription') ?? '' };
  }

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
      return study === null ? null : summaryOfStudy(study);
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

/** StudyDate as `YYYY-MM-DD`; null where it is absent or malformed. */
function dateOf(instance: Instance): string | null {
  const parts = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(textOf(instance, 'StudyDate') ?? '');
  return parts === null ? null : parts.slice(1).join('-');
}

function describe(instances: readonly Instance[]): SeriesSummary {
  const first = instances[0] ?? {};
  return {
    studyInstanceUID: textOf(first, 'StudyInstanceUID') ?? '',
    seriesInstanceUID: textOf(first, 'SeriesInstanceUID') ?? '',
    ...seriesFacts(first),
    description: textOf(first, 'SeriesDescription') ?? '',
    imageCount: instances.reduce((sum, instance) => sum + (integerOf(instance, 'NumberOfFrames') ?? 1), 0),
    geometry: describeSeries(instances),
  };
}
