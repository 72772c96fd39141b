import { readFileSync } from 'node:fs';
import type { Volume } from '@overread/core/volume';
import type { BrainNetwork } from './brain-packages.ts';
import { runOnCpu } from './graph-run.ts';
import { sharedData } from './shared-data.ts';

/**
 * Volume of each label, mL, as onnxruntime-node alone gives it for a conformed head: values scaled, one run, the largest logit counted. What the
 * sample data's page says of the networks and nothing of ours; the file's axes (to the left, the feet and the front) are the tensor's.
 */
export async function bareVolumes(name: BrainNetwork, head: Volume): Promise<readonly number[]> {
  const [ni, nj, nk] = head.grid.dims;
  const scaled = scaledValues(name, head.samples);
  const data = new Float32Array(scaled.length);
  for (let k = 0; k < nk; k++)
    for (let j = 0; j < nj; j++)
      for (let i = 0; i < ni; i++) data[(i * nj + j) * nk + k] = scaled[(k * nj + j) * ni + i]!;
  const graph = new Uint8Array(readFileSync(sharedData('models', `${name}.onnx`)!));
  const [logits] = Object.values(await runOnCpu(graph, { input: { dims: [1, 1, ni, nj, nk], data } }));
  const values = logits!.data as Float32Array;
  const classes = logits!.dims[1]!;
  const counts = new Float64Array(classes);
  for (let at = 0; at < data.length; at++) {
    let best = 0;
    for (let label = 1; label < classes; label++)
      if (values[label * data.length + at]! > values[best * data.length + at]!) best = label;
    counts[best]! += 1;
  }
  // Voxels of 1 mm.
  return [...counts.subarray(1)].map((count) => count / 1000);
}

/** 0 to 1: from the least value to the greatest, or between the 2 % and 98 % quantiles. */
function scaledValues(name: BrainNetwork, samples: Volume['samples']): Float32Array {
  const sorted = Float32Array.from(samples).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  const [low, high] = name === 'mindgrab' ? [at(0.02), at(0.98)] : [at(0), at(1)];
  return Float32Array.from(samples, (value) => Math.min(1, Math.max(0, (value - low) / (high - low))));
}
