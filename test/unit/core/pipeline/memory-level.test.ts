import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { analyse, MaskKeeper, PreparedKeeper, SessionKeeper } from '@overread/core/pipeline';
import { nodeRuntime } from '../../../../inference-server/src/inference/node-runtime.ts';
import { heatOutput, modelWith, nodePlace, noiseVolume } from '../../../support/pipeline-runs.ts';
import { convolutionGraph } from '../../../support/test-models.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const blending = { kind: 'gaussian', overlap: 0.5 } as const;
const size: [number, number, number] = [24, 32, 32];
const modelOf = (width: number) =>
  modelWith(convolutionGraph([width, width]), { patch: { mode: 'slidingWindow', size, blending } }, [heatOutput()]);

interface Held {
  readonly buffers: number;
  readonly resident: number;
}

/** What is still held once garbage collection finds nothing more: one round of it often leaves what the round before let go of. */
async function heldNow(): Promise<Held> {
  let least = Infinity;
  for (let idle = 0; idle < 3; idle++) {
    collectGarbage();
    // Buffers are given back a turn of the event loop later.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { arrayBuffers } = process.memoryUsage();
    if (arrayBuffers < least) [least, idle] = [arrayBuffers, 0];
  }
  return { buffers: least, resident: process.memoryUsage().rss };
}

const least = (held: readonly Held[]): number => Math.min(...held.map(({ buffers }) => buffers));

it('holds no more memory after ten runs than after three', { timeout: 60_000 }, async () => {
  const volume = noiseVolume([64, 60, 56]);
  const model = modelOf(6);
  const held: Held[] = [];
  for (let run = 0; run < 10; run++) {
    await analyse({ volume, model, place: nodePlace }, nodeRuntime(1));
    held.push(await heldNow());
  }
  const window = 4 * size[0] * size[1] * size[2];
  // A few windows may be on their way between the threads. One that is not let go in each run makes six between these.
  expect(least(held.slice(6)) - least(held.slice(0, 4))).toBeLessThan(4 * window);
  expect(held[9]!.resident - held[2]!.resident).toBeLessThan(40 * 2 ** 20);
});

it('gives back what whole volumes were handed over in, session by session', { timeout: 60_000 }, async () => {
  const volume = noiseVolume([96, 96, 96]);
  const model = modelWith(convolutionGraph([2]), { patch: { mode: 'whole' } }, [heatOutput()]);
  const held: Held[] = [];
  for (let run = 0; run < 9; run++) {
    await analyse({ volume, model, place: nodePlace }, nodeRuntime(1));
    held.push(await heldNow());
  }
  // Memory that both threads see stays for as long as either has a view of it: a volume more with each run.
  expect(least(held.slice(6)) - least(held.slice(0, 3))).toBeLessThan(2 * volume.samples.byteLength);
});

it(
  'holds no more memory after a third round of five models than after the first, sessions and prepared volumes kept',
  { timeout: 60_000 },
  async () => {
    const volume = noiseVolume([64, 60, 56]);
    const models = [4, 5, 6, 7, 8].map(modelOf);
    const runtime = new SessionKeeper().keeping(nodeRuntime(1));
    const keepers = { maskKeeper: new MaskKeeper(), preparedKeeper: new PreparedKeeper() };
    const held: Held[] = [];
    for (let round = 0; round < 3; round++) {
      for (const model of models) await analyse({ volume, model, place: nodePlace }, runtime, keepers);
      held.push(await heldNow());
    }
    // One prepared volume that is not let go would be more, and so would the memory of ten sessions.
    expect(held[2]!.buffers - held[0]!.buffers).toBeLessThan(4 * volume.samples.length);
    expect(held[2]!.resident - held[0]!.resident).toBeLessThan(40 * 2 ** 20);
  },
);
