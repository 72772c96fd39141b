import type { LabelMap } from '@overread/core/analysis';
import { boxToWorld, type Grid, type Vec3 } from '@overread/core/geometry';
import type { OtherFinding } from '@overread/core/results';
import type { HostOverlays } from '../host/types.ts';

/** A result of other software that is switched on. */
export type ShownOther =
  | {
      readonly kind: 'mask';
      readonly uid: string;
      readonly seriesInstanceUID: string;
      readonly layers: readonly LabelMap[];
    }
  | {
      readonly kind: 'boxes';
      readonly uid: string;
      readonly seriesInstanceUID: string;
      readonly grid: Grid;
      readonly findings: readonly OtherFinding[];
    };

export interface OthersPresenter {
  /** Draws what is new, takes away what is gone. A result is the same while its UID and its content are. */
  show(next: readonly ShownOther[]): void;
}

/** Unlike any colour of our own findings: what is drawn in it is not ours to review. */
const colour: Vec3 = [140, 200, 255];
/** Lighter than our own masks. */
const opacity = 0.35;

export function createOthersPresenter(overlays: HostOverlays, onError: (error: unknown) => void): OthersPresenter {
  /** Overlays by what they draw. */
  const drawn = new Map<string, { readonly content: unknown; readonly ids: readonly string[] }>();
  const contentOf = (one: ShownOther) => (one.kind === 'mask' ? one.layers : one.findings);

  const draw = (one: ShownOther): readonly string[] => {
    const { uid, seriesInstanceUID } = one;
    if (one.kind === 'boxes') {
      const id = `overread:other:${uid}`;
      overlays.showBoxes({ id, seriesInstanceUID, boxes: boxesOf(one.findings, one.grid) });
      return [id];
    }
    return one.layers.map(({ grid, labels, segments }, n) => {
      const id = `overread:other:${uid}:${n}`;
      overlays.showLabelMap({ id, label: uid, seriesInstanceUID, grid, labels, segments }).catch(onError);
      overlays.setOpacity(id, opacity);
      return id;
    });
  };

  return {
    show(next) {
      const wanted = new Map(next.map((one) => [`${one.uid} ${one.seriesInstanceUID}`, one]));
      for (const [key, { content, ids }] of drawn) {
        const still = wanted.get(key);
        if (still !== undefined && contentOf(still) === content) continue;
        for (const id of ids) overlays.remove(id);
        drawn.delete(key);
      }
      for (const [key, one] of wanted) {
        if (!drawn.has(key)) drawn.set(key, { content: contentOf(one), ids: draw(one) });
      }
    },
  };
}

function boxesOf(findings: readonly OtherFinding[], grid: Grid) {
  return findings.flatMap(({ region, label }, index) =>
    region === null
      ? []
      : [{ key: `other-${index}`, text: label, ...boxToWorld(grid, region.box), grid, colour, selected: false }],
  );
}
