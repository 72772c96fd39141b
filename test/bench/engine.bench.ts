// The inference engine, beside bare calls of ONNX Runtime on the same tiles.
// `npm run bench -- engine [part…]`; docs/performance.md says how each measure is taken.
import { loadavg } from 'node:os';
import { browserAnalysis } from './engine/browser-analysis.ts';
import { components } from './engine/components.ts';
import { estimates } from './engine/estimate.ts';
import { onGpu } from './engine/gpu.ts';
import { memory } from './engine/memory.ts';
import { nodeAnalysis } from './engine/node-analysis.ts';
import { places } from './engine/places.ts';
import { resampling } from './engine/resample.ts';
import { transposed } from './engine/transposed.ts';
import { printHeading, printJson, printTable, type Measure } from './report.ts';

const repeats = 3;
const parts: Readonly<Record<string, () => Promise<readonly Measure[]> | readonly Measure[]>> = {
  node: () => nodeAnalysis(repeats),
  browser: () => browserAnalysis(repeats),
  resample: () => resampling(repeats),
  components: () => components(repeats),
  memory,
  places: () => places(repeats),
  estimate: () => estimates(repeats),
  transposed: () => transposed(repeats),
  gpu: () => onGpu(repeats),
};

const asked = process.argv.slice(3);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`No part named ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
console.log(`Load average ${loadavg()[0]!.toFixed(2)} at the start.`);
printHeading('engine');
const measures: Measure[] = [];
for (const [name, part] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const found = await part();
  printTable(found);
  measures.push(...found);
}
printJson('engine', measures);
