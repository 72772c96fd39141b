import { readFileSync } from 'node:fs';
import { memoryNeed, readModel } from '@overread/core/graph';
import type { Tensor } from '@overread/core/pipeline';
import { nodeRuntime } from '../../inference-server/src/inference/node-runtime.ts';
import { resizedSkips, windowAttention } from './computed-networks.ts';
import { randomTensor } from './graph-run.ts';
import { meshNet, uNet } from './networks.ts';

// A program: `node peak-memory.ts <network> <edge>` runs a network once on a cube of noise and prints one line of JSON: what the estimate says and
// what the process took on top of what it had. A process of its own, since the highest mark of memory never goes down.

const networks: Readonly<Record<string, () => Uint8Array>> = {
  meshNet: () => meshNet(8, 30, [1, 2, 4, 2, 1]),
  uNet: () => uNet(16, 3, 3),
  windowAttention: () => windowAttention(24),
  resizedSkips: () => resizedSkips(16),
};

const [name = '', edge = '0'] = process.argv.slice(2);
const graph = networks[name]!();
const extent = Number(edge);
const feedsOf = (side: number): Record<string, Tensor> => ({
  input: { type: 'float32', ...randomTensor([1, 1, side, side, side], 1) },
});
const shapes = { input: [1, 1, extent, extent, extent] };
const runtime = nodeRuntime(1);
// What a runtime takes once.
const small = await runtime.createSession(graph, {});
await small.run(feedsOf(8));
await small.release();
const session = await runtime.createSession(graph, shapes);
const feeds = feedsOf(extent);
const before = statusOf('VmRSS');
await session.run(feeds);
const { values, unknown } = memoryNeed(readModel(graph), shapes);
console.log(JSON.stringify({ estimate: values, unknown, measured: statusOf('VmHWM') - before }));
await session.release();

/** Of this process, bytes. */
function statusOf(mark: 'VmRSS' | 'VmHWM'): number {
  const found = new RegExp(`^${mark}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(found![1]) * 1024;
}
