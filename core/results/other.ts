import type { Finding, LabelMap } from '../analysis/index.ts';
import type { Code } from '../dicom/index.ts';
import type { ObjectReference } from './object.ts';
import type { SegmentFractions } from './seg/draw-fractions.ts';
import type { SegmentPlace } from './seg/read.ts';
import type { Graphic } from './sr/graphics.ts';

/** A report of another maker about the series: no analysis of ours, since it names no model, run or review. */
export interface OtherReport {
  readonly document: ObjectReference;
  /** What the document calls itself. */
  readonly title: Code;
  /** Persons and devices that observed, as they are named; a person's name is a DICOM PN. */
  readonly observers: readonly string[];
  readonly findings: readonly OtherFinding[];
  /** Evaluations of the whole study. */
  readonly remarks: readonly Remark[];
}

/** A measurement group of another maker. `trackingUID` is empty where it has none; its review is always open. */
export interface OtherFinding extends Finding {
  /** Shapes drawn for it; `region` is what they span. */
  readonly graphics: readonly Graphic[];
  /** The segment it is about, in a SEG that may not be at hand. */
  readonly segment: { readonly sopInstanceUID: string; readonly segmentNumber: number } | null;
  /** What else is said of it. */
  readonly remarks: readonly Remark[];
}

/** A named statement: a code's meaning, a text, a number with its unit. */
export interface Remark {
  readonly name: Code;
  readonly value: string;
}

/** A SEG that no analysis of ours refers to. */
export interface OtherSegmentation {
  readonly document: ObjectReference;
  readonly description: string;
  /** One label map; more where segments overlap or are more than 255. */
  readonly layers: readonly LabelMap[];
  /** Label map (0-based) and value of a segment, by SegmentNumber. */
  readonly places: ReadonlyMap<number, SegmentPlace>;
  readonly fractions: readonly SegmentFractions[];
}

export type { Graphic, SegmentFractions };
