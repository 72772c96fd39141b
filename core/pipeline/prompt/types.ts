import type { IndexBox, Vec3 } from '../../geometry/index.ts';

/** What a person shows the model. All positions are voxel indices of the series, fractional, and lie in one slice of it. */
export interface Prompt {
  readonly points: readonly { readonly at: Vec3; readonly inside: boolean }[];
  /** Two opposite corners of a rectangle round the thing; null where none was drawn. */
  readonly box: readonly [Vec3, Vec3] | null;
  /** Goes on from the mask that the last prompt on this slice gave, where the model takes one. */
  readonly refine: boolean;
}

/** What the model answers: the voxels of a thing. */
export interface PromptMask {
  /** The voxels that the mask spans, in the series. */
  readonly box: IndexBox;
  /** 1 inside, i fastest, for the voxels of the box. */
  readonly bits: Uint8Array;
  /** How good the model takes it to be, in its own terms; null where it does not say. */
  readonly quality: number | null;
}
