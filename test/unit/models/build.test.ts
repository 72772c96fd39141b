import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel, parseManifest } from '@overread/core/model';
import { runSelfTest } from '@overread/core/pipeline';
import { buildModels, sources } from '../../../models/build.ts';
import { nodeRuntime } from '../../../inference-server/src/inference/node-runtime.ts';

let folder: string;
let first: readonly string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overread-models-'));
  first = await buildModels(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const load = (id: string) => loadModel(async (path) => new Uint8Array(await readFile(join(folder, id, path))));

describe('buildModels', () => {
  it('writes every model once, then leaves it alone', async () => {
    expect(first).toEqual(['ct-tissue', 'ct-nodule', 'ct-lung-signs']);
    const before = await stat(join(folder, 'ct-nodule/graph.onnx'));
    expect(await buildModels(folder)).toEqual([]);
    expect((await stat(join(folder, 'ct-nodule/graph.onnx'))).mtimeMs).toBe(before.mtimeMs);
  });

  it('writes a model again whose file was changed', async () => {
    await writeFile(join(folder, 'ct-tissue/graph.onnx'), 'damaged');
    expect(await buildModels(folder)).toEqual(['ct-tissue']);
    await expect(load('ct-tissue')).resolves.toBeDefined();
  });

  it('lists the models with versions and paths', async () => {
    const list = JSON.parse(await readFile(join(folder, 'models.json'), 'utf8')) as unknown;
    const models = sources.map(({ manifest: { id, version } }) => ({ id, version, path: `${id}/model.json` }));
    expect(list).toEqual({ models });
  });

  it.each(['ct-tissue', 'ct-nodule'])('gives %s a manifest in order and a self-test that can fail', async (id) => {
    const model = await load(id);
    expect(() => parseManifest(model.manifest)).not.toThrow();
    const { expected, tolerance } = model.manifest.selfTest;
    expect(expected.filter((value) => Math.abs(value) > 20 * tolerance).length).toBeGreaterThan(10);
    await expect(runSelfTest(model, nodeRuntime(2))).resolves.toBeUndefined();
  });

  it('gives ct-lung-signs a self-test with both its scores, neither at an end of its range', async () => {
    const model = await load('ct-lung-signs');
    const { expected } = model.manifest.selfTest;
    expect(expected).toHaveLength(2);
    for (const score of expected) expect(Math.abs(score - 0.5)).toBeLessThan(0.45);
    await expect(runSelfTest(model, nodeRuntime(2))).resolves.toBeUndefined();
  });
});
