import { itemsOf, readPart10, sopClasses, textOf } from '@overread/core/dicom';
import { OverreadError } from '@overread/core/errors';
import type { Vec3 } from '@overread/core/geometry';
import type { Volume } from '@overread/core/volume';
import type {
  BoxOverlay,
  HeatMapOverlay,
  Host,
  HostEvent,
  LabelMapOverlay,
  ListedObject,
  MarkGesture,
  PointOverlay,
  SeriesSummary,
  StudySummary,
} from '../../extension/src/host/types.ts';
import type { CtSeries } from './ct-series.ts';

interface StoredFile {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  readonly modality: string;
  readonly bytes: Uint8Array;
}

type Drawn = LabelMapOverlay | HeatMapOverlay | BoxOverlay | PointOverlay;

/**
 * A viewer in memory: studies of small CT series, an archive that keeps what it is given, and overlays that are held
 * instead of drawn. `refuse`, `down` and `loses` make the archive misbehave the way archives do.
 */
export class MemoryHost implements Host {
  /** By SOP Instance UID. */
  readonly stored = new Map<string, StoredFile>();
  readonly drawn = new Map<string, { overlay: Drawn; visible: boolean; opacity: number }>();
  readonly notes: { title: string; message: string; type: string }[] = [];
  readonly jumps: Parameters<Host['jumpTo']>[0][] = [];
  /** Modality the archive refuses to store, or null. */
  refuse: string | null = null;
  /** How many of those it takes before it refuses. */
  takesBefore = 0;
  down = false;
  /** Whether a stored object's answer gets lost on its way back, once. */
  losesAnswer = false;
  /** Changes what the archive gives back. */
  tamper: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;
  login: string | null = null;
  readOnly = false;
  stores = 0;
  /** SOP Instance UIDs of what was fetched. */
  readonly retrieved: string[] = [];
  /** Studies whose results were asked for. */
  readonly listings: string[] = [];
  /** What the open study is to the one that the viewer was opened on. */
  relation: StudySummary['relation'] = 'opened';
  /** Sentences about series that the archive cannot list. */
  unlisted: readonly string[] = [];
  /** Value of each voxel of every series. */
  valueAt: (ijk: Vec3) => number = () => 0;
  /** Whether the viewer still has to learn of the series of the study. */
  seriesUnknown = false;

  readonly #studies: Readonly<Record<string, readonly CtSeries[]>>;
  readonly #listeners = new Set<(event: HostEvent) => void>();
  #study: string | null = null;
  #active: string | null = null;

  constructor(series: readonly CtSeries[]) {
    const studies: Record<string, CtSeries[]> = {};
    for (const one of series) (studies[one.geometry.studyInstanceUID] ??= []).push(one);
    this.#studies = studies;
  }

  /** The viewer learns of the series. */
  learnSeries(): void {
    this.seriesUnknown = false;
    this.#tell({ kind: 'series-changed' });
  }

  /** Puts an object into the archive as another system would. */
  receive(bytes: Uint8Array): void {
    const file = storedFile(bytes);
    this.stored.set(file.sopInstanceUID, file);
  }

  /** Opens a study, or none. */
  openStudy(studyInstanceUID: string | null): void {
    this.#study = studyInstanceUID;
    this.#active = null;
    this.#tell({ kind: 'study-changed' });
  }

  /** Makes a viewport that shows this series the active one. */
  activate(seriesInstanceUID: string): void {
    this.#active = seriesInstanceUID;
    this.#tell({ kind: 'active-series-changed' });
  }

