import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Analysis } from '@overread/core/analysis';
import { softwareGpu, softwareVulkan } from '../support/chromium.ts';
import { greedyGraph, packageOf } from '../support/test-models.ts';
import { croppedWindow } from '../support/tiny-manifest.ts';

// What a GPU of onnxruntime-node has room for is known by nobody beforehand. 1.5 GB in one value is more than a software one gives.

const cube = (edge: number): [number, number, number] => [edge, edge, edge];
const graph = greedyGraph(1_400, { hidden: true });
const dims = cube(64);

type Answer = Pick<Analysis, 'place' | 'warnings'> & { readonly labels: string };

describe.skipIf(!existsSync(softwareVulkan))('a GPU of the server without room for a window (SwiftShader)', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-room-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function run(smaller: [number, number, number][]): Promise<Answer> {
    const patch = { ...croppedWindow(dims, cube(0)), smaller };
    const files = await packageOf(graph, [1, 1, 6, 7, 8], { input: { name: 'input', spacing: 'native', patch } });
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const program = join(import.meta.dirname, '../support/node-place.ts');
    const settings = { env: { ...process.env, ...softwareGpu }, maxBuffer: 2 ** 24 };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [program, 'any', folder, ...dims.map(String)],
      settings,
    );
    return JSON.parse(stdout.slice(stdout.indexOf('{"place"'))) as Answer;
  }

  it('goes on there in smaller windows, and that is said', async () => {
    const { place, warnings, labels } = await run([cube(16)]);
    expect(place).toMatchObject({ runtime: 'node-gpu', skipped: [] });
    const message = expect.stringMatching(/windows of 16 × 16 × 16.*the GPU could not make a buffer/) as string;
    expect(warnings).toEqual([{ code: 'pipeline.smaller-windows', message }]);
    expect(Buffer.from(labels, 'base64')).toHaveLength(64 ** 3);
  }, 120_000);

  it('leaves it to the processor where there are none, and that is said', async () => {
    const { place, warnings } = await run([]);
    const reason = expect.stringMatching(/the GPU could not make a buffer/) as string;
    expect(place).toMatchObject({ runtime: 'node-cpu', skipped: [{ runtime: 'node-gpu', reason }] });
    expect(warnings).toEqual([]);
  }, 120_000);
});
