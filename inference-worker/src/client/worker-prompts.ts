import type { Analysis } from '@overread/core/analysis';
import { OverreadError } from '@overread/core/errors';
import type { Vec3 } from '@overread/core/geometry';
import type { Prompt, PromptMask } from '@overread/core/pipeline';
import { unpackAnalysis } from '@overread/core/protocol';
import type { Connection } from './connection.ts';

/**
 * A promptable model that is open on a series in the worker. Embeddings stay there, in memory only.
 * Every method throws OverreadError: `prompt.unusable` for marks without a place, `worker.crashed` or `run.cancelled` once the worker has ended.
 */
export class WorkerPrompts {
  readonly #connection: Connection;
  readonly #queued: <T>(work: () => Promise<T>) => Promise<T>;

  /** @param queued runs work when what the client did before is done: the worker takes one request at a time */
  constructor(connection: Connection, queued: <T>(work: () => Promise<T>) => Promise<T>) {
    this.#connection = connection;
    this.#queued = queued;
  }

  /**
   * Encodes the slice of a voxel of the series, so that a prompt there is answered at once.
   * @returns that slice, by its number in what the model looks at: marks of one number are one prompt
   */
  async encode(at: Vec3): Promise<number> {
    return (await this.#ask((id) => ({ kind: 'encode', id, at }), 'encoded')).slice;
  }

  /** The voxels that the model marks for a prompt; null where it marks none. */
  async decode(prompt: Prompt): Promise<PromptMask | null> {
    const { mask } = await this.#ask((id) => ({ kind: 'prompt', id, prompt }), 'prompted');
    return mask;
  }

  /**
   * Masks that the reader kept, as a result like any other: a finding and a segment for each thing.
   * @param things the masks of each thing, one per slice or more. Where two things overlap, the later one stands.
   * @param seriesNumber SeriesNumber (0020,0011), for the result; null where it is not known
   */
  async keep(things: readonly (readonly PromptMask[])[], seriesNumber: number | null): Promise<Analysis> {
    return unpackAnalysis(await this.#ask((id) => ({ kind: 'keep-prompted', id, things, seriesNumber }), 'analysed'));
  }

  /** Lets the model and its embeddings go; the worker stays. */
  async close(): Promise<void> {
    await this.#ask((id) => ({ kind: 'close-prompts', id }), 'done');
  }

  #ask<K extends Reply['kind']>(build: Build, kind: K): Promise<Extract<Reply, { kind: K }>> {
    return this.#queued(async () => {
      const reply = await this.#connection.request(build, [], () => undefined);
      if (isKind(reply, kind)) return reply;
      throw new OverreadError('protocol.malformed', { why: `the worker answered '${reply.kind}' out of turn` });
    });
  }
}

type Build = Parameters<Connection['request']>[0];
type Reply = Awaited<ReturnType<Connection['request']>>;

function isKind<K extends Reply['kind']>(reply: Reply, kind: K): reply is Extract<Reply, { kind: K }> {
  return reply.kind === kind;
}
