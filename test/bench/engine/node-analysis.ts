import type { LoadedModel } from '@overread/core/model';
import { analyse, inputShapes, SessionKeeper } from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';
import * as ort from 'onnxruntime-node';
import { defaultThreads, nodeRuntime } from '../../../inference-server/src/inference/node-runtime.ts';
import { medianOf, type Measure } from '../report.ts';
import { bareRuns, timed } from './bare-runs.ts';
import { recordingRuntime } from './recording-runtime.ts';
import { chest, head, meshNetModel, uNetModel } from './workloads.ts';

const place = { location: 'server', runtime: 'node-cpu', threads: defaultThreads, device: null, skipped: [] } as const;

/** Whole analyses in Node, each beside bare calls of onnxruntime-node on the very tiles that the analysis fed it. */
export async function nodeAnalysis(repeats: number): Promise<readonly Measure[]> {
  return [
    ...(await besideBare('node: MeshNet 256^3', meshNetModel(), head(), repeats)),
    ...(await besideBare('node: U-Net 96^3 tiles, 512x512x143', uNetModel(), chest(), repeats)),
  ];
}

async function besideBare(
  id: string,
  model: LoadedModel,
  volume: Volume,
  repeats: number,
): Promise<readonly Measure[]> {
  const runtime = nodeRuntime(defaultThreads);
  const recording = recordingRuntime(runtime);
  const cold = await timed(() => analyse({ volume, model, place }, recording.runtime));
  // As the server runs it: the session is kept from one run to the next.
  const sessions = new SessionKeeper();
  const keeping = sessions.keeping(runtime);
  await (await keeping.createSession(model.graph, inputShapes(model.manifest.input))).release();
  const session = await ort.InferenceSession.create(model.graph, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: defaultThreads,
    logSeverityLevel: 3,
  });
  const analysis: number[] = [];
  const bare: number[] = [];
  // Turn by turn, so that whatever else the machine does falls on both.
  for (let n = 0; n < repeats; n++) {
    bare.push(await bareRuns(ort, session, recording.fed));
    analysis.push(await timed(() => analyse({ volume, model, place }, keeping)));
  }
  await session.release();
  await sessions.release();
  const ratios = analysis.map((value, n) => value / bare[n]!);
  return [
    { id: `${id}: tiles`, value: recording.fed.length, unit: '', aim: null },
    { id: `${id}: analysis, session made for it`, value: cold, unit: 'ms', aim: null },
    medianOf(`${id}: analysis, session kept`, analysis, 'ms'),
    medianOf(`${id}: bare runs`, bare, 'ms'),
    medianOf(`${id}: analysis / bare runs`, ratios, 'x', { op: '<=', value: 1.1 }),
  ];
}
