import { OverreadError } from '../../errors/index.ts';
import type { LoadedModel, Manifest } from '../../model/index.ts';
import type { InferenceRuntime } from '../runtime.ts';
import { selfTestAnswers } from './answers.ts';

/**
 * The manifest's self-test with what the model answers to it on this runtime, rounded well below the tolerance: processors that round differently
 * record the same text.
 * @param count values to record of the first output, and of the masks of a promptable model
 * @throws OverreadError `pipeline.bad-output` for values that are no finite numbers or no outputs, and what the runtime throws
 */
export async function recordedSelfTest(
  model: Pick<LoadedModel, 'manifest' | 'graph' | 'decoder'>,
  runtime: InferenceRuntime,
  count: number,
): Promise<Manifest['selfTest']> {
  const { selfTest } = model.manifest;
  const { graph, decoder } = await selfTestAnswers(model, runtime, { graph: count, decoder: count });
  const tolerance = selfTest.decoder?.tolerance ?? selfTest.tolerance;
  return {
    ...selfTest,
    expected: rounded(graph, selfTest.tolerance, 'the first output'),
    ...(decoder !== null && {
      decoder: { expected: rounded(decoder, tolerance, 'the masks of the decoder'), tolerance },
    }),
  };
}

function rounded(values: readonly number[], tolerance: number, what: string): number[] {
  if (!values.every(Number.isFinite)) {
    throw new OverreadError('pipeline.bad-output', {
      why: `${what}: values that are no finite numbers, or none, for the input of the self-test`,
    });
  }
  // A hundredth of the tolerance, in decimals; as many as JavaScript writes at the most.
  const decimals = Math.min(100, Math.max(0, Math.ceil(-Math.log10(tolerance)) + 2));
  return values.map((value) => Number(value.toFixed(decimals)));
}
