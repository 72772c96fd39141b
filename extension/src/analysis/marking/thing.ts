import type { Vec3 } from '@overread/core/geometry';
import type { Prompt, PromptMask } from '@overread/core/pipeline';

/** What a person set in the images. Places are voxel indices of the series, fractional. */
export type MarkPlace =
  | { readonly kind: 'point'; readonly at: Vec3; readonly inside: boolean }
  | { readonly kind: 'box'; readonly from: Vec3; readonly to: Vec3 };

export interface Mark {
  readonly id: number;
  readonly place: MarkPlace;
  /** As the model numbers its slices; null until it has looked. */
  readonly slice: number | null;
}

/** One thing that is being marked, or was: on one slice or on several. */
export interface Thing {
  readonly id: number;
  /** In the order in which they were set. */
  readonly marks: readonly Mark[];
  /** What the model answered, one mask per slice. */
  readonly masks: readonly SliceMask[];
}

interface SliceMask {
  readonly slice: number;
  readonly mask: PromptMask;
}

let lastId = 0;

/** Of a mark or a thing, unlike any other of this page. */
function newId(): number {
  return ++lastId;
}

export function newMark(place: MarkPlace): Mark {
  return { id: newId(), place, slice: null };
}

export function newThing(): Thing {
  return { id: newId(), marks: [], masks: [] };
}

/** A place on the slice that a mark is on. */
export function anchorOf({ place }: Mark): Vec3 {
  return place.kind === 'point' ? place.at : place.from;
}

export function withMark(thing: Thing, mark: Mark): Thing {
  return { ...thing, marks: [...thing.marks, mark] };
}

export function withoutMark(thing: Thing, id: number): Thing {
  return { ...thing, marks: thing.marks.filter((mark) => mark.id !== id) };
}

export function withSlice(thing: Thing, id: number, slice: number): Thing {
  return { ...thing, marks: thing.marks.map((mark) => (mark.id === id ? { ...mark, slice } : mark)) };
}

/** @param mask null where the model marks nothing on the slice */
export function withMask(thing: Thing, slice: number, mask: PromptMask | null): Thing {
  const others = thing.masks.filter((one) => one.slice !== slice);
  return { ...thing, masks: mask === null ? others : [...others, { slice, mask }] };
}

/** Slices that have marks or a mask, each once. */
export function slicesOf({ marks, masks }: Thing): readonly number[] {
  return [...new Set([...marks, ...masks].map(({ slice }) => slice))].filter((slice) => slice !== null);
}

export function masksOf({ masks }: Thing): readonly PromptMask[] {
  return masks.map(({ mask }) => mask);
}

/**
 * All marks of a slice as one prompt, or null where it has none. Of several boxes the last one counts: a prompt has one. The answer follows
 * from the marks alone and not from earlier answers, so that taking back a mark brings back what was there before it.
 */
export function promptOf({ marks }: Thing, slice: number): Prompt | null {
  const places = marks.filter((mark) => mark.slice === slice).map(({ place }) => place);
  if (places.length === 0) return null;
  const box = places.findLast((place) => place.kind === 'box');
  return {
    points: places.filter((place) => place.kind === 'point').map(({ at, inside }) => ({ at, inside })),
    box: box === undefined ? null : [box.from, box.to],
    refine: false,
  };
}
