import * as ort from 'onnxruntime-web/webgpu';
import { loadModel } from '@overread/core/model';
import { analyse, inputShapes, SessionKeeper } from '@overread/core/pipeline';
import { configureOrt, ortRuntime } from '../../../inference-worker/src/place/ort-runtime.ts';
import { servedVolume } from '../../support/worker-page/served-volume.ts';
import { bareRuns, timed } from './bare-runs.ts';
import { recordingRuntime } from './recording-runtime.ts';

// A worker that runs an analysis and, beside it, bare calls of onnxruntime-web on the very tiles that the analysis fed it.

export interface BareWish {
  readonly modelUrl: string;
  readonly volumeUrl: string;
  readonly runtimeUrl: string;
  readonly threads: number;
  readonly repeats: number;
}

export interface BareAnswer {
  readonly tiles: number;
  readonly sessionCreation: number;
  readonly firstRun: number;
  /** With the session made for it, ms. */
  readonly cold: number;
  /** With the session kept, ms, one per repetition. */
  readonly analysis: readonly number[];
  readonly bare: readonly number[];
}

async function answer({ modelUrl, volumeUrl, runtimeUrl, threads, repeats }: BareWish): Promise<BareAnswer> {
  configureOrt(runtimeUrl, threads);
  const folder = new URL('.', modelUrl);
  const model = await loadModel(async (path) => {
    const response = await fetch(new URL(path, folder));
    return new Uint8Array(await response.arrayBuffer());
  });
  const volume = await servedVolume(volumeUrl);
  const place = { location: 'browser', runtime: 'wasm', threads, device: null, skipped: [] } as const;
  const runtime = ortRuntime({ kind: 'wasm', threads, device: null });
  const recording = recordingRuntime(runtime);
  const cold = await timed(() => analyse({ volume, model, place }, recording.runtime));
  const { fed } = recording;

  const creating = performance.now();
  const session = await ort.InferenceSession.create(model.graph, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  const sessionCreation = performance.now() - creating;
  const firstRun = await bareRuns(ort, session, fed.slice(0, 1));
  // As the product's worker runs it: the session is kept from one run to the next.
  const sessions = new SessionKeeper();
  const keeping = sessions.keeping(runtime);
  await (await keeping.createSession(model.graph, inputShapes(model.manifest.input))).release();
  const bare: number[] = [];
  const analysis: number[] = [];
  for (let n = 0; n < repeats; n++) {
    bare.push(await bareRuns(ort, session, fed));
    analysis.push(await timed(() => analyse({ volume, model, place }, keeping)));
  }
  await session.release();
  return { tiles: fed.length, sessionCreation, firstRun, cold, bare, analysis };
}

self.addEventListener('message', ({ data }: MessageEvent<BareWish>) => {
  answer(data).then(
    (result) => self.postMessage({ ok: true, result }),
    (error: unknown) => self.postMessage({ ok: false, message: String(error) }),
  );
});
