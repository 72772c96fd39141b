import type { ModelProto } from '@overread/core/graph';
import { writeModel } from '@overread/core/graph';
import { InferenceSession, Tensor } from 'onnxruntime-node';

export interface Values {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Runs a graph on onnxruntime-node's CPU; float32 in, any type out. */
export async function runOnCpu(
  model: ModelProto | Uint8Array,
  feeds: Readonly<Record<string, Values>>,
): Promise<Readonly<Record<string, Tensor>>> {
  const bytes = model instanceof Uint8Array ? model : writeModel(model);
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 });
  try {
    const tensors = Object.entries(feeds).map(([name, { data, dims }]) => [name, new Tensor('float32', data, dims)]);
    return await session.run(Object.fromEntries(tensors) as Record<string, Tensor>);
  } finally {
    await session.release();
  }
}

/** Reproducible values in [-1, 1). */
export function randomValues(count: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export function randomTensor(dims: readonly number[], seed: number): Values {
  return {
    dims,
    data: randomValues(
      dims.reduce((product, extent) => product * extent, 1),
      seed,
    ),
  };
}

interface Compared {
  readonly dims: readonly number[];
  /** A Float32Array. */
  readonly data: unknown;
}

/** Largest absolute difference; Infinity where the shapes differ or a value is NaN in one of them only. */
export function largestDifference(a: Compared, b: Compared): number {
  if (a.dims.join() !== b.dims.join()) return Infinity;
  const [left, right] = [a.data as Float32Array, b.data as Float32Array];
  let largest = 0;
  for (let at = 0; at < left.length; at++) {
    const difference = Math.abs(left[at]! - right[at]!);
    if (Number.isNaN(difference)) return Infinity;
    largest = Math.max(largest, difference);
  }
  return largest;
}

/** Values as they stand behind a layer of a network: much of one value, the mean far from 0. What sums lose then adds up. */
export function skewedTensor(dims: readonly number[]): Values {
  const { data } = randomTensor(dims, 9);
  return { dims, data: data.map((value, at) => (value < 0.2 ? 0.8 : 3 * value + Math.sin(at / 1e5))) };
}
