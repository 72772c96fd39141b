import { asOverreadError } from '@overread/core/errors';
import type { Manifest } from '@overread/core/model';
import { selfTestDifference, type InferenceRuntime } from '@overread/core/pipeline';
import { onNode, onWebAssembly } from '../runtimes.ts';
import type { Fault, RunReport } from './report.ts';

interface Model {
  readonly manifest: Manifest;
  readonly graph: Uint8Array;
  readonly digest: string;
}

/** Runs the self-test at the places that every machine has. What fails is added to `faults`. */
export async function runSelfTests(model: Model, faults: Fault[]): Promise<readonly RunReport[]> {
  if (model.manifest.selfTest.expected.length === 0) {
    faults.push({
      severity: 'error',
      part: 'self-test',
      message: 'selfTest.expected: nothing is recorded; run `overread-model selftest FOLDER --record`',
    });
    return [];
  }
  const runs: RunReport[] = [];
  for (const [place, runtime] of [['node-cpu', onNode()] as const, ['wasm', onWebAssembly()] as const]) {
    runs.push(await runOne(model, place, runtime, faults));
  }
  return runs;
}

async function runOne(
  model: Model,
  place: RunReport['place'],
  runtime: InferenceRuntime,
  faults: Fault[],
): Promise<RunReport> {
  const { tolerance } = model.manifest.selfTest;
  const start = performance.now();
  const failed = (message: string) =>
    void faults.push({ severity: 'error', part: 'self-test', message: `${place}: ${message}` });
  let largestDifference: number | null = null;
  try {
    largestDifference = await selfTestDifference(model, runtime);
    if (!(largestDifference <= tolerance)) {
      failed(`the largest difference is ${largestDifference.toPrecision(3)}, allowed is ${tolerance}`);
    }
  } catch (error) {
    failed(asOverreadError(error).message);
  }
  const passed = largestDifference !== null && largestDifference <= tolerance;
  return { place, passed, largestDifference, tolerance, milliseconds: Math.round(performance.now() - start) };
}
