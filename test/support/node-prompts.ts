import { OverreadError } from '@overread/core/errors';
import type { LoadedModel } from '@overread/core/model';
import { PromptSession } from '@overread/core/pipeline';
import type { Job } from '../../extension/src/analysis/backend.ts';
import type { OpenPrompts, PromptPlace } from '../../extension/src/analysis/marking/prompt-place.ts';
import { nodeRuntime } from '../../inference-server/src/inference/node-runtime.ts';
import { testPlace } from './task-models.ts';

/** Promptable models answered on the test's own thread, by the engine that the worker runs. */
export class NodePrompts implements PromptPlace {
  released = 0;
  /** What the next slice that is encoded waits for. */
  encoding: Promise<void> = Promise.resolve();
  /** What the next answer fails with, once. */
  fails: OverreadError | null = null;
  /** What opening waits for. */
  opening: Promise<void> = Promise.resolve();

  readonly #models: readonly LoadedModel[];
  #session: PromptSession | null = null;

  constructor(models: readonly LoadedModel[]) {
    this.#models = models;
  }

  get bytes(): number {
    return this.#session?.bytes ?? 0;
  }

  async open(job: Job, { signal }: Parameters<PromptPlace['open']>[1]): Promise<OpenPrompts> {
    const model = this.#models.find(({ manifest }) => manifest.id === job.model.manifest.id);
    if (model === undefined) throw new OverreadError('model.not-found');
    const volume = await job.readVolume(job.seriesInstanceUID, { signal, onProgress: () => undefined });
    await this.opening;
    if (signal.aborted) throw new OverreadError('run.cancelled');
    const session = await PromptSession.open({ model, volume }, nodeRuntime(1));
    this.#session = session;
    return {
      encode: async (at) => {
        await this.encoding;
        return session.encode(at);
      },
      decode: (prompt) => {
        const { fails } = this;
        this.fails = null;
        return fails === null ? session.decode(prompt) : Promise.reject(fails);
      },
      keep: (things, seriesNumber) =>
        Promise.resolve().then(() => session.result(things, { place: testPlace, seriesNumber })),
    };
  }

  release(): void {
    this.released += 1;
    void this.#session?.release();
    this.#session = null;
  }
}
