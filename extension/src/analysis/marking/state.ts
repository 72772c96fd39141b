import type { Grid, Vec3 } from '@overread/core/geometry';
import type { Progress } from '@overread/core/pipeline';
import type { CatalogueModel } from '../catalogue.ts';
import type { Problem } from '../problem.ts';
import { masksOf, newThing, type Thing } from './thing.ts';

/** A promptable model and the series that things are marked in. */
export interface MarkingRequest {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly seriesNumber: number | null;
  readonly grid: Grid;
  readonly model: CatalogueModel;
}

/** A promptable model at work on the series on screen: one at a time. */
export interface Marking extends MarkingRequest {
  readonly state:
    | (Held & { readonly kind: 'opening'; readonly progress: Progress | null })
    | OpenMarking
    | (Held & { readonly kind: 'failed'; readonly problem: Problem });
}

/** What a person marked. It outlives the model: one that ends is opened again, and goes on with it. */
export interface Held {
  readonly thing: Thing;
  readonly kept: readonly Thing[];
}

export interface OpenMarking extends Held {
  readonly kind: 'open';
  /** What the model is at. */
  readonly phase: 'ready' | 'encoding' | 'asking' | 'keeping';
  /** Whether a click without a key marks what is outside. */
  readonly outside: boolean;
  /** The rectangle that is being drawn, or null. */
  readonly dragged: readonly [Vec3, Vec3] | null;
  /** Why the last mark is not there; null where all is well. */
  readonly problem: Problem | null;
  /** The model had ended over that mark, and was opened again. */
  readonly wasReopened: boolean;
  /** The model marks nothing for the last mark. */
  readonly isEmpty: boolean;
  /** Whether the person is asked if what was marked shall go. */
  readonly asksToDiscard: boolean;
}

/** Everything with a mask: what is kept already, and the thing at hand. */
export function markedThings({ kept, thing }: Held): readonly Thing[] {
  return [...kept, thing].filter((one) => masksOf(one).length > 0);
}

/** Nothing yet. */
export function nothingHeld(): Held {
  return { thing: newThing(), kept: [] };
}

/** Nothing to be told or asked. */
export const calm = { problem: null, wasReopened: false, isEmpty: false, asksToDiscard: false } as const;

/** The tool when it comes on. @param problem why the model had to be opened again, or null */
export function openMarking({ thing, kept }: Held, problem: Problem | null): OpenMarking {
  const why = { problem, wasReopened: problem !== null };
  return { kind: 'open', phase: 'ready', thing, kept, outside: false, dragged: null, ...calm, ...why };
}
