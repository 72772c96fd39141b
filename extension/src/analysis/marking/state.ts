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

/** What a person marked and chose. It outlives the model: one that ends is opened again, and goes on with it. */
export interface Held {
  readonly thing: Thing;
  readonly kept: readonly Thing[];
  /** Whether a click without a key marks what is outside. */
  readonly outside: boolean;
}

/**
 * What a model ended over that was opened again: marks, which are answered anew; a mark for the second time, which is gone; or the result,
 * which is to be asked for once more.
 */
export type Reopened = 'marks' | 'without-mark' | 'result';

export interface OpenMarking extends Held {
  readonly kind: 'open';
  /** What the model is at. */
  readonly phase: 'ready' | 'encoding' | 'asking' | 'keeping';
  /** The rectangle that is being drawn, or null. */
  readonly dragged: readonly [Vec3, Vec3] | null;
  /** Why the last mark is not there, or the model was opened again; null where all is well. */
  readonly problem: Problem | null;
  /** Over what the model ended before it was opened again; null where it did not. */
  readonly reopened: Reopened | null;
  /** The model marks nothing for the last mark. */
  readonly isEmpty: boolean;
  /** Whether the person is asked if what was marked shall go. */
  readonly asksToDiscard: boolean;
}

/** Everything with a mask: what is kept already, and the thing at hand. */
export function markedThings({ kept, thing }: Held): readonly Thing[] {
  return [...kept, thing].filter((one) => masksOf(one).length > 0);
}

/** Whether a person set anything, answered or not. */
export function holdsMarks(held: Held): boolean {
  return held.thing.marks.length > 0 || markedThings(held).length > 0;
}

/** Nothing yet. */
export function nothingHeld(): Held {
  return { thing: newThing(), kept: [], outside: false };
}

/** Nothing to be told or asked. */
export const calm = { problem: null, reopened: null, isEmpty: false, asksToDiscard: false } as const;

/** The tool when it comes on. @param why what is told of the model that had to be opened again, or `calm` */
export function openMarking(held: Held, { problem, reopened }: Pick<OpenMarking, 'problem' | 'reopened'>): OpenMarking {
  return { kind: 'open', phase: 'asking', ...held, dragged: null, ...calm, problem, reopened };
}
