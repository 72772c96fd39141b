import { OverreadError } from '@overread/core/errors';
import { boxSize, type Vec3 } from '@overread/core/geometry';
import { notFiniteIn, viewOf, type LabelledOutput, type Window } from '@overread/core/pipeline';
import { jobBytes, jobWords, type Job } from './job.ts';
import type { Kernels } from './kernels.ts';
import { mapForReading, usage } from './usage.ts';

/** An output as the graph left it in the GPU's memory. */
export interface GpuTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly buffer: GPUBuffer;
}

/** What one output takes on the GPU, and what its shaders are told of it whatever the window. */
export interface GpuPlan {
  readonly output: LabelledOutput;
  /** Channels of the output. */
  readonly channels: number;
  /** Bytes of the labels, four to a word and every row beginning with a word of its own, and of the sums of a slab. */
  readonly labelBytes: number;
  readonly sumBytes: number;
  readonly job: Pick<Job, 'channels' | 'highest' | 'dims' | 'axis' | 'thickness' | 'carried' | 'least' | 'cut'>;
}

/** No sigmoid's logit lies beyond; shaders need not know infinity. */
const farthest = 3e38;

export function planOf(output: LabelledOutput): GpuPlan {
  const { choice, dims, blend } = output;
  const highest = choice.atLeast === null;
  const channels = choice.values.length + (highest ? 1 : 0);
  // Channel 0 is taken off the others, or the weights are one more.
  const carried = highest ? channels - 1 : channels + 1;
  const axis = blend?.axis ?? 2;
  const thickness = blend === null ? 0 : Math.min(dims[axis], blend.weights.axes[axis].length);
  const cut = Math.min(farthest, Math.max(-farthest, choice.atLeast ?? 0));
  return {
    output,
    channels,
    labelBytes: 4 * wordsOfRow(dims) * dims[1] * dims[2],
    sumBytes: 4 * thickness * carried * dims[0] * dims[3 - axis]!,
    job: { channels, highest, dims, axis, thickness, carried, least: blend?.weights.least ?? 0, cut },
  };
}

/** One output's labels in the making: everything here only puts work into the GPU's queue, which does it in that order. */
export class GpuOutput {
  readonly #device: GPUDevice;
  readonly #kernels: Kernels;
  readonly #plan: GpuPlan;
  readonly #buffers: GPUBuffer[] = [];
  readonly #uniform: GPUBuffer;
  readonly #labels: GPUBuffer;
  readonly #table: GPUBuffer;
  /** Number of the first window with a value that is none. */
  readonly #odd: GPUBuffer;
  readonly #weights: GPUBuffer | null;
  readonly #sums: GPUBuffer | null;
  readonly #windows: Window[] = [];
  /** On the slab axis: where the slices begin that are not chosen yet, and how far windows reached. */
  #open = 0;
  #reached = 0;

  constructor(device: GPUDevice, kernels: Kernels, plan: GpuPlan) {
    const { storage, uniform, copyTarget, copySource } = usage;
    const { choice, blend } = plan.output;
    this.#device = device;
    this.#kernels = kernels;
    this.#plan = plan;
    this.#uniform = this.#buffer(jobBytes, uniform | copyTarget);
    this.#labels = this.#buffer(plan.labelBytes, storage | copySource);
    this.#table = this.#filled(Uint32Array.from(choice.values), storage | copyTarget);
    this.#odd = this.#filled(Uint32Array.of(noWindow), storage | copyTarget | copySource);
    this.#weights = blend === null ? null : this.#filled(weightTable(blend.weights.axes), storage | copyTarget);
    this.#sums = blend === null ? null : this.#buffer(plan.sumBytes, storage);
  }

