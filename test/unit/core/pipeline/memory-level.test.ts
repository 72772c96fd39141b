import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { analyse } from '@overread/core/pipeline';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { heatOutput, modelWith, nodePlace, noiseVolume } from '../../../support/pipeline-runs.ts';
import { convolutionGraph } from '../../../support/test-models.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

it('holds no more memory after ten runs than after three', { timeout: 60_000 }, async () => {
  const volume = noiseVolume([64, 60, 56]);
  const graph = convolutionGraph([6, 6]);
  const size: [number, number, number] = [24, 32, 32];
  const blending = { kind: 'gaussian', overlap: 0.5 } as const;
  const model = modelWith(graph, { patch: { mode: 'slidingWindow', size, blending } }, [heatOutput()]);
  const held: { readonly buffers: number; readonly resident: number }[] = [];
  for (let run = 0; run < 10; run++) {
    await analyse({ volume, model, place: nodePlace }, nodeRuntime(1));
    collectGarbage();
    // Buffers are given back a turn of the event loop later.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { arrayBuffers, rss } = process.memoryUsage();
    held.push({ buffers: arrayBuffers, resident: rss });
  }
  const window = 4 * size[0] * size[1] * size[2];
  // One output of one window that is not let go, in each run, would be more.
  expect(held[9]!.buffers - held[2]!.buffers).toBeLessThan(window);
  expect(held[9]!.resident - held[2]!.resident).toBeLessThan(40 * 2 ** 20);
});
