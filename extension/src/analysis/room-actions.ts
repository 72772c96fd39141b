import type { Analysis, AnalysisSource, HeatMap } from '@overread/core/analysis';
import { textOf } from '@overread/core/dicom';
import { indexToWorld, type Vec3 } from '@overread/core/geometry';
import type { ObjectKind, Verification } from '@overread/core/results';
import type { SeriesGeometry } from '@overread/core/volume';
import type { Host } from '../host/types.ts';
import { text } from '../text/index.ts';
import type { ArchiveReader } from './archive.ts';
import type { Location } from './backend.ts';
import { chosenSeries, withChannel } from './channels.ts';
import type { CatalogueModel } from './catalogue.ts';
import type { SiteConfig } from './config.ts';
import { explainable, placeOfGreatestFall, withExplained } from './explained.ts';
import type { Explainer } from './explainer.ts';
import type { Marker } from './marking/marker.ts';
import type { MarkingActions } from './marking/sitting.ts';
import { withVisible } from './others.ts';
import { personName, rememberReader } from './reader.ts';
import { decide, findingOf, isoWithOffset, undo, type Decision } from './review.ts';
import type { Runner } from './runner.ts';
import type { Saver } from './saving.ts';
import { canBeVerified, currentRecord, currentSeries, openResult } from './select.ts';
import { signedBy } from './sign.ts';
import { runKey, type Layer, type LayerKind, type Run } from './state.ts';
import { changeResult, changeStudy, openResultOf, type RoomStore } from './store.ts';

/** What a person can do in the reading room. */
export interface RoomActions {
  readonly choosePlace: (place: Location) => void;
  readonly run: (model: CatalogueModel) => void;
  /** Says which series a further channel of a model is, where it is run on the series on screen. Kept for this study. */
  readonly chooseChannel: (model: CatalogueModel, channel: string, seriesInstanceUID: string) => void;
  readonly cancel: (run: Run) => void;
  /** Opens a promptable model on the series, to mark things with. */
  readonly mark: (model: CatalogueModel) => void;
  /** What can be done while things are marked. */
  readonly marking: MarkingActions;
  /** Takes a failed or cancelled run off the list. */
  readonly dismiss: (run: Run) => void;
  readonly open: (analysisUID: string | null) => void;
  /** Marks a finding and brings every viewport to it. */
  readonly select: (trackingUID: string | null) => void;
  /** Works out what the score of a finding rests on, at the place chosen for runs. */
  readonly explain: (trackingUID: string) => void;
  /** Gives that up, or takes its failure off the screen. */
  readonly cancelExplaining: () => void;
  /** Takes what was worked out off the images, for good. */
  readonly dropExplanation: () => void;
  /** Brings every viewport to where the score falls most. */
  readonly goToExplanation: () => void;
  readonly decide: (trackingUID: string, decision: Decision) => void;
  readonly undo: () => void;
  readonly setLayer: (kind: LayerKind, change: Partial<Layer>) => void;
  /** Draws another one of the heat maps, by its place among them. */
  readonly showHeatMap: (index: number) => void;
  /** `leaveOut`: go on without the objects of a kind that the archive refused. */
  readonly save: (options?: { readonly leaveOut?: ObjectKind }) => Promise<void>;
  /** Saves the open result as verified in the reader's name; nothing happens where that is not due. */
  readonly verify: () => Promise<void>;
  /** Draws or hides what other software stored; a mask is fetched when it is first asked for. */
  readonly showOther: (sopInstanceUID: string, visible: boolean) => void;
  /** Brings every viewport to a finding of other software. */
  readonly goTo: (seriesInstanceUID: string, centre: Vec3) => void;
  /** Looks for stored results again. */
  readonly lookInArchive: () => void;
  /** Fetches the models and asks the places again. */
  readonly lookForModels: () => void;
  /** The name typed by the person; an empty one means: none, and do not ask again. */
  readonly nameReader: (typed: string) => void;
}

/** What the actions act through. */
interface Tools {
  readonly store: RoomStore;
  readonly host: Host;
  readonly config: SiteConfig;
  readonly runner: Runner;
  readonly explainer: Explainer;
  readonly marker: Marker;
  readonly archive: ArchiveReader;
  readonly saver: Saver;
  readonly storage: Storage | null;
  readonly now: () => Date;
  readonly lookForModels: () => void;
}

