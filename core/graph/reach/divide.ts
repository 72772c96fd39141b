import { inferValues, type InputShapes } from '../inference/infer.ts';
import { memoryNeed } from '../inference/memory.ts';
import type { GraphProto, ModelProto } from '../onnx/types.ts';
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
  /** That of them whose largest channel is the label, or that is the label already, if any: it is chosen slab by slab where the graph allows. */
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
  const { input, channels, size, outputs, labels, memory } = request;
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
    const choosesLabels = !('because' in chosen);
    const divided = choosesLabels ? chosen : model;
    if (fits(divided, extents)) return { model: divided, choosesLabels, axes };
  }
  const uncut = 'because' in reach ? reach.because : 'even the smallest windows round its receptive field need more';
  const whole = choosing(size);
  return {
    because:
      labels !== null && 'because' in whole ? `${uncut}; nor are labels chosen in slabs: ${whole.because}` : uncut,
  };
}

/** The model that chooses labels itself in windows of a size, or why it cannot. */
function labelChooser(model: ModelProto, { input, channels, size, labels }: DivideRequest) {
  const shapesOf = (extents: Extents) => ({ [input]: [1, channels, ...extents] });
  const inSlabs = (extents: Extents, slabs: number): ReturnType<typeof withSlabLabels> =>
    labels === null
      ? { because: 'no label is asked for' }
      : withSlabLabels(model, { output: labels, depth: extents[0], slabs, inputShapes: shapesOf(extents) });
  // Whether it can hangs on the size only where that fits the graph badly.
  const possible = inSlabs(size, 1);
  if (model.graph === undefined || labels === null || 'because' in possible) return () => possible;
  const classes = classesOf(model.graph, labels, shapesOf(size));
  return (extents: Extents): ReturnType<typeof withSlabLabels> => {
    const [depth, height, width] = extents;
    const roomFor = Math.floor(slabBytes / (4 * classes * height * width));
    const thickness = Math.max(1, Math.min(roomFor, Math.ceil(depth / leastSlabs)));
    return inSlabs(extents, Math.ceil(depth / thickness));
  };
}

/** Channels of the logits that labels are chosen from. */
function classesOf(graph: GraphProto, labels: string, shapes: InputShapes): number {
  const values = inferValues(graph, shapes);
  const makers = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  let [value, channels] = [labels, 1];
  // As many steps back as there are nodes at most; a choice makes one channel of many.
  for (let steps = graph.node.length; steps > 0 && channels === 1; steps--) {
    channels = values.get(value)?.shape?.[1] ?? 1;
    value = makers.get(value)?.input[0] ?? '';
  }
  return channels;
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
