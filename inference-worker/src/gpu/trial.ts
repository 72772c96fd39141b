import { isOverreadError } from '@overread/core/errors';
import type { Vec3 } from '@overread/core/geometry';
import { labelCollector, toFloat16, type LabelledOutput, type Window } from '@overread/core/pipeline';
import { GpuLabels } from './gpu-labels.ts';
import { trialWindows, windowSize, type Arrangement } from './trial-windows.ts';
import { usage } from './usage.ts';

const tried = new WeakMap<GPUDevice, Promise<boolean>>();

/**
 * Whether this GPU blends and chooses as the processor does: tried once on small outputs of seeded noise before any answer is trusted to it, as a
 * model's self-test is. Every way that the shaders have is taken: blended along both axes, cropped and slice by slice; the highest channel and
 * those above a threshold; single and half precision; rows that do not fill their words and are longer than one group of threads; a volume
 * thicker than a window; and a value that is no number, which must be told of with its window.
 */
export function choosesRight(device: GPUDevice): Promise<boolean> {
  const known = tried.get(device);
  if (known !== undefined) return known;
  const trial = everyWay(device).catch(() => false);
  tried.set(device, trial);
  return trial;
}

interface Trial {
  readonly arrangement: Arrangement;
  readonly atLeast: number | null;
  readonly type: 'float32' | 'float16';
  /** The window with a value that is no number; null: none. */
  readonly odd: number | null;
}

async function everyWay(device: GPUDevice): Promise<boolean> {
  const types = ['float32', 'float16'] as const;
  const trials = types.flatMap((type): readonly Trial[] => [
    { arrangement: 'along j', atLeast: null, type, odd: null },
    { arrangement: 'along k', atLeast: 0.1, type, odd: null },
    { arrangement: 'cropped', atLeast: null, type, odd: null },
    { arrangement: 'layered', atLeast: 0.1, type, odd: null },
    { arrangement: 'cropped', atLeast: null, type, odd: 4 },
  ]);
  for (const trial of trials) if (!(await agrees(device, trial))) return false;
  return true;
}

const values = Uint8Array.of(3, 200, 9);
/** Sums differ in their last digits, and a close call may go either way; without sums nothing may differ. */
const leastAgreement = 0.999;

async function agrees(device: GPUDevice, { arrangement, atLeast, type, odd }: Trial): Promise<boolean> {
  const { dims, axis, layered, windows } = trialWindows(arrangement);
  const weights = { axes: [bell(windowSize[0]), bell(windowSize[1]), bell(windowSize[2])], least: 0.01 } as const;
  const blend = axis === null ? null : { dims, weights, axis };
  const output: LabelledOutput = { name: 'trial', choice: { values, atLeast }, layered, dims, blend };
  const here = labelCollector(output);
  const there = await GpuLabels.make(device, [output]);
  if (there === null) return false;
  try {
    const channels = values.length + (atLeast === null ? 1 : 0);
    windows.forEach((window, n) => {
      const { shape, data } = noise(window, channels, layered, n + 1);
      here.add({ trial: { type: 'float32', dims: shape, data: data.slice() } }, window);
      if (odd === n) data[data.length - 1] = NaN;
      const sent = type === 'float32' ? data : padded(toFloat16(data));
      const buffer = device.createBuffer({ size: sent.byteLength, usage: usage.storage | usage.copyTarget });
      device.queue.writeBuffer(buffer, 0, sent);
      there.begin(window);
      there.take('trial', { type, dims: shape, buffer });
      buffer.destroy();
    });
    const told = await there.results().catch(namedBy(odd === null ? undefined : windows[odd]));
    if (told === null || odd !== null) return told === null && odd !== null;
    const expected = here.result()[0]!;
    const labels = told.get('trial');
    const same = expected.reduce((count, label, at) => count + Number(label === labels?.[at]), 0);
    return same >= (axis === null ? 1 : leastAgreement) * expected.length;
  } finally {
    there.release();
  }
}

/** Null for the error that names this window. */
function namedBy(window: Window | undefined): (error: unknown) => null {
  return (error) => {
    const named = isOverreadError(error) && error.details['window'];
    const { min, max } = window?.input ?? { min: [], max: [] };
    if (window !== undefined && String(named) === String([...min, ...max])) return null;
    throw error;
  };
}

function bell(length: number): Float64Array {
  return Float64Array.from({ length }, (_, n) => Math.exp(-(((n - (length - 1) / 2) / length) ** 2) * 8));
}

/** An output for a window: multiples of 1/512 from -1 to 1, which half precision holds exactly; the same for the same seed. */
function noise({ input: { min, max } }: Window, channels: number, layered: boolean, seed: number) {
  const [ni, nj, nk]: Vec3 = [max[0] - min[0] + 1, max[1] - min[1] + 1, max[2] - min[2] + 1];
  const shape = layered ? [nk, channels, nj, ni] : [1, channels, nk, nj, ni];
  let state = seed * 977;
  const data = Float32Array.from({ length: channels * ni * nj * nk }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 22) - 512) / 512;
  });
  return { shape, data };
}

/** Of whole words, as ONNX Runtime's own buffers are. */
function padded(halves: Uint16Array): Uint16Array<ArrayBuffer> {
  const words = new Uint16Array(2 * Math.ceil(halves.length / 2));
  words.set(halves);
  return words;
}
