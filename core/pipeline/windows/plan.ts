import type { Division, InputShapes } from '../../graph/index.ts';
import type { LoadedModel, Manifest } from '../../model/index.ts';
import { inputShapes } from '../prepare.ts';
import type { PreparedInput } from '../prepared.ts';
import type { Span } from './spans.ts';
import type { Window } from './window.ts';
import { crossed, windowsOf } from './windows-of.ts';

type Output = Manifest['outputs'][number];

/** What is run, and on what. */
export interface WindowPlan {
  /** The model's own, or one that answers the same in less memory. */
  readonly graph: Uint8Array;
  /** Of the graph's inputs, as far as they are the same at every run. */
  readonly shapes: InputShapes;
  readonly windows: readonly Window[];
  /** Outputs of the manifest that `graph` answers with labels [1, 1, D, H, W] in place of logits, and the value that says that those were no numbers. */
  readonly chosen: ReadonlyMap<string, number>;
  /** Why a run that needs much memory is not taken apart; null where it need not, or is. */
  readonly indivisible: string | null;
}

/**
 * The windows of a run. A whole volume that would need more than `memory` bytes at once runs in windows where that gives exactly the same
 * answer.
 * @throws OverreadError `pipeline.bad-patch`
 */
export async function planWindows(model: LoadedModel, prepared: PreparedInput, memory: number): Promise<WindowPlan> {
  const { graph, manifest } = model;
  const { input } = manifest;
  const windows = windowsOf(prepared.grid.dims, input);
  const [whole] = windows;
  const plain: WindowPlan = { graph, shapes: inputShapes(input), windows, chosen: new Map(), indivisible: null };
  if (whole === undefined || input.patch.mode !== 'whole' || input.layout.kind !== '3d') return plain;
  const division = await divided(model, prepared.channels, whole, memory);
  if (division === null) return plain;
  if ('because' in division) return { ...plain, indivisible: division.because };
  const [d, h, w] = division.axes;
  const spans = [w, h, d].map((axis, n) => spansOf(axis, whole.core.max[n as 0])) as [Span[], Span[], Span[]];
  return {
    graph: division.graph,
    shapes: { [input.name]: [1, prepared.channels, d.size, h.size, w.size] },
    windows: crossed(spans, 2),
    chosen: division.chosen,
    indivisible: null,
  };
}

type Divided = (Pick<Division, 'axes'> & Pick<WindowPlan, 'graph' | 'chosen'>) | { readonly because: string } | null;

/** What was found out for a graph: the same bytes again are the same session to whoever keeps one. */
const known = new WeakMap<Uint8Array, { readonly key: string; readonly division: Divided }>();

async function divided(
  { graph, manifest }: LoadedModel,
  channels: number,
  whole: Window,
  memory: number,
): Promise<Divided> {
  const { input, outputs } = manifest;
  if (!outputs.every(isPicture)) return null;
  const [ni, nj, nk] = whole.input.max;
  const labels = largestChoice(outputs);
  const request = {
    input: input.name,
    channels,
    size: [nk + 1, nj + 1, ni + 1],
    outputs: outputs.map(({ name }) => name),
    labels,
    memory,
  } as const;
  const key = JSON.stringify(request);
  const before = known.get(graph);
  if (before?.key === key) return before.division;

  const { divide, notFiniteLabel, readModel, writeModel } = await import('../../graph/index.ts');
  let division: Divided;
  try {
    const found = divide(readModel(graph), request);
    const chosen = new Map(labels === null ? [] : [[labels, notFiniteLabel]]);
    division =
      found === null || 'because' in found
        ? found
        : { axes: found.axes, graph: writeModel(found.model), chosen: found.choosesLabels ? chosen : new Map() };
  } catch {
    // The runtime may read it all the same; if not, it says what is wrong.
    division = null;
  }
  known.set(graph, { key, division });
  return division;
}

/** Of the outputs whose largest channel is the label, or that are labels already, the one with most of them: it takes most memory. */
function largestChoice(outputs: readonly Output[]): string | null {
  const choices = outputs.flatMap((output) =>
    output.kind === 'labelMap' || (output.kind === 'maskLogits' && output.activation === 'softmax') ? [output] : [],
  );
  return choices.toSorted((a, b) => b.labels.length - a.labels.length)[0]?.name ?? null;
}

function isPicture({ kind }: Output): boolean {
  return kind === 'maskLogits' || kind === 'labelMap' || kind === 'heatMap';
}

/** @param last voxel of the grid along the axis; windows that keep nothing of it are left out */
function spansOf({ size, starts, after }: Division['axes'][number], last: number): Span[] {
  const ends = starts.map((start, n) => (n === starts.length - 1 ? last : Math.min(last, start + size - after - 1)));
  return starts.flatMap((start, n): Span[] => {
    const first = n === 0 ? 0 : ends[n - 1]! + 1;
    return first > last ? [] : [{ input: [start, start + size - 1], core: [first, ends[n]!] }];
  });
}
