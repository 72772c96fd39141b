import type { Analysis, HeatMap, LabelMap } from '@overread/core/analysis';
import type {
  DicomObject,
  ObjectKind,
  ObjectReference,
  OtherReport,
  StoredSegmentation,
  Verification,
} from '@overread/core/results';
import type { Grid } from '@overread/core/geometry';
import type { ListedObject, SeriesSummary, StudySummary } from '../host/types.ts';
import type { Availability, Location } from './backend.ts';
import type { Progress } from '@overread/core/pipeline';
import type { Catalogue } from './catalogue.ts';
import type { ConfigProblem, SiteConfig } from './config.ts';
import type { Marking } from './marking/state.ts';
import type { Problem } from './problem.ts';
import type { ReviewStep } from './review.ts';

/** Everything the panel shows. Illegal combinations cannot be written down: a state decides which fields exist. */
export interface RoomState {
  readonly config: SiteConfig;
  readonly configProblems: readonly ConfigProblem[];
  readonly catalogue:
    | { readonly kind: 'loading' }
    | { readonly kind: 'ready'; readonly value: Catalogue }
    | { readonly kind: 'failed'; readonly problem: Problem };
  /** null while it is being found out. */
  readonly places: Readonly<Record<Location, Availability | null>>;
  readonly place: Location;
  /** The study that the panel speaks of, which is that of the active viewport; null outside a study. */
  readonly study: string | null;
  /** The same, as people know it. */
  readonly studySummary: StudySummary | null;
  /** Studies that were spoken of since the mode was entered: their open results are drawn, each on its own images. */
  readonly visited: readonly string[];
  readonly series: readonly SeriesSummary[];
  /** Series of the active viewport, or null. */
  readonly activeSeries: string | null;
  /** Whether the archive takes objects, as the viewer says. */
  readonly canStore: Availability;
  readonly reader: Reader;
  /** The promptable model that a person marks things with, or null. */
  readonly marking: Marking | null;
  /** Series that were left with marks on them whose results are still being made. */
  readonly marksInMaking: number;
  readonly studies: Readonly<Record<string, StudyRecord>>;
}

/** Whose review it is. `asked` is false until the person typed a name or chose to give none. */
export interface Reader {
  /** DICOM PN, or null. */
  readonly name: string | null;
  readonly source: 'login' | 'typed' | 'none';
  readonly asked: boolean;
}

/** What is known of one study; it outlives the study's time on screen. */
export interface StudyRecord {
  /** By `runKey`. */
  readonly runs: Readonly<Record<string, Run>>;
  /** What the reader said of the further channels of models: by `runKey`, then by the channel's name, the series that it is. */
  readonly channels: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By analysis UID, oldest first. */
  readonly results: Readonly<Record<string, Result>>;
  readonly archive: ArchiveState;
  readonly others: OtherResults;
  /** The result that is read and drawn now, or null. */
  readonly open: string | null;
  /** Tracking UID of the finding that is marked, or null. */
  readonly selected: string | null;
}

/** What other software stored about the study; to be seen, not to be reviewed or changed. */
export interface OtherResults {
  readonly reports: readonly OtherReportEntry[];
  readonly masks: readonly OtherMask[];
  /** What in the reports was not understood. */
  readonly problems: readonly string[];
}

/** A report about one series. */
export interface OtherReportEntry {
  readonly seriesInstanceUID: string;
  /** The series' grid, in which the places of the findings are. */
  readonly grid: Grid;
  readonly report: OtherReport;
  /** Who made it, as it says; may be empty. */
  readonly maker: string;
  readonly description: string;
  /** Whether its boxes are drawn. */
  readonly visible: boolean;
}

export interface OtherMask {
  readonly listed: ListedObject;
  readonly state:
    | { readonly kind: 'listed' }
    | { readonly kind: 'loading' }
    | { readonly kind: 'ready'; readonly seriesInstanceUID: string; readonly layers: readonly LabelMap[] }
    /** `why` is null where it is about another series. */
    | { readonly kind: 'failed'; readonly why: string | null };
  readonly visible: boolean;
}

type ArchiveState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'looking' }
  | { readonly kind: 'ready'; readonly problems: readonly string[] }
  | { readonly kind: 'failed'; readonly problem: Problem };

