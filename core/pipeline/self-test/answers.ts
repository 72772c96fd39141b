import { OverreadError } from '../../errors/index.ts';
import type { LoadedModel } from '../../model/index.ts';
import { decoderFeeds } from '../prompt/decoder-feeds.ts';
import { embeddingsOf } from '../prompt/embeddings.ts';
import { runFor } from '../run-for.ts';
import type { InferenceRuntime, InferenceSession, Tensor } from '../runtime.ts';
import { selfTestInput } from './input.ts';
import { selfTestPositions } from './positions.ts';

type Answer = Readonly<Record<string, Tensor>>;

/** Values of a model's answer at the positions of its self-test. */
export interface SelfTestAnswers {
  /** Of the first output (of a promptable model: the encoder's). */
  readonly graph: readonly number[];
  /** Of the other outputs, by name. */
  readonly others: ReadonlyMap<string, readonly number[]>;
  /** Of a promptable model's masks, for a point inside in the middle of the input; null where that was not asked for. */
  readonly decoder: readonly number[] | null;
}

/** How many values are asked for; null: the decoder is not run. */
export interface SelfTestCounts {
  readonly graph: number;
  /** By name of the output; those that are not named are not asked for. */
  readonly others: ReadonlyMap<string, number>;
  readonly decoder: number | null;
}

/**
 * What a model answers to its self-test on a runtime, its sessions made and released here.
 * @throws OverreadError `pipeline.bad-output` for outputs that are not there, and what the runtime throws
 */
export async function selfTestAnswers(
  { manifest, graph, decoder }: Pick<LoadedModel, 'manifest' | 'graph' | 'decoder'>,
  runtime: InferenceRuntime,
  counts: SelfTestCounts,
): Promise<SelfTestAnswers> {
  const { name } = manifest.input;
  const { seed, shape, range } = manifest.selfTest;
  const input: Tensor = { type: 'float32', dims: shape, data: selfTestInput(seed, shape, range) };
  const { prompts } = manifest;
  const compared = manifest.outputs[0]?.name;
  const answer = await during(runtime.createSession(graph, { [name]: shape }), (made) => {
    const embeddings = Object.keys(prompts?.embeddings ?? {});
    const read = [compared ?? made.outputNames[0] ?? '', ...counts.others.keys(), ...embeddings];
    return runFor(read, made, { [name]: input });
  });
  const first = valuesOf(answer, compared ?? Object.keys(answer)[0] ?? '', counts.graph);
  const others = new Map([...counts.others].map(([output, count]) => [output, valuesOf(answer, output, count)]));
  if (prompts === undefined || decoder === undefined || counts.decoder === null)
    return { graph: first, others, decoder: null };
  const [height = 1, width = 1] = shape.slice(-2);
  const point = { at: [Math.floor(width / 2), Math.floor(height / 2)], inside: true } as const;
  const feeds = decoderFeeds(
    prompts,
    { points: [point], box: null, refine: false },
    { embeddings: embeddingsOf(answer, prompts), previous: null },
  );
  const masks = await during(runtime.createSession(decoder), (made) => made.run(feeds, [prompts.masks]));
  return { graph: first, others, decoder: valuesOf(masks, prompts.masks, counts.decoder) };
}

function valuesOf(answer: Answer, name: string, count: number): number[] {
  const output = answer[name];
  if (output === undefined) {
    throw new OverreadError('pipeline.bad-output', { why: `the graph has no output named '${name}'` });
  }
  const { data, dims } = output;
  if (data.length === 0) return [];
  return selfTestPositions(dims, count).map((position) => Number(data[position] ?? NaN));
}

async function during<T>(
  opening: Promise<InferenceSession>,
  use: (session: InferenceSession) => Promise<T>,
): Promise<T> {
  const session = await opening;
  try {
    return await use(session);
  } finally {
    await session.release();
  }
}
