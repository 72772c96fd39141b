import type { ComputePlace } from '@overread/core/analysis';
import { isOverreadError, OverreadError, reasonOf } from '@overread/core/errors';
import type { LoadedModel } from '@overread/core/model';
import type { ProgressListener } from '@overread/core/pipeline';
import type { PlaceOptions } from '@overread/core/protocol';
import { scope } from '../scope.ts';
import { ortRuntime, wasmLimits } from './ort-runtime.ts';
import { ensureSelfTest } from './self-test.ts';
import { startAhead, type ReadyRuntime } from './start-ahead.ts';
import { chooseThreads, type ThreadChoice } from './threads.ts';
import { requestAdapter } from './webgpu.ts';

/** A place where the model passed its self-test. */
export interface ChosenPlace {
  readonly ok: true;
  readonly runtime: ReadyRuntime;
  readonly place: ComputePlace;
}

/** No place yet, but a fresh worker with these options may find one. */
export interface RestartNeeded {
  readonly ok: false;
  readonly places: PlaceOptions;
}

type Skipped = ComputePlace['skipped'][number];

/** Threads of this worker. Settled before ONNX Runtime starts, since it cannot be asked twice. */
export function threadsFor(options: PlaceOptions): ThreadChoice {
  return chooseThreads({
    crossOriginIsolated: scope.crossOriginIsolated,
    cores: navigator.hardwareConcurrency,
    maxThreads: options.maxThreads,
  });
}

/**
 * The fastest place where the model's self-test passes: WebGPU, then WebAssembly. Each place that is not used is named
 * with its reason.
 *
 * @throws OverreadError `model.graph-unusable` where not even WebAssembly takes the graph, `runtime.out-of-memory` where
 *   one thread is too much already, `runtime.unavailable` else
 */
export async function choosePlace(
  model: LoadedModel,
  options: PlaceOptions,
  onProgress: ProgressListener,
): Promise<ChosenPlace | RestartNeeded> {
  const skipped: Skipped[] = [...options.skipped];
  const gpu = await tryWebGpu(model, options, skipped, onProgress);
  if (gpu !== null) return gpu;

  const { threads, reason } = threadsFor(options);
  if (reason !== null && !skipped.some((entry) => entry.reason === reason)) skipped.push({ runtime: 'wasm', reason });
  const runtime = ortRuntime({ kind: 'wasm', threads, device: null, limits: wasmLimits });
  try {
    await ensureSelfTest(model, runtime, onProgress);
    return chosen(await startAhead(runtime, model), skipped);
  } catch (error) {
    if (isOverreadError(error) && ['model.graph-unusable', 'run.cancelled'].includes(error.code)) throw error;
    const why = reasonOf(error);
    // One thread is another build of nothing, but needs neither shared memory nor workers of its own.
    if (threads > 1) return restart(options, [...skipped, { runtime: 'wasm', reason: `${threads} threads: ${why}` }]);
    const isShortOfMemory = isOverreadError(error) && error.code === 'runtime.out-of-memory';
    throw new OverreadError(isShortOfMemory ? error.code : 'runtime.unavailable', {
      why: [...skipped, { runtime: 'wasm', reason: why }]
        .map((entry) => `${entry.runtime}: ${entry.reason}`)
        .join('; '),
      cause: error,
    });
  }
}

async function tryWebGpu(
  model: LoadedModel,
  options: PlaceOptions,
  skipped: Skipped[],
  onProgress: ProgressListener,
): Promise<ChosenPlace | null> {
  if (skipped.some((entry) => entry.runtime === 'webgpu')) return null;
  const answer = await requestAdapter(options.allowFallbackAdapter);
  if (!answer.ok) {
    skipped.push({ runtime: 'webgpu', reason: answer.reason });
    return null;
  }
  const { device, limits, float16 } = answer;
  const runtime = ortRuntime({ kind: 'webgpu', threads: 1, device, limits, float16 });
  try {
    await ensureSelfTest(model, runtime, onProgress);
    return chosen(await startAhead(runtime, model), skipped);
  } catch (error) {
    skipped.push({ runtime: 'webgpu', reason: reasonOf(error) });
    return null;
  }
}

function chosen(runtime: ReadyRuntime, skipped: readonly Skipped[]): ChosenPlace {
  const { kind, threads, device } = runtime;
  return { ok: true, runtime, place: { location: 'browser', runtime: kind, threads, device, skipped } };
}

function restart(options: PlaceOptions, skipped: readonly Skipped[]): RestartNeeded {
  return { ok: false, places: { ...options, maxThreads: 1, skipped } };
}
