import {
  decoderFaults,
  fitFaults,
  inspectModel,
  memoryNeed,
  placements,
  readModel,
  rewriteForTarget,
  type ModelProto,
  type ModelValue,
  type Placement,
} from '@overread/core/graph';
import { asOverreadError } from '@overread/core/errors';
import type { Manifest } from '@overread/core/model';
import { inputShapes } from '@overread/core/pipeline';
import type { Fault, GraphSummary, Place, PlaceReport } from './report.ts';

export interface GraphFindings {
  readonly summary: GraphSummary | null;
  readonly places: readonly PlaceReport[];
  readonly faults: readonly Fault[];
}

const places: readonly Place[] = ['webgpu', 'node-gpu', 'wasm', 'node-cpu'];

/** What the graph's file says: whether it can be read, fits the manifest, and what would run where. */
export function checkGraph(manifest: Manifest, bytes: Uint8Array): GraphFindings {
  let model: ModelProto;
  try {
    model = readModel(bytes);
  } catch (error) {
    return {
      summary: null,
      places: [],
      faults: [{ severity: 'error', part: 'graph', message: asOverreadError(error).message }],
    };
  }
  const reports = places.map((place) => placeReport(model, place, manifest));
  const misfits = fitFaults(manifest, model).map((message) => ({ severity: 'error', part: 'graph', message }) as const);
  return {
    summary: summaryOf(model, bytes, manifest),
    places: reports,
    faults: [...misfits, ...reports.flatMap(placeFaults)],
  };
}

/** The same for the decoder of a promptable model. */
export function checkDecoder(prompts: NonNullable<Manifest['prompts']>, bytes: Uint8Array): readonly Fault[] {
  try {
    return decoderFaults(prompts, readModel(bytes)).map((message) => ({ severity: 'error', part: 'graph', message }));
  } catch (error) {
    return [{ severity: 'error', part: 'graph', message: `decoder: ${asOverreadError(error).message}` }];
  }
}

function summaryOf(model: ModelProto, { byteLength }: Uint8Array, manifest: Manifest): GraphSummary {
  const { producer, opsets, nodes, constants, inputs, outputs } = inspectModel(model);
  return {
    producer,
    opsets,
    nodes,
    weights: constants.values,
    bytes: byteLength,
    memory: memoryOf(model, manifest),
    inputs: valueTexts(inputs),
    outputs: valueTexts(outputs),
  };
}

/** Of the window that the manifest says, else of the self-test's. */
function memoryOf(model: ModelProto, { input, selfTest }: Manifest): number {
  const shape = inputShapes(input)[input.name] ?? [];
  const filled = shape.map((extent, at) => extent ?? selfTest.shape[at] ?? null);
  const { weights, values } = memoryNeed(model, { [input.name]: filled });
  return weights + values;
}

/** Inputs or outputs of a graph that are listed; real ones have a few, with names of a few words. */
const mostValues = 20;
const mostAxes = 8;
const mostLetters = 100;

/** `name type [shape]`, one for each input or output. */
export function valueTexts(values: readonly ModelValue[]): readonly string[] {
  const others = values.length - mostValues;
  return [...values.slice(0, mostValues).map(valueText), ...(others > 0 ? [`and ${others} more`] : [])];
}

function valueText({ name, type, shape }: ModelValue): string {
  const cut = (text: string) => (text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text);
  const extents = shape
    ?.slice(0, mostAxes)
    .map((extent) => (typeof extent === 'string' ? cut(extent) : (extent ?? '?')));
  const text = extents === undefined ? 'any shape' : `[${extents.join(', ')}${shape!.length > mostAxes ? ', …' : ''}]`;
  return `${cut(name)} ${type ?? 'unknown type'} ${text}`;
}

function placeReport(model: ModelProto, place: Place, { input }: Manifest): PlaceReport {
  const shapes = inputShapes(input);
  const { model: rewritten, applied, skipped } = rewriteForTarget(model, place, { inputShapes: shapes });
  const placed = placements(rewritten, place, shapes);
  const count = (where: 'gpu' | 'cpu' | 'fails') => placed.filter((node) => node.where === where).length;
  const unhelped = skipped.map(({ pass, node, because }) => `${pass} cannot rewrite ${node}: ${because}`);
  return {
    place,
    nodes: { gpu: count('gpu'), cpu: count('cpu'), fails: count('fails') },
    rewritten: applied,
    notes: [...elsewhere(placed), ...unhelped],
  };
}

const whereText = { gpu: 'on the GPU', cpu: 'on the processor', fails: 'fails' } as const;

/** Kinds of operators that one line names. */
const mostKinds = 12;

/** One line for all nodes that are elsewhere for one reason: `36 Squeeze, 12 Sub on the processor: why`. */
function elsewhere(placed: readonly Placement[]): readonly string[] {
  const reasons = new Map<string, Map<string, number>>();
  for (const { opType, where, because } of placed) {
    if (because === null) continue;
    const reason = `${whereText[where]}: ${because}`;
    const kinds = reasons.get(reason) ?? new Map<string, number>();
    reasons.set(reason, kinds.set(opType, (kinds.get(opType) ?? 0) + 1));
  }
  return [...reasons].map(([reason, kinds]) => {
    const most = [...kinds].sort(([, a], [, b]) => b - a);
    const shown = most.slice(0, mostKinds).map(([opType, count]) => (count === 1 ? opType : `${count} ${opType}`));
    const others = most.length - shown.length;
    return `${shown.join(', ')}${others === 0 ? '' : ` and ${others} more kinds`} ${reason}`;
  });
}

/** Only the processor must run it: a graph that no GPU takes runs there. */
function placeFaults({ place, nodes, notes }: PlaceReport): readonly Fault[] {
  if (nodes.fails === 0) return [];
  const severity = place === 'wasm' || place === 'node-cpu' ? 'error' : 'warning';
  return [{ severity, part: 'places', message: `${place} would fail: ${notes.join('; ')}` }];
}