export function createActions(tools: Tools): RoomActions {
  const { store, host, config, runner, explainer, marker, archive, saver, storage, now } = tools;

  /** Changes the result that is open; nothing happens where none is. */
  const onOpen = (change: Parameters<typeof changeResult>[3]) => {
    const state = store.getState();
    const record = currentRecord(state);
    if (state.study !== null && record.open !== null) changeResult(store, state.study, record.open, change);
  };

  const save = async (verification: Verification | null, leaveOut: ObjectKind | null) => {
    const { study } = store.getState();
    const { open } = currentRecord(store.getState());
    if (study === null || open === null) return;
    store.setState({ canStore: host.archive.canStore() });
    await saver.save(study, open, { store: config.store, verification, leaveOut });
  };

  return {
    choosePlace: (place) => store.setState({ place }),
    run(model) {
      const series = currentSeries(store.getState());
      if (series === null) return;
      const { studyInstanceUID, seriesInstanceUID, seriesNumber } = series;
      const { place: location, series: study } = store.getState();
      const others = chosenSeries(model, series, study, currentRecord(store.getState()));
      // The list lets only run what has all its series; one that went away since is named by the run.
      const otherSeries = others.ok ? others.series : {};
      runner.start({ studyInstanceUID, seriesInstanceUID, otherSeries, seriesNumber, model, location });
    },
    chooseChannel({ manifest }, channel, chosen) {
      const state = store.getState();
      const series = currentSeries(state);
      if (state.study === null || series === null) return;
      const key = runKey(series.seriesInstanceUID, manifest.id);
      changeStudy(store, state.study, (record) => withChannel(record, key, channel, chosen));
    },
    cancel: (run) => runner.cancel(run),
    mark(model) {
      const series = currentSeries(store.getState());
      if (series?.geometry.ok !== true) return;
      const { studyInstanceUID, seriesInstanceUID, seriesNumber, geometry } = series;
      marker.start({ studyInstanceUID, seriesInstanceUID, seriesNumber, grid: geometry.value.grid, model });
    },
    marking: marker.actions,
    dismiss(run) {
      changeStudy(store, run.studyInstanceUID, (record) => ({
        ...record,
        runs: Object.fromEntries(Object.entries(record.runs).filter(([key]) => key !== run.key)),
      }));
    },
    open(analysisUID) {
      const { study } = store.getState();
      if (study !== null) openResultOf(store, study, analysisUID);
    },
    select(trackingUID) {
      const { study } = store.getState();
      if (study === null) return;
      changeStudy(store, study, (record) => ({ ...record, selected: trackingUID }));
      const analysis = openResult(store.getState())?.analysis;
      const region = trackingUID === null || analysis === undefined ? null : findingOf(analysis, trackingUID)?.region;
      if (analysis !== undefined && region != null) goTo(host, analysis.source, region.centre);
    },
    explain(trackingUID) {
      const state = store.getState();
      const analysis = openResult(state)?.analysis;
      const finding = analysis === undefined ? null : findingOf(analysis, trackingUID);
      const asked = analysis === undefined || finding === null ? null : explainable(state, analysis, finding);
      if (analysis === undefined || asked === null) return;
      explainer.start({ analysis, trackingUID, ...asked, location: state.place });
    },
    cancelExplaining() {
      const analysis = openResult(store.getState())?.analysis;
      if (analysis !== undefined) explainer.cancel(analysis);
    },
    dropExplanation: () => onOpen((result) => withExplained(result, null)),
    goToExplanation() {
      const result = openResult(store.getState());
      if (result?.explained != null) goToGreatestFall(host, result.analysis, result.explained.heatMap);
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
    showHeatMap: (index) => onOpen((result) => ({ ...result, heatMap: index })),
    save: (options) => save(null, options?.leaveOut ?? null),
    async verify() {
      const state = store.getState();
      const result = openResult(state);
      const { name } = state.reader;
      if (result === null || name === null || result.saving.kind !== 'idle' || !canBeVerified(result)) return;
      const source = host.archive.sourceAttributes(result.analysis.source.seriesInstanceUID);
      const organization = config.organization ?? textOf(source, 'InstitutionName') ?? text('save.organizationUnknown');
      await save({ observer: name, organization, at: isoWithOffset(now()) }, null);
    },
    showOther(sopInstanceUID, visible) {
      const state = store.getState();
      const series = currentSeries(state);
      if (state.study === null || series === null) return;
      changeStudy(store, state.study, (record) => withVisible(record, sopInstanceUID, visible));
      const mask = currentRecord(state).others.masks.find(({ listed }) => listed.sopInstanceUID === sopInstanceUID);
      const wanted = mask?.state.kind === 'listed' || mask?.state.kind === 'failed';
      if (visible && wanted) void archive.loadMask(state.study, sopInstanceUID, series);
    },
    goTo(seriesInstanceUID, centre) {
      const series = store.getState().series.find((one) => one.seriesInstanceUID === seriesInstanceUID);
      if (series?.geometry.ok === true) goTo(host, series.geometry.value, centre);
    },
    lookInArchive() {
      const { study } = store.getState();
      if (study !== null) archive.look(study);
    },
    lookForModels: tools.lookForModels,
    nameReader(typed) {
      rememberReader(storage, typed);
      const name = personName(typed);
      store.setState(({ studies }) => ({
        reader: { name, source: name === null ? 'none' : 'typed', asked: true },
        studies: signedBy(studies, name),
      }));
    },
  };
}

function goTo(
  host: Pick<Host, 'jumpTo'>,
  { seriesInstanceUID, grid, slices }: AnalysisSource | SeriesGeometry,
  centre: Vec3,
): void {
  const slice = slices[Math.round(centre[2])] ?? null;
  host.jumpTo({ seriesInstanceUID, world: indexToWorld(grid, centre), slice });
}

/** Brings every viewport to where a score falls most; nothing happens where it falls nowhere. */
export function goToGreatestFall(host: Pick<Host, 'jumpTo'>, analysis: Analysis, heatMap: HeatMap): void {
  const place = placeOfGreatestFall(heatMap, analysis);
  if (place !== null) goTo(host, analysis.source, place);
}
