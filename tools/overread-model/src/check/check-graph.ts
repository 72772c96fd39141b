import { decoderFaults, fitFaults, inspectModel, memoryNeed, readModel, type ModelProto } from '@overread/core/graph';
import { asOverreadError } from '@overread/core/errors';
import type { Manifest } from '@overread/core/model';
import { inputShapes } from '@overread/core/pipeline';
import { placeReports } from './place-report.ts';
import type { Fault, GraphSummary, PlaceReport } from './report.ts';
import { valueTexts } from './texts.ts';

export interface GraphFindings {
  readonly summary: GraphSummary | null;
  readonly places: readonly PlaceReport[];
  readonly faults: readonly Fault[];
}

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
  const reports = placeReports(model, inputShapes(manifest.input));
  const misfits = fitFaults(manifest, model).map((message) => ({ severity: 'error', part: 'graph', message }) as const);
  return {
    summary: summaryOf(model, bytes, manifest),
    places: reports,
    faults: [...misfits, ...reports.flatMap(placeFaults)],
  };
}

/** The same for the decoder of a promptable model, whose shapes are known only with each prompt. */
export function checkDecoder(
  prompts: NonNullable<Manifest['prompts']>,
  bytes: Uint8Array,
): Pick<GraphFindings, 'places' | 'faults'> {
  let model: ModelProto;
  try {
    model = readModel(bytes);
  } catch (error) {
    const message = `decoder: ${asOverreadError(error).message}`;
    return { places: [], faults: [{ severity: 'error', part: 'graph', message }] };
  }
  const places = placeReports(model, {});
  const misfits = decoderFaults(prompts, model).map(
    (message) => ({ severity: 'error', part: 'graph', message }) as const,
  );
  const failing = places
    .flatMap(placeFaults)
    .map(({ message, ...fault }) => ({ ...fault, message: `decoder: ${message}` }));
  return { places, faults: [...misfits, ...failing] };
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

/** Only the processor must run it: a graph that no GPU takes runs there. */
function placeFaults({ place, nodes, notes }: PlaceReport): readonly Fault[] {
  if (nodes.fails === 0) return [];
  const severity = place === 'wasm' || place === 'node-cpu' ? 'error' : 'warning';
  return [{ severity, part: 'places', message: `${place} would fail: ${notes.join('; ')}` }];
}
