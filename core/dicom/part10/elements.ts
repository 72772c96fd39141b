/** One data element as found in a file. */
export interface RawElement {
  /** group << 16 | element, unsigned. */
  readonly tag: number;
  readonly vr: string;
  /** Where the value field lies in the file; empty for sequences and encapsulated pixel data. */
  readonly start: number;
  readonly end: number;
  /** Items of a sequence; null for everything else. */
  readonly items: readonly (readonly RawElement[])[] | null;
  /** Fragments of encapsulated pixel data, the Basic Offset Table first; null for everything else. */
  readonly fragments: readonly Uint8Array[] | null;
}

/** Bounds on what a file may ask of us. A file beyond them is refused, whatever its header claims. */
export interface ReadLimits {
  readonly maxBytes: number;
  readonly maxElements: number;
  readonly maxDepth: number;
  /** What a deflated file, or a deflated frame, may grow to. */
  readonly maxInflatedBytes: number;
}

/** Room for a segmentation of some 20,000 frames; nesting of the deepest SR templates is below 12. */
export const defaultReadLimits: ReadLimits = {
  maxBytes: 2 ** 31,
  maxElements: 4_000_000,
  maxDepth: 32,
  maxInflatedBytes: 2 ** 29,
};
