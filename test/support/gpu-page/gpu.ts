import { isOverreadError } from '@overread/core/errors';
import { labelCollector, type LabelledOutput, type Window } from '@overread/core/pipeline';
import { choosesRight } from '../../../inference-worker/src/gpu/trial.ts';
import { GpuLabels } from '../../../inference-worker/src/gpu/gpu-labels.ts';

// Runs in the test's page, on the browser's own GPU: what a test asks for by `page.evaluate`, with plain data both ways.

/** An output without its arrays' types: they do not survive the way into the page. */
export interface GpuWish {
  readonly output: {
    readonly dims: readonly [number, number, number];
    readonly values: readonly number[];
    readonly atLeast: number | null;
    readonly layered: boolean;
    /** Weights along i, j and k, and the axis along which windows come; null: cropped. */
    readonly blend: {
      readonly axes: readonly [number[], number[], number[]];
      readonly least: number;
      readonly axis: 1 | 2;
    } | null;
  };
  readonly windows: readonly Window[];
  /** float16: the noise is of numbers that it holds exactly. */
  readonly type: 'float32' | 'float16';
  /** The window with a NaN as its last value; absent: none. */
  readonly odd?: number;
  /** Of the output, where that is not as many as its labels need. */
  readonly channels?: number;
}

/** What a GPU is made to do wrong. */
export interface Fault {
  /** A part of the shaders and what is there in its place. */
  readonly shader?: readonly [string, string];
  /** Bytes of the largest buffer that it says it has room for. */
  readonly room?: number;
}

const api = {
  /** Whether labels are trusted to the GPU. */
  async trial(fault: Fault = {}): Promise<boolean> {
    return choosesRight(await deviceWith(fault));
  },

  /** Voxels whose label differs from the processor's, and how many of each label it gave; or the error. */
  async labels({ output: asked, windows, type, odd, channels: given }: GpuWish) {
    const { dims, values, atLeast, layered, blend } = asked;
    const axes = blend?.axes.map((weights) => Float64Array.from(weights)) as [Float64Array, Float64Array, Float64Array];
    const output: LabelledOutput = {
      name: 'logits',
      choice: { values: Uint8Array.from(values), atLeast },
      layered,
      dims,
      blend: blend && { dims, axis: blend.axis, weights: { axes, least: blend.least } },
    };
    const device = await deviceWith({});
    const there = await GpuLabels.make(device, [output]);
    if (there === null) return { made: false as const };
    const here = labelCollector(output);
    const channels = given ?? values.length + (atLeast === null ? 1 : 0);
    try {
      windows.forEach((window, n) => {
        const [ni, nj, nk] = window.input.max.map((end, axis) => end - window.input.min[axis as 0] + 1) as [
          number,
          number,
          number,
        ];
        const shape = layered ? [nk, channels, nj, ni] : [1, channels, nk, nj, ni];
        const numbers = noise(channels * ni * nj * nk, n + 1);
        if (odd !== n && given === undefined)
          here.add({ logits: { type: 'float32', dims: shape, data: numbers } }, window);
        if (odd === n) numbers[numbers.length - 1] = NaN;
        const data = type === 'float32' ? numbers : halves(numbers);
        // As ONNX Runtime's buffers: of whole words.
        const buffer = device.createBuffer({
          size: Math.ceil(data.byteLength / 4) * 4,
          usage: 0x80,
          mappedAtCreation: true,
        });
        new Uint8Array(buffer.getMappedRange()).set(new Uint8Array(data.buffer));
        buffer.unmap();
        there.begin(window);
        there.take('logits', { type, dims: shape, buffer });
        buffer.destroy();
      });
      await there.keepUp();
      const found = (await there.results()).get('logits')!;
      const expected = here.result()[0]!;
      const differing = expected.reduce((count, label, at) => count + Number(label !== found[at]), 0);
      const counts = Object.fromEntries(
        [0, ...values].map((label) => [label, found.filter((given) => given === label).length]),
      );
      return { made: true as const, voxels: found.length, differing, counts };
    } catch (error) {
      if (!isOverreadError(error)) throw error;
      return { made: true as const, code: error.code, message: error.message };
    } finally {
      there.release();
    }
  },
};

async function deviceWith({ shader, room }: Fault): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter!.requestDevice();
  if (shader !== undefined) {
    const create = device.createShaderModule.bind(device);
    device.createShaderModule = ({ code }) => create({ code: code.replaceAll(...shader) });
  }
  if (room !== undefined)
    Object.defineProperty(device, 'limits', { value: { maxBufferSize: room, maxStorageBufferBindingSize: room } });
  return device;
}

/** Numbers from -1 to 1 in steps of 1/512, which half precision holds exactly. */
function noise(length: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed * 977;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 22) - 512) / 512;
  });
}

/** The bits of such numbers, and of NaN, in half precision. */
function halves(numbers: Float32Array): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(numbers, (value) => {
    if (Number.isNaN(value)) return 0x7e00;
    if (value === 0) return 0;
    const exponent = Math.floor(Math.log2(Math.abs(value)));
    const fraction = Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024);
    return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction;
  });
}

export type GpuApi = typeof api;
Object.assign(globalThis, { overreadGpu: api });
