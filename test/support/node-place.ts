import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModel } from '@overread/core/model';
import { analyse, SessionKeeper } from '@overread/core/pipeline';
import type { Search } from '../../inference-server/src/inference/choose-place.ts';
import { computeWherePossible } from '../../inference-server/src/inference/where-possible.ts';
import { noiseVolume } from './noise-volume.ts';

// A program: `node node-place.ts <off|any> <package folder> <ni> <nj> <nk>` runs a package on a noise volume as the server does, with that
// choice of a GPU. A process of its own, since its environment decides which GPU there is. Prints one line of JSON.

const [gpu, folder = '', ...extents] = process.argv.slice(2);
const [ni = 1, nj = 1, nk = 1] = extents.map(Number);
const ignore = () => undefined;
const search: Search = {
  model: await loadModel(async (path) => new Uint8Array(await readFile(join(folder, path)))),
  threads: 1,
  gpu: gpu === 'any' ? 'any' : 'off',
  ruledOut: { skipped: [], tooLarge: [] },
  sessions: new SessionKeeper(),
  passedSelfTests: [],
  events: { onProgress: ignore, onSelfTestPassed: ignore, onAttempt: ignore },
};
const { labelMaps, place, warnings } = await computeWherePossible(search, async ({ model, runtime, ...chosen }) => {
  const analysis = await analyse({ volume: noiseVolume([ni, nj, nk]), model, place: chosen.place }, runtime);
  return { ...analysis, warnings: [...analysis.warnings, ...chosen.warnings] };
});
const labels = Buffer.concat(labelMaps.map((map) => map.labels)).toString('base64');
console.log(JSON.stringify({ place, warnings, labels }));
