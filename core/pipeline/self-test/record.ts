import { OverreadError } from '../../errors/index.ts';
import type { LoadedModel, Manifest } from '../../model/index.ts';
import { outputsRead } from '../collect/outputs-read.ts';
import type { InferenceRuntime } from '../runtime.ts';
import { selfTestAnswers, type SelfTestAnswers } from './answers.ts';

/**
 * The manifest's self-test with what the model answers to it on this runtime, rounded well below the tolerance: processors that round differently
 * record the same text.
 * @param count values to record of each output that the manifest reads, and of the masks of a promptable model
 * @throws OverreadError `pipeline.bad-output` for values that are no finite numbers or no outputs, and what the runtime throws
 */
export async function recordedSelfTest(
  model: Pick<LoadedModel, 'manifest' | 'graph' | 'decoder'>,
  runtime: InferenceRuntime,
  count: number,
): Promise<Manifest['selfTest']> {
  const { selfTest } = model.manifest;
  const names = otherOutputs(model.manifest);
  const others = new Map(names.map((name) => [name, count]));
  const answers = await selfTestAnswers(model, runtime, { graph: count, others, decoder: count });
  const { graph, decoder } = answers;
  const tolerance = selfTest.decoder?.tolerance ?? selfTest.tolerance;
  return {
    ...selfTest,
    expected: rounded(graph, selfTest.tolerance, 'the first output'),
    ...(names.length > 0 && { outputs: names.flatMap((name) => recordedOutput(name, answers, selfTest)) }),
    ...(decoder !== null && {
      decoder: { expected: rounded(decoder, tolerance, 'the masks of the decoder'), tolerance },
    }),
  };
}

/** Outputs that the manifest reads, but for the first. */
export function otherOutputs(manifest: Pick<Manifest, 'outputs'>): readonly string[] {
  const [first, ...others] = new Set(outputsRead(manifest));
  return others.filter((name) => name !== first);
}

/** Nothing where the output holds nothing: no box was found in noise. */
function recordedOutput(name: string, { others }: SelfTestAnswers, { outputs = [], tolerance }: Manifest['selfTest']) {
  const allowed = outputs.find((output) => output.name === name)?.tolerance ?? tolerance;
  const values = others.get(name) ?? [];
  if (values.length === 0) return [];
  return [{ name, expected: rounded(values, allowed, `output '${name}'`), tolerance: allowed }];
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
