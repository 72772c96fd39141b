import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModel } from '@overread/core/model';
import { analyse, SessionKeeper } from '@overread/core/pipeline';
import { choosePlace } from '../../inference-server/src/inference/choose-place.ts';
import { noiseVolume } from './noise-volume.ts';

// A program: `node node-place.ts <off|any> <package folder> <ni> <nj> <nk>` runs a package on a noise volume as the server does, with that
// choice of a GPU. A process of its own, since its environment decides which GPU there is. Prints one line of JSON.

const [gpu, folder = '', ...extents] = process.argv.slice(2);
const [ni = 1, nj = 1, nk = 1] = extents.map(Number);
const ignore = () => undefined;
const chosen = await choosePlace({
  model: await loadModel(async (path) => new Uint8Array(await readFile(join(folder, path)))),
  threads: 1,
  gpu: gpu === 'any' ? 'any' : 'off',
  ruledOut: { skipped: [], tooLarge: [] },
  sessions: new SessionKeeper(),
  passedSelfTests: [],
  events: { onProgress: ignore, onSelfTestPassed: ignore, onAttempt: ignore },
});
const { model, place, runtime } = chosen;
const { labelMaps } = await analyse({ volume: noiseVolume([ni, nj, nk]), model, place }, runtime);
console.log(JSON.stringify({ place, labels: Buffer.concat(labelMaps.map(({ labels }) => labels)).toString('base64') }));
