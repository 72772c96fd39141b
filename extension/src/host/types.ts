import type { Grid, Vec3 } from '@overread/core/geometry';
import type { SeriesFacts } from '@overread/core/model';
import type { ObjectReference } from '@overread/core/results';
import type { SliceReference, Volume, SeriesGeometry } from '@overread/core/volume';

/**
 * What the rest of the extension may know of the viewer. Everything version-dependent ends behind this interface;
 * no OHIF or Cornerstone type crosses it.
 */
export interface Host {
  /** The study of the active viewport; null outside a study. Changes are told to `subscribe`. */
  currentStudy(): StudySummary | null;
  /** Image series of the current study that could be analysed, with the refusal where one could not. */
  listSeries(): readonly SeriesSummary[];
  /** The series shown in the active viewport, or null. */
  activeSeries(): string | null;
  subscribe(listener: (event: HostEvent) => void): () => void;

  /** Loads (with progress) and copies the series out of the viewer's cache as modality values. Never detaches the viewer's own images. */
  readVolume(
    seriesInstanceUID: string,
    options: { signal: AbortSignal; onProgress(done: number, total: number): void },
  ): Promise<Volume>;

  overlays: HostOverlays;
  /** Shows a point in every viewport that can show it. `world` in LPS mm; `slice` for stacks. */
  jumpTo(target: { seriesInstanceUID: string; world: Vec3; slice: SliceReference | null }): void;

  /**
   * Takes the left button (a pen, one finger) in every viewport that shows the series, and the keys that go with marks. Wheel and other
   * buttons stay with the viewer, and so does everything once the returned function was called. One series at a time.
   */
  takeMarks(seriesInstanceUID: string, onGesture: (gesture: MarkGesture) => void): () => void;

  archive: HostArchive;
  notify(note: { title: string; message: string; type: 'info' | 'success' | 'warning' | 'error' }): void;
  /** Name of the person logged in, as DICOM PN; null where the viewer knows none. */
  userName(): string | null;
  authorizationHeader(): Record<string, string>;
}

export type HostEvent = { kind: 'study-changed' } | { kind: 'series-changed' } | { kind: 'active-series-changed' };

export interface StudySummary {
  readonly studyInstanceUID: string;
  /** `opened`: the one the viewer was opened on. `prior`: an earlier one hung beside it. `other`: any other one. */
  readonly relation: 'opened' | 'prior' | 'other';
  /** StudyDate as `YYYY-MM-DD`, or null. */
  readonly date: string | null;
  /** StudyDescription, or empty. */
  readonly description: string;
}

/** What a person does to mark something. Places are voxel indices of the series, fractional. */
export type MarkGesture =
  /** `modified`: Alt, Ctrl or Cmd was held. */
  | { readonly kind: 'point'; readonly at: Vec3; readonly modified: boolean }
  /** A rectangle is being drawn, between these corners so far. */
  | { readonly kind: 'dragging'; readonly from: Vec3; readonly to: Vec3 }
  | { readonly kind: 'box'; readonly from: Vec3; readonly to: Vec3 }
  /** The rectangle was given up. */
  | { readonly kind: 'dropped' }
  /** Backspace or Delete. */
  | { readonly kind: 'undo' }
  /** Escape. */
  | { readonly kind: 'escape' };

/** A fact that a host does not know is left out. */
export interface SeriesSummary extends Partial<Pick<SeriesFacts, 'view' | 'contrast' | 'words'>> {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly modality: string;
  readonly description: string;
  readonly seriesNumber: number | null;
  readonly bodyPart: string | null;
  readonly imageCount: number;
  /** The geometry, or why the series is no volume. */
  readonly geometry:
    { readonly ok: true; readonly value: SeriesGeometry } | { readonly ok: false; readonly reason: string };
}

/** Levels in which a heat map is drawn: 1 to this, besides 0 for transparent. */
export const heatLevels = 63;

/**
 * Overlays are ours alone, drawn above the viewer's picture in stacks and reformations: they are in none of the viewer's
 * lists and exports, and the user's own segmentations and measurements are never touched.
 */
