import type { Vec3 } from '@overread/core/geometry';
import { labelCollector, type LabelledOutput, type Window } from '@overread/core/pipeline';
import { GpuLabels } from './gpu-labels.ts';
import { usage } from './usage.ts';

const tried = new WeakMap<GPUDevice, Promise<boolean>>();

/**
 * Whether this GPU blends and chooses as the processor does: tried once on small outputs of seeded noise before any answer is trusted to it, as a
 * model's self-test is. Every way that the shaders have is taken: blended along both axes and cropped, the highest channel and those above a
 * threshold, rows that do not fill their words, a volume thicker than a window.
 */
export function choosesRight(device: GPUDevice): Promise<boolean> {
  const known = tried.get(device);
  if (known !== undefined) return known;
  const trial = everyWay(device).catch(() => false);
  tried.set(device, trial);
  return trial;
}

async function everyWay(device: GPUDevice): Promise<boolean> {
  for (const atLeast of [null, 0.1]) {
    for (const axis of [null, 1, 2] as const) if (!(await agrees(device, atLeast, axis))) return false;
  }
  return true;
}

const size: Vec3 = [7, 5, 4];
const values = Uint8Array.of(3, 200, 9);
/** Sums differ in their last digits, and a tie may go either way. */
const leastAgreement = 0.99;

async function agrees(device: GPUDevice, atLeast: number | null, axis: 1 | 2 | null): Promise<boolean> {
  const dims: Vec3 = axis === 1 ? [10, 14, 4] : [10, 5, 11];
  const weights = { axes: [bell(size[0]), bell(size[1]), bell(size[2])], least: 0.01 } as const;
  const output: LabelledOutput = {
    name: 'trial',
    choice: { values, atLeast },
    layered: false,
    dims,
    blend: axis === null ? null : { dims, weights, axis },
  };
  const here = labelCollector(output);
  const there = await GpuLabels.make(device, [output]);
  if (there === null) return false;
  try {
    const channels = values.length + (atLeast === null ? 1 : 0);
    const shape = [1, channels, size[2], size[1], size[0]];
    let seed = 1;
    for (const window of axis === null ? besideEachOther(dims) : overlapping(axis)) {
      const data = noise(channels * size[0] * size[1] * size[2], (seed += 17));
      here.add({ trial: { type: 'float32', dims: shape, data } }, window);
      const buffer = device.createBuffer({ size: data.byteLength, usage: usage.storage | usage.copyTarget });
      device.queue.writeBuffer(buffer, 0, data);
      there.begin(window);
      there.take('trial', { type: 'float32', dims: shape, buffer });
      buffer.destroy();
    }
    const expected = here.result();
    const labels = (await there.results()).get('trial');
    const same = expected.reduce((count, label, at) => count + Number(label === labels?.[at]), 0);
    return same >= leastAgreement * expected.length;
  } finally {
    there.release();
  }
}

/** Windows along an axis, of which the third leaves a gap and the last reaches beyond the grid. */
function overlapping(axis: 1 | 2): Window[] {
  const step = axis === 1 ? [0, 2, 9] : [0, 2, 7];
  return step.flatMap((at) =>
    [0, 3, 6].map((i) => {
      const min: Vec3 = axis === 1 ? [i, at, 0] : [i, 0, at];
      const max: Vec3 = [min[0] + size[0] - 1, min[1] + size[1] - 1, min[2] + size[2] - 1];
      return { input: { min, max }, core: { min, max: [Math.min(9, max[0]), max[1], max[2]] } };
    }),
  );
}

/** Cores of 3, 7 and so on columns, beside each other, with a halo round them where there is room. */
function besideEachOther([ni, nj, nk]: Vec3): Window[] {
  const spans = [
    [-2, 0, 2],
    [2, 3, 8],
    [5, 9, ni - 1],
  ] as const;
  return [0, 4, 8].flatMap((k) =>
    spans.map(([input, first, last]) => ({
      input: { min: [input, 0, k], max: [input + size[0] - 1, size[1] - 1, k + size[2] - 1] },
      core: { min: [first, 0, k], max: [last, nj - 1, Math.min(nk - 1, k + size[2] - 1)] },
    })),
  );
}

function bell(length: number): Float64Array {
  return Float64Array.from({ length }, (_, n) => Math.exp(-(((n - (length - 1) / 2) / length) ** 2) * 8));
}

/** Numbers from -1 to 1, the same for the same seed. */
function noise(length: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