  currentStudy(): StudySummary | null {
    if (this.#study === null) return null;
    return { studyInstanceUID: this.#study, relation: this.relation, date: '2026-02-28', description: 'CT chest' };
  }

  listSeries(): readonly SeriesSummary[] {
    return this.#open().map(({ geometry }) => ({
      studyInstanceUID: geometry.studyInstanceUID,
      seriesInstanceUID: geometry.seriesInstanceUID,
      modality: geometry.modality,
      description: 'Chest 2.5 mm',
      seriesNumber: 3,
      bodyPart: 'CHEST',
      imageCount: geometry.slices.length,
      geometry: { ok: true, value: geometry },
    }));
  }

  activeSeries(): string | null {
    return this.#active ?? this.#open()[0]?.geometry.seriesInstanceUID ?? null;
  }

  subscribe(listener: (event: HostEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  readVolume(seriesInstanceUID: string): Promise<Volume> {
    const series = this.#open().find(({ geometry }) => geometry.seriesInstanceUID === seriesInstanceUID);
    if (series === undefined) return Promise.reject(new OverreadError('pacs.series-not-found'));
    const { dims } = series.geometry.grid;
    const samples = Int16Array.from({ length: dims[0] * dims[1] * dims[2] }, (_, v) =>
      this.valueAt([v % dims[0], Math.floor(v / dims[0]) % dims[1], Math.floor(v / (dims[0] * dims[1]))]),
    );
    return Promise.resolve({ ...series.geometry, samples, unit: 'HU', padding: null });
  }

  readonly overlays: Host['overlays'] = {
    showLabelMap: (overlay) => this.#draw(overlay),
    showHeatMap: (overlay) => this.#draw(overlay),
    showBoxes: (overlay) => void this.#draw(overlay),
    showPoints: (overlay) => void this.#draw(overlay),
    setVisible: (id, visible) => {
      const layer = this.drawn.get(id);
      if (layer !== undefined) layer.visible = visible;
    },
    setOpacity: (id, opacity) => {
      const layer = this.drawn.get(id);
      if (layer !== undefined) layer.opacity = opacity;
    },
    remove: (id) => void this.drawn.delete(id),
    removeAll: () => this.drawn.clear(),
  };

  /** Sends a gesture to whoever takes marks. */
  gesture: ((gesture: MarkGesture) => void) | null = null;
  /** Series that marks are taken on. */
  markedSeries: string | null = null;

  takeMarks(seriesInstanceUID: string, onGesture: (gesture: MarkGesture) => void): () => void {
    this.gesture = onGesture;
    this.markedSeries = seriesInstanceUID;
    return () => {
      if (this.gesture !== onGesture) return;
      this.gesture = null;
      this.markedSeries = null;
    };
  }

  jumpTo(target: Parameters<Host['jumpTo']>[0]): void {
    this.jumps.push(target);
  }

  readonly archive: Host['archive'] = {
    canStore: () => (this.readOnly ? { ok: false, reason: 'This data source is read-only.' } : { ok: true }),
    store: async (bytes) => {
      await Promise.resolve();
      if (this.down) throw new OverreadError('pacs.unreachable');
      const file = storedFile(bytes);
      if (file.modality === this.refuse && this.takesBefore-- <= 0)
        throw new OverreadError('save.refused', { why: `it takes no ${file.modality}` });
      this.stores += 1;
      this.stored.set(file.sopInstanceUID, file);
      if (this.losesAnswer) {
        this.losesAnswer = false;
        throw new OverreadError('pacs.unreachable');
      }
    },
    announce: () => Promise.resolve(),
    retrieve: async ({ sopInstanceUID }) => {
      await Promise.resolve();
      if (this.down) throw new OverreadError('pacs.unreachable');
      this.retrieved.push(sopInstanceUID);
      const file = this.stored.get(sopInstanceUID);
      if (file === undefined) throw new OverreadError('pacs.series-not-found');
      return this.tamper(file.bytes.slice());
    },
    listResults: async (studyInstanceUID) => {
      await Promise.resolve();
      this.listings.push(studyInstanceUID);
      if (this.down) throw new OverreadError('pacs.unreachable');
      const files = [...this.stored.values()].filter((file) => file.studyInstanceUID === studyInstanceUID);
      return { objects: files.flatMap((file) => listed(file) ?? []), problems: this.unlisted };
    },
    sourceAttributes: (seriesInstanceUID) => {
      const series = Object.values(this.#studies)
        .flat()
        .find(({ geometry }) => geometry.seriesInstanceUID === seriesInstanceUID);
      const attributes = series?.datasets[0];
      if (attributes === undefined) throw new OverreadError('pacs.series-not-found');
      return attributes;
    },
    imageAttributes: (seriesInstanceUID) =>
      Object.values(this.#studies)
        .flat()
        .filter(({ geometry }) => geometry.seriesInstanceUID === seriesInstanceUID)
        .flatMap(({ datasets }) => datasets),
  };

  notify(note: { title: string; message: string; type: 'info' | 'success' | 'warning' | 'error' }): void {
    this.notes.push(note);
  }

  userName(): string | null {
    return this.login;
  }

  authorizationHeader(): Record<string, string> {
    return {};
  }

  #open(): readonly CtSeries[] {
    return this.#study === null || this.seriesUnknown ? [] : (this.#studies[this.#study] ?? []);
  }

  #tell(event: HostEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #draw(overlay: Drawn): Promise<void> {
    this.drawn.set(overlay.id, { overlay, visible: true, opacity: 1 });
    return Promise.resolve();
  }
}

/** Null for what is no result. */
function listed(file: StoredFile): ListedObject | null {
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID, sopClassUID, bytes } = file;
  const kind = resultKinds[sopClassUID];
  if (kind === undefined) return null;
  const { dataset } = readPart10(bytes);
  const maker = [textOf(dataset, 'Manufacturer'), textOf(dataset, 'ManufacturerModelName')];
  return {
    studyInstanceUID,
    seriesInstanceUID,
    sopInstanceUID,
    sopClassUID,
    kind,
    description: textOf(dataset, 'SeriesDescription') ?? '',
    maker: [...new Set(maker.filter((part) => part !== null))].join(' '),
    about: itemsOf(dataset, 'ReferencedSeriesSequence').map((item) => textOf(item, 'SeriesInstanceUID') ?? ''),
    segments: itemsOf(dataset, 'SegmentSequence').map((item) => textOf(item, 'SegmentLabel') ?? ''),
  };
}

const resultKinds: Readonly<Record<string, ListedObject['kind']>> = {
  [sopClasses.comprehensive3DSr]: 'SR',
  [sopClasses.comprehensiveSr]: 'SR',
  [sopClasses.enhancedSr]: 'SR',
  [sopClasses.segmentation]: 'SEG',
  [sopClasses.labelMapSegmentation]: 'SEG',
  [sopClasses.parametricMap]: 'PM',
};

function storedFile(bytes: Uint8Array): StoredFile {
  const { dataset } = readPart10(bytes);
  const uid = (keyword: string) => textOf(dataset, keyword) ?? '';
  return {
    studyInstanceUID: uid('StudyInstanceUID'),
    seriesInstanceUID: uid('SeriesInstanceUID'),
    sopInstanceUID: uid('SOPInstanceUID'),
    sopClassUID: uid('SOPClassUID'),
    modality: uid('Modality'),
    bytes: bytes.slice(),
  };
}