  /** @throws OverreadError `pipeline.bad-output` for an output of another type or shape */
  take(tensor: GpuTensor, window: Window): void {
    const { output, channels } = this.#plan;
    const half = tensor.type === 'float16';
    const view = viewOf(tensor, { name: output.name, channels, layered: output.layered }, window);
    if (!half && tensor.type !== 'float32') {
      throw new OverreadError('pipeline.bad-output', { why: `output '${output.name}' is ${tensor.type}` });
    }
    const { input, core } = window;
    const size = boxSize(core);
    const skipped: Vec3 = [core.min[0] - input.min[0], core.min[1] - input.min[1], core.min[2] - input.min[2]];
    const values = tensor.dims.reduce((product, extent) => product * extent, 1);
    const where = { ...view, skipped, half, start: core.min, size, values, window: this.#windows.push(window) - 1 };
    const logits = { buffer: tensor.buffer };
    const words = half ? Math.ceil(values / 2) : values;
    this.#dispatch('inspect', where, [logits, { buffer: this.#odd }], [Math.min(2048, Math.ceil(words / 256)), 1, 1]);
    if (this.#sums === null || this.#weights === null) {
      const columns = Math.ceil((size[0] + (core.min[0] % 4)) / 4);
      const buffers = [logits, { buffer: this.#labels }, { buffer: this.#table }];
      this.#dispatch('chooseFromWindow', where, buffers, [Math.ceil(columns / 64), size[1], size[2]]);
      return;
    }
    const axis = this.#plan.job.axis as 1 | 2;
    this.#chooseBefore(core.min[axis]);
    const buffers = [logits, { buffer: this.#weights }, { buffer: this.#sums }];
    this.#dispatch('blend', where, buffers, [Math.ceil(size[0] / 64), size[1], size[2]]);
    this.#reached = Math.max(this.#reached, core.max[axis] + 1);
  }

  /** @throws OverreadError `pipeline.bad-output` naming the window that held a value that is none */
  async labels(): Promise<Uint8Array> {
    this.#chooseBefore(this.#reached);
    const [words, odd] = await Promise.all([
      this.#read(this.#labels, this.#plan.labelBytes),
      this.#read(this.#odd, Uint32Array.BYTES_PER_ELEMENT),
    ]);
    const bad = this.#windows[new Uint32Array(odd)[0]!];
    if (bad !== undefined) throw notFiniteIn(this.#plan.output.name, bad.input);
    return withoutGaps(new Uint8Array(words), this.#plan.output.dims);
  }

  release(): void {
    for (const buffer of this.#buffers.splice(0)) buffer.destroy();
  }

  /** Slices of the slab axis that no later window touches. */
  #chooseBefore(end: number): void {
    const first = this.#open;
    const count = Math.min(end, this.#reached) - first;
    this.#open = Math.max(first, end);
    if (this.#sums === null || count <= 0) return;
    const { dims, axis } = this.#plan.job;
    const where = { start: [0, 0, first], size: [0, 0, count] } as const;
    const buffers = [{ buffer: this.#sums }, { buffer: this.#labels }, { buffer: this.#table }];
    this.#dispatch('chooseFromSums', where, buffers, [Math.ceil(wordsOfRow(dims) / 64), dims[3 - axis]!, count]);
  }

  #dispatch(name: keyof Kernels, where: Partial<Job>, resources: readonly GPUBindingResource[], groups: Vec3): void {
    const device = this.#device;
    device.queue.writeBuffer(this.#uniform, 0, jobWords({ ...where, ...this.#plan.job }));
    const pipeline = this.#kernels[name];
    const entries = [{ buffer: this.#uniform }, ...resources].map((resource, binding) => ({ binding, resource }));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(...groups);
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  async #read(buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    const device = this.#device;
    const copy = this.#buffer(bytes, usage.mapRead | usage.copyTarget);
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, copy, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await copy.mapAsync(mapForReading);
    return copy.getMappedRange().slice(0);
  }

  #buffer(size: number, flags: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.#device.createBuffer({ size, usage: flags });
    this.#buffers.push(buffer);
    return buffer;
  }

  #filled(values: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>, flags: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.#buffer(values.byteLength, flags);
    this.#device.queue.writeBuffer(buffer, 0, values);
    return buffer;
  }
}

const noWindow = 0xffffffff;

function wordsOfRow([ni]: Vec3): number {
  return Math.ceil(ni / 4);
}

/** Where the weights along j and along k begin, then those along i, j and k. */
function weightTable([i, j, k]: readonly [Float64Array, Float64Array, Float64Array]): Float32Array<ArrayBuffer> {
  return Float32Array.from([2 + i.length, 2 + i.length + j.length, ...i, ...j, ...k]);
}

/** Rows side by side, without what fills up their last words. */
function withoutGaps(padded: Uint8Array, dims: Vec3): Uint8Array {
  const [ni, nj, nk] = dims;
  const step = 4 * wordsOfRow(dims);
  if (step === ni) return padded;
  const labels = new Uint8Array(ni * nj * nk);
  for (let row = 0; row < nj * nk; row++) labels.set(padded.subarray(row * step, row * step + ni), row * ni);
  return labels;
}
