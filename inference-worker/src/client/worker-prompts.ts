import type { Analysis } from '@overread/core/analysis';
import { OverreadError } from '@overread/core/errors';
import type { Vec3 } from '@overread/core/geometry';
import type { Prompt, PromptMask } from '@overread/core/pipeline';
import { unpackAnalysis, type WorkerRequest } from '@overread/core/protocol';
import type { Connection } from './connection.ts';

/**
 * A promptable model that is open on a series in the worker. Embeddings stay there, in memory only.
 * Every method throws OverreadError: `prompt.unusable` for marks without a place, `prompt.closed` where another one was opened since,
 * `worker.crashed` or `run.cancelled` once the worker has ended.
 */
export class WorkerPrompts {
  readonly #connection: Connection;
  readonly #opened: string;
  readonly #queued: <T>(work: () => Promise<T>) => Promise<T>;

  /**
   * @param opened the id of the request that opened it
   * @param queued runs work when what the client did before is done: the worker takes one request at a time
   */
  constructor(connection: Connection, opened: string, queued: <T>(work: () => Promise<T>) => Promise<T>) {
    this.#connection = connection;
    this.#opened = opened;
    this.#queued = queued;
  }

  /**
   * Encodes the slice of a voxel of the series, so that a prompt there is answered at once.
   * @returns that slice, by its number in what the model looks at: marks of one number are one prompt
   */
  async encode(at: Vec3): Promise<number> {
    return (await this.#ask((ids) => ({ kind: 'encode', ...ids, at }), 'encoded')).slice;
  }

  /** The voxels that the model marks for a prompt; null where it marks none. */
  async decode(prompt: Prompt): Promise<PromptMask | null> {
    const { mask } = await this.#ask((ids) => ({ kind: 'prompt', ...ids, prompt }), 'prompted');
    return mask;
  }

  /**
   * Masks that the reader kept, as a result like any other: a finding and a segment for each thing.
   * @param things the masks of each thing, one per slice or more. Where two things overlap, the later one stands.
   * @param seriesNumber SeriesNumber (0020,0011), for the result; null where it is not known
   */
  async keep(things: readonly (readonly PromptMask[])[], seriesNumber: number | null): Promise<Analysis> {
    const kept = await this.#ask((ids) => ({ kind: 'keep-prompted', ...ids, things, seriesNumber }), 'analysed');
    return unpackAnalysis(kept);
  }

  /** Lets the model and its embeddings go; the worker stays. */
  async close(): Promise<void> {
    await this.#ask((ids) => ({ kind: 'close-prompts', ...ids }), 'done');
  }

  #ask<K extends Reply['kind']>(build: Build, kind: K): Promise<Extract<Reply, { kind: K }>> {
    return this.#queued(async () => {
      const request = (id: string) => build({ id, opened: this.#opened });
      const reply = await this.#connection.request(request, [], () => undefined);
      if (isKind(reply, kind)) return reply;
      throw new OverreadError('protocol.malformed', { why: `the worker answered '${reply.kind}' out of turn` });
    });
  }
}

type Build = (ids: { readonly id: string; readonly opened: string }) => WorkerRequest;
type Reply = Awaited<ReturnType<Connection['request']>>;

function isKind<K extends Reply['kind']>(reply: Reply, kind: K): reply is Extract<Reply, { kind: K }> {
  return reply.kind === kind;
}
