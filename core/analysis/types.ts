import type { Code } from '../dicom/index.ts';
import type { Notice } from '../errors/index.ts';
import type { Grid, IndexBox, Vec3 } from '../geometry/index.ts';
import type { SliceReference } from '../volume/index.ts';

/** Where a graph is executed. */
export type RuntimeKind = 'webgpu' | 'wasm' | 'node-cpu' | 'node-gpu' | 'remote';

/** Who computed a result: never anonymous, never without a version. */
export interface ModelIdentity {
  readonly id: string;
  /** Semantic version of the package. */
  readonly version: string;
  readonly title: string;
  readonly manufacturer: string;
  /** UID of this model version (Device UID of PS3.3 C.7.5.1); a retrained model is another device. */
  readonly deviceUID: string;
  /** SHA-256 over the package's files, hexadecimal. */
  readonly digest: string;
  readonly regulatoryStatus: string;
}

/** Where the result was computed, and why faster places were not used. */
export interface ComputePlace {
  readonly location: 'browser' | 'server';
  readonly runtime: RuntimeKind;
  readonly threads: number;
  /** GPU adapter or CPU description, where known. */
  readonly device: string | null;
  readonly skipped: readonly { readonly runtime: RuntimeKind; readonly reason: string }[];
}

export interface StageTiming {
  /** `load`, `prepare`, `run` (inside the graph), `stitch`, `finish`, … */
  readonly stage: string;
  readonly milliseconds: number;
}

/** The series that was analysed. */
export interface AnalysisSource {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly modality: string;
  readonly seriesNumber: number | null;
  readonly frameOfReferenceUID: string | null;
  readonly grid: Grid;
  /** In order of k of `grid`. */
  readonly slices: readonly SliceReference[];
}

/** A series that was analysed together with the first one, laid over it. */
export interface OtherSeries extends Omit<AnalysisSource, 'grid' | 'seriesNumber'> {
  /** The channel of the model's input that it was read as. */
  readonly channel: string;
}

/** One kind of thing in a label map. */
export interface Segment {
  /** Value in the label map, from 1 to 255; no other segment of the analysis has it. */
  readonly number: number;
  readonly label: string;
  /** SegmentedPropertyCategory, e.g. (123037004, SCT, Anatomical Structure). */
  readonly category: Code;
  /** SegmentedPropertyType, e.g. (39607008, SCT, Lung). */
  readonly type: Code;
  /** What narrows the type down, e.g. (24028007, SCT, Right). */
  readonly modifier?: Code;
  /** Where in the body, of a type that does not say it itself, e.g. (39607008, SCT, Lung) of a nodule. */
  readonly anatomicRegion?: Code;
  /** SegmentAlgorithmType (0062,0008), where a person's marks led the model; absent: AUTOMATIC, the model alone. */
  readonly algorithmType?: 'SEMIAUTOMATIC';
  /** sRGB, 0 to 255. */
  readonly colour: Vec3;
  readonly trackingIdentifier: string;
  readonly trackingUID: string;
}

/** Labels on the grid of the source series; 0 is background. Its segments share no voxel: those that do are in different maps. */
export interface LabelMap {
  readonly grid: Grid;
  readonly labels: Uint8Array;
  readonly segments: readonly Segment[];
}

/** A scalar per voxel, on a grid of its own. */
export interface HeatMap {
  /** Name on screen. */
  readonly label: string;
  readonly grid: Grid;
  readonly values: Float32Array;
  /** What a value is, e.g. (130404, DCM, Saliency). */
  readonly quantity: Code;
  /** UCUM unit. */
  readonly unit: Code;
  /** Suggested display range [low, high]; below `low` is transparent. */
  readonly displayRange: readonly [number, number];
}

export interface Measurement {
  readonly name: Code;
  readonly value: number;
  /** UCUM. */
  readonly unit: Code;
  /** e.g. (373098007, SCT, Mean); null when the value is a plain measurement. */
  readonly derivation: Code | null;
}

/** Where a finding is. All positions are in the source grid. */
export interface Region {
  readonly box: IndexBox;
  /** The voxel that stands for the finding (peak of the map, or a voxel of the segment near its centroid). */
  readonly centre: Vec3;
  /** Segment of one of the analysis's label maps, or null. */
  readonly segmentNumber: number | null;
  /** In-plane axes of the largest axial cross-section: two end points each, in source voxel indices (fractional). Null where not measured. */
  readonly axes: { readonly long: readonly [Vec3, Vec3]; readonly short: readonly [Vec3, Vec3] } | null;
}

export type ReviewState = 'unreviewed' | 'accepted' | 'edited' | 'rejected';

export interface Review {
  readonly state: ReviewState;
  /** Why it was rejected or edited, from the table of reasons; null otherwise. */
  readonly reason: Code | null;
  /** DICOM PN of the reader; null where the site knows none. */
  readonly reviewer: string | null;
  /** ISO 8601 with offset; null while unreviewed. */
  readonly at: string | null;
}

export interface Score {
  readonly value: number;
  /** `probability` only where the model was calibrated. */
  readonly kind: 'score' | 'probability';
}

/** Whether something is there (CID 240 of PS3.16). `undetermined`: the score lies between the operating points, or nothing was looked at. */
export type Presence = 'present' | 'absent' | 'undetermined';

/** One thing the model says. */
export interface Finding {
  readonly trackingIdentifier: string;
  readonly trackingUID: string;
  readonly label: string;
  readonly code: Code;
  readonly site: Code | null;
  /** CID 244: Right, Left, Bilateral; null where it makes no sense. */
  readonly laterality: Code | null;
  /** Place in words, e.g. `upper third`; null where unknown. */
  readonly place: string | null;
  readonly score: Score | null;
  /** What the model's operating point makes of the score; null where the finding is itself the statement. */
  readonly presence: Presence | null;
  readonly region: Region | null;
  readonly measurements: readonly Measurement[];
  readonly review: Review;
}

/** `completed` with an empty list of findings is the explicit *no findings*. */
export type AnalysisOutcome = 'completed' | 'failed';

/** One run of one model version on one series. */
export interface Analysis {
  /** A UID (2.25.…); stays the same through every save and re-read. */
  readonly uid: string;
  readonly model: ModelIdentity;
  readonly source: AnalysisSource;
  /** Further series, in the order of the model's channels; absent where it reads one only. */
  readonly otherSeries?: readonly OtherSeries[];
  readonly place: ComputePlace;
  readonly outcome: AnalysisOutcome;
  /** ISO 8601 with offset. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly timings: readonly StageTiming[];
  readonly warnings: readonly Notice[];
  /** Most important first (by score where there is one). */
  readonly findings: readonly Finding[];
  /** One, unless segments overlap; of segments over each other, that of the later map is drawn on top. */
  readonly labelMaps: readonly LabelMap[];
  readonly heatMaps: readonly HeatMap[];
}