export interface HostOverlays {
  /** Draws labels on every viewport that shows the series. Resolves when it is on screen. */
  showLabelMap(overlay: LabelMapOverlay): Promise<void>;
  /** Draws a scalar map (already on the source grid, 0 = transparent, 1…`heatLevels`). */
  showHeatMap(overlay: HeatMapOverlay): Promise<void>;
  showBoxes(overlay: BoxOverlay): void;
  showPoints(overlay: PointOverlay): void;
  setVisible(id: string, visible: boolean): void;
  setOpacity(id: string, opacity: number): void;
  remove(id: string): void;
  removeAll(): void;
}

export interface LabelMapOverlay {
  readonly id: string;
  readonly label: string;
  readonly seriesInstanceUID: string;
  readonly grid: Grid;
  readonly labels: Uint8Array;
  /** RGB 0–255 by segment number. */
  readonly segments: readonly { number: number; label: string; colour: Vec3 }[];
}

export interface HeatMapOverlay {
  readonly id: string;
  readonly label: string;
  readonly seriesInstanceUID: string;
  readonly grid: Grid;
  readonly levels: Uint8Array;
}

export interface BoxOverlay {
  readonly id: string;
  readonly seriesInstanceUID: string;
  readonly boxes: readonly {
    readonly key: string;
    readonly text: string;
    /** Half-open corners in LPS mm of the source grid box: two opposite outer corners. */
    readonly min: Vec3;
    readonly max: Vec3;
    readonly grid: Grid;
    readonly colour: Vec3;
    readonly selected: boolean;
  }[];
}

/** Marks that a person set, each drawn on the slice that it lies on. */
export interface PointOverlay {
  readonly id: string;
  readonly seriesInstanceUID: string;
  readonly points: readonly {
    /** Voxel index in the grid of the series, fractional. */
    readonly at: Vec3;
    /** Drawn as a plus, else as a minus. */
    readonly inside: boolean;
  }[];
}

export interface HostArchive {
  /** False where the data source cannot store; Save is then disabled with the reason. */
  canStore(): { readonly ok: true } | { readonly ok: false; readonly reason: string };
  /** Stores one Part 10 object. */
  store(part10: Uint8Array): Promise<void>;
  /** Makes the viewer know a series that was stored after the study was opened: it appears in the series list. */
  announce(series: { studyInstanceUID: string; seriesInstanceUID: string }): Promise<void>;
  /** Part 10 bytes of an instance. */
  retrieve(reference: {
    studyInstanceUID: string;
    seriesInstanceUID: string;
    sopInstanceUID: string;
  }): Promise<Uint8Array>;
  /**
   * Result objects of a study known to the archive (fresh query): SR, SEG and Parametric Map. A series that cannot be listed
   * takes none of the others away: it is named among the problems.
   */
  listResults(studyInstanceUID: string): Promise<ListedResults>;
  /** Naturalized (keyword-named) attributes of one instance of the series, as the source for results written about it. */
  sourceAttributes(seriesInstanceUID: string): Readonly<Record<string, unknown>>;
  /** The same of every instance of the series. */
  imageAttributes(seriesInstanceUID: string): readonly Readonly<Record<string, unknown>>[];
}

export interface ListedResults {
  readonly objects: readonly ListedObject[];
  /** What could not be listed and why, one sentence each. */
  readonly problems: readonly string[];
}

/** A stored result as its metadata describe it. */
export interface ListedObject extends ObjectReference {
  readonly kind: 'SR' | 'SEG' | 'PM';
  /** SeriesDescription (0008,103E), or empty. */
  readonly description: string;
  /** Manufacturer and ManufacturerModelName, as far as they are given and differ. */
  readonly maker: string;
  /** Series that it says it is about (ReferencedSeriesSequence); empty where it names none. */
  readonly about: readonly string[];
  /** SegmentLabel (0062,0005) of each segment, in order. */
  readonly segments: readonly string[];
}
