import { OverreadError } from '@overread/core/errors';
import type { DeviceLabels, LabelledOutput, Window } from '@overread/core/pipeline';
import { runFailure } from '../failure.ts';
import { GpuOutput, planOf, type GpuTensor } from './gpu-output.ts';
import { kernelsOf } from './kernels.ts';

/**
 * Blends windows and chooses labels in the GPU's memory: of all that a graph says, one byte per voxel comes back, once. What the GPU refuses is
 * noted at every call and told with the results: a call that was refused leaves labels as they were, which must never be drawn.
 */
export class GpuLabels implements DeviceLabels {
  readonly names: ReadonlySet<string>;
  readonly #device: GPUDevice;
  readonly #outputs: ReadonlyMap<string, GpuOutput>;
  readonly #refusals: Promise<GPUError | null>[] = [];
  #window: Window | null = null;
  /** Outputs that the window's run has not given yet. */
  #missing = new Set<string>();
  /** When the GPU is done with what was taken so far. */
  #before: Promise<unknown> = Promise.resolve();

  private constructor(device: GPUDevice, outputs: ReadonlyMap<string, GpuOutput>) {
    this.#device = device;
    this.#outputs = outputs;
    this.names = new Set(outputs.keys());
  }

  /** @returns null where the GPU has no room for it, or does not take the shaders */
  static async make(device: GPUDevice, outputs: readonly LabelledOutput[]): Promise<GpuLabels | null> {
    const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    const plans = outputs.map(planOf);
    if (plans.some(({ labelBytes, sumBytes }) => Math.max(labelBytes, sumBytes) > most)) return null;
    const kernels = await kernelsOf(device).catch(() => null);
    if (kernels === null) return null;
    const refusals: Promise<GPUError | null>[] = [];
    const made = noting(device, refusals, () =>
      plans.map((plan) => [plan.output.name, new GpuOutput(device, kernels, plan)] as const),
    );
    const labels = new GpuLabels(device, new Map(made));
    if ((await Promise.all(refusals)).every((error) => error === null)) return labels;
    labels.release();
    return null;
  }

  begin(window: Window): void {
    this.#window = window;
    this.#missing = new Set(this.names);
  }

  /** What the graph said of the window that was begun. The tensor may be let go afterwards: the GPU does one thing after another. */
  take(name: string, tensor: GpuTensor): void {
    const window = this.#window;
    if (window === null) throw new Error('begin a window first');
    noting(this.#device, this.#refusals, () => this.#outputs.get(name)?.take(tensor, window));
    this.#missing.delete(name);
  }

  /**
   * Resolves once the GPU is done with the window before the one that was taken last: it has work while the next window is made ready, and no more
   * than that, so that progress is told as it is and a cancel leaves little behind.
   * @throws OverreadError `pipeline.bad-output` naming an output that was not taken
   */
  async keepUp(): Promise<void> {
    const [missing] = this.#missing;
    if (missing !== undefined) {
      throw new OverreadError('pipeline.bad-output', { why: `the graph gave no output named '${missing}' on the GPU` });
    }
    const before = this.#before;
    this.#before = this.#device.queue.onSubmittedWorkDone();
    await before;
  }

  async results(): Promise<ReadonlyMap<string, Uint8Array>> {
    const reading = noting(this.#device, this.#refusals, () =>
      [...this.#outputs].map(async ([name, output]) => [name, await output.labels()] as const),
    );
    const results = await Promise.allSettled(reading);
    const refusal = (await Promise.all(this.#refusals)).find((error) => error !== null);
    if (refusal !== undefined) {
      const isMemory = refusal instanceof GPUOutOfMemoryError;
      throw new OverreadError(isMemory ? 'runtime.out-of-memory' : 'runtime.failed', {
        why: `the GPU did not blend or choose labels: ${refusal.message}`,
      });
    }
    return new Map(results.map(valueOf));
  }

  release(): void {
    for (const output of this.#outputs.values()) output.release();
  }
}

/** Notes what the GPU refuses of the calls that `work` makes before it returns. */
function noting<T>(device: GPUDevice, refusals: Promise<GPUError | null>[], work: () => T): T {
  const kinds = ['validation', 'out-of-memory', 'internal'] as const;
  for (const kind of kinds) device.pushErrorScope(kind);
  try {
    return work();
  } finally {
    // A lost device tells by what is read from it.
    refusals.push(...kinds.map(() => device.popErrorScope().catch(() => null)));
  }
}

function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'fulfilled') return settled.value;
  throw runFailure(settled.reason);
}