export interface Run {
  readonly key: string;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly model: { readonly id: string; readonly version: string; readonly title: string };
  readonly location: Location;
  readonly state:
    | { readonly kind: 'queued' }
    | { readonly kind: 'running'; readonly progress: Progress | null }
    | { readonly kind: 'done'; readonly analysisUID: string }
    | { readonly kind: 'failed'; readonly problem: Problem }
    | { readonly kind: 'cancelled' };
}

export interface Result {
  readonly analysis: Analysis;
  /** The newest version in the archive, or null while there is none. */
  readonly stored: StoredVersion | null;
  readonly saving: Saving;
  /** What a score of it rests on, as it was asked for last; let go of when the reader leaves the series, and stored nowhere. */
  readonly explained: Explained | null;
  /** The same while it is being worked out, or why it could not be. */
  readonly explaining: Explaining | null;
  /** Decisions of this sitting, newest last. */
  readonly steps: readonly ReviewStep[];
  readonly layers: Readonly<Record<LayerKind, Layer>>;
  /** Which of the heat maps is drawn, from 0. */
  readonly heatMap: number;
}

export interface Explained {
  /** Of the finding whose score it is. */
  readonly trackingUID: string;
  readonly heatMap: HeatMap;
}

export interface Explaining {
  readonly trackingUID: string;
  readonly state:
    | { readonly kind: 'queued' }
    | { readonly kind: 'running'; readonly progress: Progress | null }
    | { readonly kind: 'failed'; readonly problem: Problem };
}

export type LayerKind = 'mask' | 'heatMap' | 'boxes';
export interface Layer {
  readonly visible: boolean;
  /** 0 to 1. */
  readonly opacity: number;
}

export interface StoredVersion {
  readonly analysis: Analysis;
  /** The SR that holds it: what a newer one names as its predecessor. */
  readonly document: ObjectReference;
  /** Further SR documents that hold findings of it, and are replaced together with it; mostly none. */
  readonly parts: readonly ObjectReference[];
  /** The SEG of its mask, which a newer SR refers to again; null where none is stored. */
  readonly segmentation: StoredSegmentation | null;
  /** The Parametric Maps of its heat maps, likewise, in their order; null, or none, for one that is not stored. */
  readonly parametricMaps: readonly (ObjectReference | null)[];
  /** Who verified it; null while nobody did. */
  readonly verification: Verification | null;
  /** ISO 8601 with offset of the last save of this sitting; null when it was read from the archive. */
  readonly savedAt: string | null;
  /** What the reader should know about how it is stored. */
  readonly notes: readonly string[];
}

export type Saving =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly step: 'writing' | 'sending' | 'checking'; readonly object: string | null }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly pending: PendingSave | null };

/** What an interrupted save still has to send; the first of `objects` is the one that failed. */
export interface PendingSave {
  readonly analysis: Analysis;
  /** In whose name the report among the objects is verified, or null. */
  readonly verification: Verification | null;
  /** Kinds that the archive refused and the person went on without. */
  readonly leftOut: readonly ObjectKind[];
  /** Objects of an earlier save that these refer to. */
  readonly earlier: Referred;
  readonly objects: readonly DicomObject[];
  readonly stored: readonly DicomObject[];
  readonly notes: readonly string[];
}

/** What a report refers to and need not be written again; null where there is none. */
export interface Referred {
  readonly segmentation: StoredSegmentation | null;
  /** In the order of the heat maps. */
  readonly parametricMaps: readonly (ObjectReference | null)[];
}

const noOthers: OtherResults = { reports: [], masks: [], problems: [] };

export const emptyStudy: StudyRecord = {
  runs: {},
  channels: {},
  results: {},
  archive: { kind: 'unknown' },
  others: noOthers,
  open: null,
  selected: null,
};

/** A run is known by its series and model: starting it twice is the same run. */
export function runKey(seriesInstanceUID: string, modelId: string): string {
  return `${seriesInstanceUID}|${modelId}`;
}

/** The record with a further result. */
export function withAnalysis(record: StudyRecord, analysis: Analysis): StudyRecord {
  return { ...record, results: { ...record.results, [analysis.uid]: newResult(analysis, null) } };
}

/** A result as it begins, with the layers that the analysis has switched on. */
export function newResult(analysis: Analysis, stored: StoredVersion | null): Result {
  return {
    analysis,
    stored,
    saving: { kind: 'idle' },
    explained: null,
    explaining: null,
    steps: [],
    layers: {
      mask: { visible: true, opacity: 0.4 },
      heatMap: { visible: true, opacity: 0.5 },
      boxes: { visible: true, opacity: 1 },
    },
    heatMap: 0,
  };
}
