import { edgeBoxVolume, intersectionOverUnion, sharedVolume, type EdgeBox } from './edge-box.ts';

/** A box that the graph reported, on the prepared grid. */
export interface Detection {
  readonly box: EdgeBox;
  readonly score: number;
  /** Place in the manifest's list of classes. */
  readonly classIndex: number;
  /** It ends where its window ends and the volume goes on: likely a part of something larger. */
  readonly cut: boolean;
  /** Of boxes joined across slices, the largest one: what a reader would measure. Absent: `box`. */
  readonly widest?: EdgeBox;
}

/** A cut box is the same thing as one that holds this share of it: overlap over union says nothing where a part is missing. */
const sharedByParts = 0.5;

/**
 * Greedy non-maximum suppression, class by class: of boxes that overlap by more than `maxOverlap` (intersection over union) the one with the best
 * score stands. Boxes cut by a window's edge come after all whole ones and also yield to one that holds half of them. Of equal scores the
 * first one stands.
 * @returns the best `limit`, best score first
 */
export function suppress(detections: readonly Detection[], maxOverlap: number, limit: number): readonly Detection[] {
  const order = detections.map((_, n) => n).sort((a, b) => compare(detections[a]!, detections[b]!) || a - b);
  const kept = new Map<number, { readonly all: Detection[]; whole: number }>();
  for (const n of order) {
    const detection = detections[n]!;
    const { classIndex, cut } = detection;
    const same = kept.get(classIndex) ?? { all: [], whole: 0 };
    kept.set(classIndex, same);
    // More than `limit` of a kind are never answered; whole ones do not keep the cut ones out.
    const before = cut ? same.all.length - same.whole : same.whole;
    if (before >= limit || same.all.some((other) => isSame(detection, other, maxOverlap))) continue;
    same.all.push(detection);
    if (!cut) same.whole++;
  }
  const all = [...kept.values()].flatMap((same) => same.all);
  return all.sort((a, b) => b.score - a.score).slice(0, limit);
}

function compare(a: Detection, b: Detection): number {
  return Number(a.cut) - Number(b.cut) || b.score - a.score;
}

function isSame(detection: Detection, better: Detection, maxOverlap: number): boolean {
  if (intersectionOverUnion(detection.box, better.box) > maxOverlap) return true;
  return detection.cut && sharedVolume(detection.box, better.box) > sharedByParts * edgeBoxVolume(detection.box);
}
