import { analyse } from '@overread/core/pipeline';
import { defaultThreads, nodeRuntime } from '../../../inference-server/src/inference/node-runtime.ts';
import { medianOf, type Measure } from '../report.ts';
import { chest, uNetModel } from './workloads.ts';

const place = { location: 'server', runtime: 'node-cpu', threads: defaultThreads, device: null, skipped: [] } as const;

/** How far the time left that is told after a quarter of the run is from the truth, as a share of it. */
export async function estimates(repeats: number): Promise<readonly Measure[]> {
  const model = uNetModel();
  const volume = chest();
  const errors: number[] = [];
  for (let n = 0; n < repeats; n++) {
    const told: { readonly at: number; readonly left: number }[] = [];
    const start = performance.now();
    await analyse({ volume, model, place }, nodeRuntime(defaultThreads), {
      onProgress({ remainingMilliseconds: left }) {
        if (left !== null) told.push({ at: performance.now(), left });
      },
    });
    const end = performance.now();
    const quarter = start + (end - start) / 4;
    const estimate = told.find(({ at }) => at >= quarter);
    if (estimate === undefined) throw new Error('No estimate was told after a quarter of the run.');
    errors.push(100 * Math.abs(estimate.left / (end - estimate.at) - 1));
  }
  return [medianOf('time left after a quarter: error', errors, '%', { op: '<=', value: 30 })];
}
