import {
  boxSize,
  cropGrid,
  indexToWorld,
  mapAxes,
  uniteBoxes,
  type Grid,
  type IndexBox,
  type Vec3,
} from '@overread/core/geometry';
import type { PromptMask } from '@overread/core/pipeline';
import type { HostOverlays } from '../host/types.ts';

interface ShownThing {
  readonly marks: readonly { readonly id: number; readonly place: ShownPlace }[];
  readonly masks: readonly { readonly mask: PromptMask }[];
}

type ShownPlace =
  | { readonly kind: 'point'; readonly at: Vec3; readonly inside: boolean }
  | { readonly kind: 'box'; readonly from: Vec3; readonly to: Vec3 };

/** Things that are being marked. */
export interface ShownMarking {
  readonly seriesInstanceUID: string;
  readonly grid: Grid;
  /** RGB 0–255, of what is kept. */
  readonly colour: Vec3;
  readonly kept: readonly ShownThing[];
  /** The one at hand: it stands out, and its marks are drawn. */
  readonly thing: ShownThing;
  /** Corners of the rectangle that is being drawn, or null. */
  readonly dragged: readonly [Vec3, Vec3] | null;
}

interface MarkingPresenter {
  /** Brings the viewports to what is asked for; null clears it. Only what changed is drawn again. */
  show(next: ShownMarking | null): void;
}

const ids = { mask: 'overread:marking:mask', boxes: 'overread:marking:boxes', points: 'overread:marking:points' };
/** Unlike a finding's and other software's colours. */
const atHand: Vec3 = [64, 220, 255];
/** Light enough for the anatomy below to be judged; the edge says where it ends. */
const opacity = 0.7;

/** @param onError A layer could not be drawn; the others stay. */
export function createMarkingPresenter(overlays: HostOverlays, onError: (error: unknown) => void): MarkingPresenter {
  let shown: ShownMarking | null = null;

  const drawMask = ({ seriesInstanceUID, grid, colour, kept, thing }: ShownMarking) => {
    const things = [...kept, thing].map(({ masks }) => masks.map(({ mask }) => mask));
    const painted = paint(things, grid);
    if (painted === null) {
      overlays.remove(ids.mask);
      return;
    }
    const segments = things.map((_, n) => ({
      number: labelOf(n),
      label: '',
      colour: n === kept.length ? atHand : colour,
    }));
    overlays.showLabelMap({ id: ids.mask, label: '', seriesInstanceUID, ...painted, segments }).catch(onError);
    overlays.setOpacity(ids.mask, opacity);
  };

  const drawMarks = ({ seriesInstanceUID, grid, thing, dragged }: ShownMarking) => {
    const places = thing.marks.map(({ place }) => place);
    const boxes = [
      ...places.filter((place) => place.kind === 'box').map(({ from, to }) => [from, to] as const),
      ...(dragged === null ? [] : [dragged]),
    ].map(([from, to], n) => ({
      key: `marking-${n}`,
      text: '',
      ...flatBox(from, to, grid),
      grid,
      colour: atHand,
      selected: false,
    }));
    overlays.showBoxes({ id: ids.boxes, seriesInstanceUID, boxes });
    overlays.showPoints({
      id: ids.points,
      seriesInstanceUID,
      points: places.filter((place) => place.kind === 'point'),
    });
  };

  return {
    show(next) {
      const before = shown;
      shown = next;
      if (next === null) {
        if (before !== null) for (const id of Object.values(ids)) overlays.remove(id);
        return;
      }
      if (before?.kept !== next.kept || before.thing.masks !== next.thing.masks) drawMask(next);
      if (before?.thing.marks !== next.thing.marks || before.dragged !== next.dragged) drawMarks(next);
    },
  };
}

/** Of the nth thing. More things than labels share the last one: it is a drawing. */
function labelOf(n: number): number {
  return Math.min(255, n + 1);
}

/** Labels on the smallest part of the grid that holds all masks; null where there are none. */
function paint(
  things: readonly (readonly PromptMask[])[],
  grid: Grid,
): { readonly grid: Grid; readonly labels: Uint8Array } | null {
  const boxes = things.flat().map(({ box }) => box);
  const [first, ...rest] = boxes;
  if (first === undefined) return null;
  const all = rest.reduce<IndexBox>((sum, box) => uniteBoxes(sum, box), first);
  const [ni, nj, nk] = boxSize(all);
  const labels = new Uint8Array(ni * nj * nk);
  for (const [n, masks] of things.entries()) {
    for (const { box, bits } of masks) {
      const [bi, bj, bk] = boxSize(box);
      for (let row = 0, from = 0; row < bj * bk; row++) {
        const j = (row % bj) + box.min[1] - all.min[1];
        const k = Math.floor(row / bj) + box.min[2] - all.min[2];
        const to = box.min[0] - all.min[0] + ni * (j + nj * k);
        for (let i = 0; i < bi; i++, from++) if (bits[from] === 1) labels[to + i] = labelOf(n);
      }
    }
  }
  return { grid: cropGrid(grid, all), labels };
}

/** A rectangle of voxel indices as a box one voxel thick along the axis that it is thinnest along; opposite corners in LPS mm. */
function flatBox(from: Vec3, to: Vec3, grid: Grid): { readonly min: Vec3; readonly max: Vec3 } {
  const extent = mapAxes((axis) => Math.abs(to[axis] - from[axis]));
  const thinnest = extent.indexOf(Math.min(...extent));
  const corner = (pick: (a: number, b: number) => number, sign: 1 | -1): Vec3 =>
    mapAxes((axis) => pick(from[axis], to[axis]) + (axis === thinnest ? 0.5 * sign : 0));
  return { min: indexToWorld(grid, corner(Math.min, -1)), max: indexToWorld(grid, corner(Math.max, 1)) };
}
