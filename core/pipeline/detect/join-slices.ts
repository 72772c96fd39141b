import { mapAxes } from '../../geometry/index.ts';
import { edgeBoxVolume, intersectionOverUnion, type EdgeBox } from './edge-box.ts';
import { suppress, type Detection } from './suppress.ts';

export interface JoinSettings {
  /** Boxes of one class that overlap by more (intersection over union) are one: within a slice, and from one to the next. */
  readonly maxOverlap: number;
  /** Slices that may lack a box between two that belong together. */
  readonly maxGap: number;
  /** The best so many are answered. */
  readonly limit: number;
}

/** Boxes of one thing, slice after slice. */
interface Chain {
  readonly boxes: Detection[];
}

/**
 * Boxes of a 2-D detector as things in three dimensions: those of neighbouring slices that lie over each other are one, as large as all of
 * them together, with the best of their scores. Each box goes on from at most one of the slice before; the closest pairs find each other first.
 * @param detections of whole slices, each one slice thick
 * @returns best score first
 */
export function joinSlices(detections: readonly Detection[], settings: JoinSettings): readonly Detection[] {
  const { maxOverlap, maxGap, limit } = settings;
  const bySlice = new Map<number, Detection[]>();
  for (const detection of detections) {
    const slice = sliceOf(detection);
    const boxes = bySlice.get(slice);
    if (boxes === undefined) bySlice.set(slice, [detection]);
    else boxes.push(detection);
  }
  const chains: Chain[] = [];
  let open: readonly Chain[] = [];
  for (const [slice, all] of [...bySlice].sort(([a], [b]) => a - b)) {
    const boxes = suppress(all, maxOverlap, limit);
    open = open.filter((chain) => slice - sliceOf(chain.boxes.at(-1)!) <= maxGap + 1);
    const begun = goOn(open, boxes, maxOverlap);
    chains.push(...begun);
    open = [...open, ...begun];
  }
  return chains
    .map(joined)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
}

/** Adds each box to the chain that it goes on from. @returns the chains that begin with the others */
function goOn(open: readonly Chain[], boxes: readonly Detection[], maxOverlap: number): readonly Chain[] {
  const pairs = open
    .flatMap((chain) => {
      const last = chain.boxes.at(-1)!;
      return boxes
        .filter(({ classIndex }) => classIndex === last.classIndex)
        .map((box) => ({ chain, box, overlap: intersectionOverUnion(onSlice(last.box), onSlice(box.box)) }));
    })
    .filter(({ overlap }) => overlap > maxOverlap)
    .sort((a, b) => b.overlap - a.overlap);
  const taken = new Set<Chain | Detection>();
  for (const { chain, box } of pairs) {
    if (taken.has(chain) || taken.has(box)) continue;
    taken.add(chain).add(box);
    chain.boxes.push(box);
  }
  return boxes.filter((box) => !taken.has(box)).map((box) => ({ boxes: [box] }));
}

function joined({ boxes }: Chain): Detection {
  const [first, ...others] = boxes;
  const start = { ...first!, widest: first!.box };
  return others.reduce<Detection & { readonly widest: EdgeBox }>(
    (thing, { box, score, cut }) => ({
      box: {
        low: mapAxes((axis) => Math.min(thing.box.low[axis], box.low[axis])),
        high: mapAxes((axis) => Math.max(thing.box.high[axis], box.high[axis])),
      },
      classIndex: thing.classIndex,
      score: Math.max(thing.score, score),
      cut: thing.cut || cut,
      // All are equally thick.
      widest: edgeBoxVolume(box) > edgeBoxVolume(thing.widest) ? box : thing.widest,
    }),
    start,
  );
}

/** The box as if it lay on the slice 0: what is compared is its outline. */
function onSlice({ low, high }: EdgeBox): EdgeBox {
  return { low: [low[0], low[1], -0.5], high: [high[0], high[1], 0.5] };
}

/** k of the slice that the box lies on. */
function sliceOf({ box }: Detection): number {
  return Math.round((box.low[2] + box.high[2]) / 2);
}
