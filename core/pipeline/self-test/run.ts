import { OverreadError } from '../../errors/index.ts';
import type { LoadedModel } from '../../model/index.ts';
import type { InferenceRuntime } from '../runtime.ts';
import { selfTestAnswers } from './answers.ts';
import { requireFit } from './fit.ts';

/** How far a model's answer on a runtime is from the one recorded in its manifest. */
export interface SelfTestDifference {
  /** The graph, or the decoder of a promptable model. */
  readonly of: 'graph' | 'decoder';
  /** Of the graph's outputs; absent: the first. */
  readonly output?: string;
  /** Largest absolute difference; NaN where an answer is no number. */
  readonly largest: number;
  readonly tolerance: number;
  readonly passed: boolean;
}

/**
 * Runs the self-test: the graph, and the decoder where the manifest has values of it.
 * @throws OverreadError `pipeline.bad-output`, and what the runtime throws
 */
export async function selfTestDifferences(
  model: Pick<LoadedModel, 'manifest' | 'graph' | 'decoder'>,
  runtime: InferenceRuntime,
): Promise<readonly SelfTestDifference[]> {
  const { expected, tolerance, outputs = [], decoder } = model.manifest.selfTest;
  const answers = await selfTestAnswers(model, runtime, {
    graph: expected.length,
    others: new Map(outputs.map((output) => [output.name, output.expected.length])),
    decoder: decoder?.expected.length ?? null,
  });
  const graph = [
    difference('graph', answers.graph, { expected, tolerance }),
    ...outputs.map((output) => ({
      ...difference('graph', answers.others.get(output.name) ?? [], output),
      output: output.name,
    })),
  ];
  if (decoder === undefined || answers.decoder === null) return graph;
  return [...graph, difference('decoder', answers.decoder, decoder)];
}

function difference(
  of: SelfTestDifference['of'],
  values: readonly number[],
  { expected, tolerance }: { readonly expected: readonly number[]; readonly tolerance: number },
): SelfTestDifference {
  const largest = Math.max(0, ...expected.map((value, n) => Math.abs(value - (values[n] ?? NaN))));
  // NaN fails the comparison as it must.
  return { of, largest, tolerance, passed: largest <= tolerance };
}

/**
 * Compares the model's answer on this runtime with the one recorded in its manifest.
 * @throws OverreadError `model.graph-mismatch` where a graph does not fit the manifest, `graph.over-limit` and `graph.external-data`,
 *   `pipeline.self-test-failed` with the largest difference, or what the runtime throws
 */
export async function runSelfTest(
  model: Pick<LoadedModel, 'manifest' | 'graph' | 'decoder'>,
  runtime: InferenceRuntime,
): Promise<void> {
  await requireFit(model);
  const failed = (await selfTestDifferences(model, runtime)).find(({ passed }) => !passed);
  if (failed === undefined) return;
  const { of, output, largest, tolerance } = failed;
  const whose = of === 'decoder' ? 'of its decoder ' : output === undefined ? '' : `of output '${output}' `;
  throw new OverreadError('pipeline.self-test-failed', {
    why: `the largest difference ${whose}is ${largest.toPrecision(3)}, allowed is ${tolerance}`,
    details: { of, ...(output !== undefined && { output }), largest, tolerance, runtime: runtime.kind },
  });
}
