import type { ComputePlace } from '@overread/core/analysis';
import { reasonOf } from '@overread/core/errors';
import type { LoadedModel } from '@overread/core/model';
import {
  fittingRuntime,
  hasSmallerWindows,
  inputShapes,
  labelledNames,
  rewritingVersion,
  runSelfTest,
  windowOf,
  withLargestWindows,
  type FittingModel,
  type InferenceRuntime,
  type ProgressListener,
  type RuledOut,
  type SessionKeeper,
} from '@overread/core/pipeline';
import type { Attempt } from '../child/messages.ts';
import { findGpu, type GpuChoice } from './gpu-device.ts';
import { gpuRuntime } from './gpu-runtime.ts';
import { nodeRuntime } from './node-runtime.ts';

/** A place where the model passed its self-test and stands ready, and the windows that fit there. */
export interface ChosenPlace extends FittingModel {
  readonly runtime: InferenceRuntime;
  readonly place: ComputePlace;
}

export interface Search {
  readonly model: LoadedModel;
  readonly threads: number;
  readonly gpu: GpuChoice;
  readonly ruledOut: RuledOut;
  readonly sessions: SessionKeeper;
  readonly passedSelfTests: readonly string[];
  readonly events: {
    readonly onProgress: ProgressListener;
    readonly onSelfTestPassed: (test: string) => void;
    readonly onAttempt: (attempt: Attempt) => void;
  };
}

/**
 * The GPU where there is one and the model's self-test passes on it, else the processor; why not the GPU is said.
 * @throws OverreadError what the processor's self-test or session throws
 */
export async function choosePlace(search: Search): Promise<ChosenPlace> {
  const { ruledOut, gpu, threads } = search;
  const skipped = [...ruledOut.skipped];
  if (!skipped.some(({ runtime }) => runtime === 'node-gpu')) {
    const answer = findGpu(gpu);
    if (!answer.ok) skipped.push({ runtime: 'node-gpu', reason: answer.reason });
    else {
      try {
        return await readyAt(gpuRuntime(answer.device), search, skipped);
      } catch (error) {
        skipped.push({ runtime: 'node-gpu', reason: reasonOf(error) });
      }
    }
  }
  return readyAt(nodeRuntime(threads), search, skipped);
}

async function readyAt(
  runtime: InferenceRuntime,
  { model, ruledOut, sessions, passedSelfTests, events }: Search,
  skipped: ComputePlace['skipped'],
): Promise<ChosenPlace> {
  const plain = fittingRuntime(runtime);
  const keeping = sessions.keeping(plain);
  const { kind, threads, device } = plain;
  const where = { model, runtime: kind, tooLarge: ruledOut.tooLarge };
  const fitting = await withLargestWindows(where, async (choice) => {
    const window = windowOf(choice);
    events.onAttempt({ runtime: kind, window, smaller: hasSmallerWindows(model, window) });
    await ensureSelfTest(choice, plain, passedSelfTests, events);
    const session = await keeping.createSession(
      choice.graph,
      inputShapes(choice.manifest.input),
      labelledNames(choice.manifest),
    );
    await session.release();
  });
  return { ...fitting, runtime: keeping, place: { location: 'server', runtime: kind, threads, device, skipped } };
}

async function ensureSelfTest(
  model: LoadedModel,
  runtime: InferenceRuntime,
  passed: Search['passedSelfTests'],
  { onProgress, onSelfTestPassed }: Search['events'],
): Promise<void> {
  const test = [model.digest, runtime.kind, rewritingVersion].join(' | ');
  if (passed.includes(test)) return;
  onProgress({ stage: 'self-test', done: 0, total: 1, unit: 'steps', remainingMilliseconds: null });
  await runSelfTest(model, runtime);
  onSelfTestPassed(test);
}
