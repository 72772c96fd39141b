import { expect, test } from 'vitest';
import { nodeRuntime } from '../../../inference-server/src/inference/node-runtime.ts';
import { convolutionGraph } from '../../support/test-models.ts';

// Outputs come as ONNX Runtime made them: nothing but this would tell if it began to use their memory again.
test('what a session answered stays as it is while it runs again, and after it is released', async () => {
  const session = await nodeRuntime(1).createSession(convolutionGraph([2]));
  const feed = (seed: number) => {
    const data = Float32Array.from({ length: 24 ** 3 }, (_, n) => Math.sin(n * seed));
    return { input: { type: 'float32', dims: [1, 1, 24, 24, 24], data } as const };
  };
  const [first] = Object.values(await session.run(feed(0.1)));
  const copy = first!.data.slice();
  const others = [];
  for (let n = 2; n < 20; n++) others.push(...Object.values(await session.run(feed(n))));
  expect(others.at(-1)!.data).not.toEqual(copy);
  await session.release();
  expect(first!.data).toEqual(copy);
});

test('the thread that asks is free while the graph runs', async () => {
  const session = await nodeRuntime(1).createSession(convolutionGraph([2]));
  expect(session.offThread).toBe(true);
  const data = new Float32Array(64 ** 3);
  let turns = 0;
  let running = true;
  const turn = () => {
    turns++;
    if (running) setImmediate(turn);
  };
  turn();
  await session.run({ input: { type: 'float32', dims: [1, 1, 64, 64, 64], data } });
  running = false;
  await session.release();
  expect(turns).toBeGreaterThan(10);
});
