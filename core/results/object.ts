import type { Attributes } from '../dicom/index.ts';
import type { VolumeSamples } from '../volume/index.ts';

/** One stored instance, as a reference to it needs it. */
export interface ObjectReference {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
}

/** A stored segmentation, with what it calls its segments: whoever reads it may arrange them otherwise than whoever wrote it. */
export interface StoredSegmentation extends ObjectReference {
  /** SegmentNumber by value in the label maps. */
  readonly numbers: ReadonlyMap<number, number>;
}

/**
 * Segmentation, parametric map, report, presentation state, secondary capture, key object selection. An analysis has one
 * `SR`, its root; findings that need another kind of measurement group than the root's stand in an `SR-PART`.
 */
export type ObjectKind = 'SEG' | 'PM' | 'SR' | 'SR-PART' | 'PR' | 'SC' | 'KO';

/** One DICOM object as written. Every kind stands in a series of its own; secondary captures share one. */
export interface DicomObject {
  readonly kind: ObjectKind;
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly seriesDescription: string;
  /** The Part 10 file. */
  readonly bytes: Uint8Array;
}

/** Binary masks per segment; one label per voxel (Label Map Segmentation Storage); probabilities per segment. */
export type SegmentationKind = 'binary' | 'labelmap' | 'fractional';

export interface EncodeOptions {
  /** Naturalized attributes of one instance of the analysed series: patient, study and character set are copied from it. */
  readonly source: Attributes;
  /**
   * Whether the label maps are written as a SEG, and as which kind; `true` is `binary`, which every archive takes, and which segments that
   * overlap are always written as.
   */
  readonly segmentation: boolean | SegmentationKind;
  /**
   * For a `fractional` SEG: how likely a voxel is of a segment, 0 to 1 on the grid of the label map, by the segment's
   * number. Segments without are written as certain where their label is. What is read back has its label from one half.
   */
  readonly probabilities?: ReadonlyMap<number, Float32Array>;
  /** The SR documents that this one replaces; empty at the first save. */
  readonly predecessors: readonly ObjectReference[];
  /** A SEG of the same label maps that is stored already: it is referred to instead of being written again. */
  readonly storedSegmentation?: StoredSegmentation | null;
  /**
   * Whether the heat maps are written as Parametric Maps; absent: no. `true`: on its own grid, and read back as it was.
   * `on-source-grid`: resampled to the voxels of the series and rounded there, which is larger, and what viewers need that
   * lay maps over images pixel by pixel.
   */
  readonly parametricMap?: boolean | 'on-source-grid';
  /** Parametric Maps of the same heat maps that are stored already, in the order of these; null, or none, for one that is not. */
  readonly storedParametricMaps?: readonly (ObjectReference | null)[];
  /** A person's explicit act: the report is VERIFIED in their name. Never set on their behalf. */
  readonly verification?: Verification | null;
  /** A presentation state of boxes, labels and the model's name, for displays that read no reports. */
  readonly presentationState?: PresentedImages | null;
  /** Captures of the slices that matter with everything burned in, for displays that know nothing better. */
  readonly secondaryCapture?: CapturedPixels | null;
  /** Whether a key object selection of the slices that matter is written; absent: no. */
  readonly keyObjects?: boolean;
}

/** Who verified a report (PS3.3 C.17.2, Verifying Observer Sequence). */
export interface Verification {
  /** DICOM PN. */
  readonly observer: string;
  readonly organization: string;
  /** ISO 8601 with offset. */
  readonly at: string;
}

export interface PresentedImages {
  /**
   * Naturalized attributes of the images of the series, whichever are at hand; those with a finding must be among them.
   * A presentation state replaces an image's own rescale and window, so these are taken over from here.
   */
  readonly images: readonly Attributes[];
}

export interface CapturedPixels {
  /** Modality values on the grid of the series, i fastest. */
  readonly samples: VolumeSamples;
  /** Modality values from black to white. */
  readonly window: { readonly centre: number; readonly width: number };
  /** True for MONOCHROME1: the lowest value is white. */
  readonly inverted: boolean;
}
