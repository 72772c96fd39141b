import { inferValues } from '../inference/infer.ts';
import { memoryNeed } from '../inference/memory.ts';
import type { ModelProto } from '../onnx/types.ts';
import { withSlabLabels } from '../passes/slab-labels.ts';
import { equalWindows, type AxisWindows } from './equal-windows.ts';
import { reachOf, type Reach } from './reach.ts';

type Extents = readonly [number, number, number];

export interface DivideRequest {
  /** Name of the input; `channels` and `size` [D, H, W] are its shape when everything is run at once. */
  readonly input: string;
  readonly channels: number;
  readonly size: Extents;
  /** Outputs that stand voxel for voxel on the input. */
  readonly outputs: readonly string[];
  /** That of them whose largest channel is the label, if any: it is chosen slab by slab where the graph allows. */
  readonly labels: string | null;
  /** Most bytes that weights and values of one run may take together. */
  readonly memory: number;
}

/** A run of everything, taken apart. */
export interface Division {
  readonly model: ModelProto;
  /** Whether the output `labels` holds labels (see `withSlabLabels`). */
  readonly choosesLabels: boolean;
  /** Along D, H, W. */
  readonly axes: readonly [AxisWindows, AxisWindows, AxisWindows];
}

/** Pieces per axis that are tried. */
const mostPieces = 8;
/** Windowings times values of the graph that are looked at: real networks stay below, and thousands of nodes have fewer tries. */
const mostLooks = 2 ** 18;
/** Logits of one slab take this many bytes at most, where a slab is no thinner than a slice… */
const slabBytes = 64 * 2 ** 20;
/** … and there are so many slabs at least. */
const leastSlabs = 8;

/**
 * Takes a run of a whole volume apart where it needs too much memory: labels of many classes chosen slab by slab, and windows that overlap by
 * the graph's receptive field. The answers are the same as those of one run.
 * @returns null where everything can be run at once; the reason where it cannot be taken apart
 */
export function divide(model: ModelProto, request: DivideRequest): Division | { readonly because: string } | null {
  const { input, channels, size, outputs, memory } = request;
  const fits = (candidate: ModelProto, extents: Extents): boolean => {
    const { weights, values } = memoryNeed(candidate, { [input]: [1, channels, ...extents] });
    return weights + values <= memory;
  };
  if (fits(model, size)) return null;
  const choosing = labelChooser(model, request);
  const undivided = size.map((extent): AxisWindows => ({ size: extent, starts: [0], before: 0, after: 0 }));
  const reach = reachOf(model, input, outputs, { [input]: [1, channels, ...size] });
  const candidates = 'because' in reach ? [] : thinned(windowings(size, reach), mostLooks / sizeOf(model));
  for (const axes of [undivided, ...candidates] as readonly Division['axes'][]) {
    const extents: Extents = [axes[0].size, axes[1].size, axes[2].size];
    const chosen = choosing(extents);
    const divided = chosen ?? model;
    if (fits(divided, extents)) return { model: divided, choosesLabels: chosen !== null, axes };
  }
  return 'because' in reach ? reach : { because: 'even the smallest windows round its receptive field need more' };
}

/** The model that chooses labels itself in windows of a size; null where it cannot. */
function labelChooser(model: ModelProto, { input, channels, size, labels }: DivideRequest) {
  const shape = { [input]: [1, channels, ...size] };
  // Whether it can does not hang on the size.
  if (
    model.graph === undefined ||
    labels === null ||
    withSlabLabels(model, { output: labels, depth: 1, slabs: 1 }) === null
  )
    return () => null;
  const classes = inferValues(model.graph, shape).get(labels)?.shape?.[1] ?? 1;
  return ([depth, height, width]: Extents): ModelProto | null => {
    const roomFor = Math.floor(slabBytes / (4 * classes * height * width));
    const thickness = Math.max(1, Math.min(roomFor, Math.ceil(depth / leastSlabs)));
    return withSlabLabels(model, { output: labels, depth, slabs: Math.ceil(depth / thickness) });
  };
}

/** Ways to cut an axis in pieces each, those that compute the least first. */
function windowings(size: Extents, reach: Reach): readonly Division['axes'][] {
  if (size.some((extent, axis) => extent % (reach.alignment[axis] ?? 1) !== 0)) return [];
  const ways = size.map((extent, axis) =>
    Array.from({ length: mostPieces }, (_, n) => equalWindows(extent, n + 1, reach, axis)).filter(
      (way) => way !== null,
    ),
  ) as [AxisWindows[], AxisWindows[], AxisWindows[]];
  const cost = (axes: Division['axes']): number =>
    axes.reduce((product, { size: extent, starts }) => product * extent * starts.length, 1);
  const all = ways[0].flatMap((d) => ways[1].flatMap((h) => ways[2].map((w) => [d, h, w] as const)));
  return all.toSorted((a, b) => cost(a) - cost(b));
}

/** Evenly chosen where there are more than that many; the last, with the most pieces, is always among them. */
function thinned<T>(list: readonly T[], most: number): readonly T[] {
  const count = Math.max(1, Math.floor(most));
  if (list.length <= count) return list;
  return Array.from({ length: count }, (_, at) => list[Math.ceil(((at + 1) * list.length) / count) - 1]!);
}

/** Inputs, nodes and the names that these read and make. */
function sizeOf({ graph }: ModelProto): number {
  const inputs = 1 + (graph?.input.length ?? 0);
  return (graph?.node ?? []).reduce((sum, { input, output }) => sum + 1 + input.length + output.length, inputs);
}
