import type { ComputePlace } from '@overread/core/analysis';
import { isOverreadError, OverreadError, reasonOf } from '@overread/core/errors';
import type { LoadedModel } from '@overread/core/model';
import {
  withLargestWindows,
  type FittingModel,
  type InferenceRuntime,
  type ProgressListener,
  type SessionKeeper,
} from '@overread/core/pipeline';
import type { PlaceOptions } from '@overread/core/protocol';
import { scope } from '../scope.ts';
import { makeReady } from './make-ready.ts';
import { ortRuntime, wasmLimits } from './ort-runtime.ts';
import { chooseThreads, type ThreadChoice } from './threads.ts';
import { requestAdapter } from './webgpu.ts';

/** A place where the model passed its self-test and stands ready, and the windows that fit there. */
export interface ChosenPlace extends FittingModel {
  readonly ok: true;
  readonly runtime: InferenceRuntime;
  readonly place: ComputePlace;
}

/** No place yet, but a fresh worker with these options may find one. */
export interface RestartNeeded {
  readonly ok: false;
  readonly places: PlaceOptions;
}

/** What a search for a place needs besides the model. */
export interface Search {
  readonly options: PlaceOptions;
  readonly sessions: SessionKeeper;
  readonly onProgress: ProgressListener;
}

type Skipped = ComputePlace['skipped'][number];

/** What no other place and no fresh worker would change. */
const final: readonly string[] = [
  'model.graph-unusable',
  'model.graph-mismatch',
  'graph.over-limit',
  'graph.external-data',
  'run.cancelled',
];

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
 * @throws OverreadError `model.graph-mismatch`, `graph.over-limit`, `graph.external-data`, `model.graph-unusable` where not even WebAssembly takes the graph, `runtime.out-of-memory` where
 *   one thread is too much already, `runtime.unavailable` else
 */
export async function choosePlace(model: LoadedModel, search: Search): Promise<ChosenPlace | RestartNeeded> {
  const { options } = search;
  const skipped: Skipped[] = [...options.skipped];
  const gpu = await tryWebGpu(model, search, skipped);
  if (gpu !== null) return gpu;

  const { threads, reason } = threadsFor(options);
  if (reason !== null && !skipped.some((entry) => entry.reason === reason)) skipped.push({ runtime: 'wasm', reason });
  const runtime = ortRuntime({ kind: 'wasm', threads, device: null, limits: wasmLimits });
  try {
    return await readyAt(runtime, model, search, skipped);
  } catch (error) {
    if (isOverreadError(error) && final.includes(error.code)) throw error;
    const why = reasonOf(error);
    const isShortOfMemory = isOverreadError(error) && error.code === 'runtime.out-of-memory';
    // One thread is another build of nothing, but needs neither shared memory nor workers of its own.
    if (threads > 1) return restart(options, [...skipped, { runtime: 'wasm', reason: `${threads} threads: ${why}` }]);
    throw new OverreadError(isShortOfMemory ? error.code : 'runtime.unavailable', {
      why: [...skipped, { runtime: 'wasm', reason: why }]
        .map((entry) => `${entry.runtime}: ${entry.reason}`)
        .join('; '),
      cause: error,
    });
  }
}

async function tryWebGpu(model: LoadedModel, search: Search, skipped: Skipped[]): Promise<ChosenPlace | null> {
  if (skipped.some((entry) => entry.runtime === 'webgpu')) return null;
  const answer = await requestAdapter(search.options.allowFallbackAdapter);
  if (!answer.ok) {
    skipped.push({ runtime: 'webgpu', reason: answer.reason });
    return null;
  }
  const { device, limits, float16 } = answer;
  try {
    return await readyAt(ortRuntime({ kind: 'webgpu', threads: 1, device, limits, float16 }), model, search, skipped);
  } catch (error) {
    skipped.push({ runtime: 'webgpu', reason: reasonOf(error) });
    return null;
  }
}

async function readyAt(
  plain: InferenceRuntime,
  model: LoadedModel,
  { options, sessions, onProgress }: Search,
  skipped: readonly Skipped[],
): Promise<ChosenPlace> {
  const { kind, threads, device } = plain;
  const runtime = sessions.keeping(plain);
  const fitting = await withLargestWindows({ model, runtime: kind, tooLarge: options.tooLarge }, (choice) =>
    makeReady(choice, plain, runtime, onProgress),
  );
  return { ok: true, ...fitting, runtime, place: { location: 'browser', runtime: kind, threads, device, skipped } };
}

function restart(options: PlaceOptions, skipped: readonly Skipped[]): RestartNeeded {
  return { ok: false, places: { ...options, maxThreads: 1, skipped } };
}
