import { asOverreadError } from '@overread/core/errors';
import type { Manifest } from '@overread/core/model';
import {
  otherOutputs,
  selfTestDifferences,
  type InferenceRuntime,
  type SelfTestDifference,
} from '@overread/core/pipeline';
import { onNode, onWebAssembly } from '../runtimes.ts';
import { differenceText } from '../selftest/difference-text.ts';
import type { Fault, RunReport } from './report.ts';

interface Model {
  readonly manifest: Manifest;
  readonly graph: Uint8Array;
  /** Of a promptable model. */
  readonly decoder?: Uint8Array;
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
  const { outputs = [] } = model.manifest.selfTest;
  const unrecorded = otherOutputs(model.manifest).filter((name) => !outputs.some((output) => output.name === name));
  if (unrecorded.length > 0) {
    const names = unrecorded.map((name) => `'${name}'`).join(', ');
    faults.push({
      severity: 'warning',
      part: 'self-test',
      message: `selfTest.outputs: nothing is recorded of ${names}, which is not compared; run \`overread-model selftest FOLDER --record\``,
    });
  }
  if (model.decoder !== undefined && model.manifest.selfTest.decoder === undefined) {
    faults.push({
      severity: 'error',
      part: 'self-test',
      message: 'selfTest.decoder: nothing is recorded; run `overread-model selftest FOLDER --record`',
    });
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
  const start = performance.now();
  const failed = (message: string) =>
    void faults.push({ severity: 'error', part: 'self-test', message: `${place}: ${message}` });
  let differences: readonly SelfTestDifference[] = [];
  try {
    differences = await selfTestDifferences(model, runtime);
    for (const difference of differences) if (!difference.passed) failed(differenceText(difference));
  } catch (error) {
    failed(asOverreadError(error).message);
  }
  const passed = differences.length > 0 && differences.every((difference) => difference.passed);
  return { place, passed, differences, milliseconds: Math.round(performance.now() - start) };
}
