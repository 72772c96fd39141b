import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { analyse } from '@overread/core/pipeline';
import { nodeRuntime, defaultThreads } from '../../../inference-server/src/inference/node-runtime.ts';
import type { Measure } from '../report.ts';
import { head, manyClassesModel, meshNetModel, syntheticVolume, uNetModel } from './workloads.ts';

const place = { location: 'server', runtime: 'node-cpu', threads: defaultThreads, device: null, skipped: [] } as const;
const mebibytes = (bytes: number): number => bytes / 2 ** 20;

/** Each in a process of its own, so that one does not stand on what another left. */
export function memory(): readonly Measure[] {
  return ['many-classes', 'ten-runs', 'five-models'].flatMap((part) => {
    const out = execFileSync(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), part], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return JSON.parse(out.trim().split('\n').at(-1) ?? '[]') as Measure[];
  });
}

async function manyClasses(): Promise<readonly Measure[]> {
  const volume = head();
  const model = manyClassesModel();
  gc();
  const before = process.memoryUsage().rss;
  const start = performance.now();
  await analyse({ volume, model, place }, nodeRuntime(defaultThreads));
  const seconds = (performance.now() - start) / 1000;
  // The kernel's own high-water mark: nothing between two looks is missed.
  const peak = process.resourceUsage().maxRSS * 1024;
  const aim = { op: '<=', value: 1.5 } as const;
  return [
    { id: '104 classes on 256^3: peak beyond the input', value: (peak - before) / 1e9, unit: 'GB', aim },
    { id: '104 classes on 256^3: analysis', value: seconds, unit: 's', aim: null },
  ];
}

async function tenRuns(): Promise<readonly Measure[]> {
  const volume = syntheticVolume([128, 128, 96], 'MR');
  const model = meshNetModel();
  const after: number[] = [];
  for (let run = 0; run < 10; run++) {
    await analyse({ volume, model, place }, nodeRuntime(defaultThreads));
    gc();
    after.push(process.memoryUsage().rss);
  }
  return [growth('10 runs of one model: growth from the 3rd to the 10th', after[2]!, after[9]!)];
}

async function fiveModels(): Promise<readonly Measure[]> {
  const volume = syntheticVolume([128, 128, 96], 'MR');
  const models = [meshNetModel(), uNetModel(), meshNetModel(), uNetModel(), meshNetModel()];
  const after: number[] = [];
  for (let round = 0; round < 3; round++) {
    for (const model of models) await analyse({ volume, model, place }, nodeRuntime(defaultThreads));
    gc();
    after.push(process.memoryUsage().rss);
  }
  return [growth('5 models in turn: growth from the 1st to the 3rd round', after[0]!, after[2]!)];
}

function growth(id: string, from: number, to: number): Measure {
  return { id, value: mebibytes(to - from), unit: 'MiB', aim: { op: '<=', value: 50 } };
}

function gc(): void {
  globalThis.gc?.();
}

if (import.meta.main) {
  const parts = { 'many-classes': manyClasses, 'ten-runs': tenRuns, 'five-models': fiveModels };
  const part = parts[process.argv[2] as keyof typeof parts];
  console.log(JSON.stringify(await part()));
}
