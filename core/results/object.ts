import type { Attributes } from '../dicom/index.ts';

/** One stored instance, as a reference to it needs it. */
export interface ObjectReference {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
}

/** One DICOM object as written, in a series of its own. */
export interface DicomObject {
  readonly kind: 'SEG' | 'SR';
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly seriesDescription: string;
  /** The Part 10 file. */
  readonly bytes: Uint8Array;
}

export interface EncodeOptions {
  /** Naturalized attributes of one instance of the analysed series: patient, study and character set are copied from it. */
  readonly source: Attributes;
  /** Whether the label map is written as a SEG. */
  readonly segmentation: boolean;
  /** The SR documents that this one replaces; empty at the first save. */
  readonly predecessors: readonly ObjectReference[];
  /** A SEG of the same label map that is stored already: it is referred to instead of being written again. */
  readonly storedSegmentation?: ObjectReference | null;
}
