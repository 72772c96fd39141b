import { OverreadError } from '@overread/core/errors';
import type { LoadedModel } from '@overread/core/model';
import { PromptSession } from '@overread/core/pipeline';
import type { Job } from '../../extension/src/analysis/backend.ts';
import type { OpenPrompts, PromptPlace } from '../../extension/src/analysis/marking/prompt-place.ts';
import { nodeRuntime } from '../../inference-server/src/inference/node-runtime.ts';
import { testPlace } from './task-models.ts';

/**
 * Promptable models answered on the test's own thread, by the engine that the worker runs. Like a worker, a place holds one session: an
 * older one is refused, and none answers once the place was given back.
 */
export class NodePrompts {
  /** How often a place was given back. */
  released = 0;
  /** What the next slice that is encoded waits for. */
  encoding: Promise<void> = Promise.resolve();
  /** What the next result waits for. */
  keeping: Promise<void> = Promise.resolve();
  /** What the next answers fail with, one after the other; null for one that does not. */
  fails: (OverreadError | null)[] = [];
  /** What the next results fail with, likewise. */
  keepingFails: (OverreadError | null)[] = [];
  /** What opening waits for. */
  opening: Promise<void> = Promise.resolve();

  readonly #models: readonly LoadedModel[];
  readonly #sessions = new Set<PromptSession>();

  constructor(models: readonly LoadedModel[]) {
    this.#models = models;
  }

  /** What all places hold. */
  get bytes(): number {
    return [...this.#sessions].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Ends the worker of every place, without a word until it is asked. */
  crash(): void {
    for (const session of this.#sessions) this.#end(session);
  }

  readonly place = (): PromptPlace => {
    let current: PromptSession | null = null;
    return {
      open: async (job, { signal }) => {
        const { model, volume } = await this.#read(job, signal);
        await this.opening;
        if (signal.aborted) throw new OverreadError('run.cancelled');
        const session = await PromptSession.open({ model, volume }, nodeRuntime(1));
        this.#end(current);
        current = session;
        this.#sessions.add(session);
        return this.#prompts(session, () => {
          if (current === null) throw new OverreadError('run.cancelled');
          if (current !== session) throw new OverreadError('prompt.closed');
          if (!this.#sessions.has(session)) throw new OverreadError('worker.crashed', { why: 'it is gone' });
        });
      },
      release: () => {
        this.released += 1;
        this.#end(current);
        current = null;
      },
    };
  };

  async #read(job: Job, signal: AbortSignal) {
    const model = this.#models.find(({ manifest }) => manifest.id === job.model.manifest.id);
    if (model === undefined) throw new OverreadError('model.not-found');
    return { model, volume: await job.readVolume(job.seriesInstanceUID, { signal, onProgress: () => undefined }) };
  }

  /** @param check throws where the session is not to be asked any more; what ends meanwhile gives no answer either */
  #prompts(session: PromptSession, check: () => void): OpenPrompts {
    const asked = async <T>(answer: () => T | Promise<T>): Promise<T> => {
      check();
      const given = await answer();
      check();
      return given;
    };
    return {
      encode: (at) => asked(() => this.encoding.then(() => session.encode(at))),
      decode: (prompt) => asked(() => answerOr(this.fails, () => session.decode(prompt))),
      keep: (things, seriesNumber) =>
        asked(async () => {
          await this.keeping;
          return answerOr(this.keepingFails, () => session.result(things, { place: testPlace, seriesNumber }));
        }),
    };
  }

  #end(session: PromptSession | null): void {
    if (session === null || !this.#sessions.delete(session)) return;
    void session.release();
  }
}

function answerOr<T>(failures: (OverreadError | null)[], answer: () => T): T {
  const failure = failures.shift() ?? null;
  if (failure !== null) throw failure;
  return answer();
}
