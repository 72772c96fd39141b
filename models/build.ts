import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseManifest, sha256Hex, type ManifestSource } from '@overread/core/model';
import { recordedSelfTest } from '@overread/core/pipeline';
import { ctLungSigns } from './ct-lung-signs/manifest.ts';
import { ctNodule } from './ct-nodule/manifest.ts';
import { ctTissue } from './ct-tissue/manifest.ts';
import { nodeRuntime } from '../inference-server/src/inference/node-runtime.ts';
import type { ModelSource } from './package.ts';

/** The reference models, in the order they are listed. */
export const sources: readonly ModelSource[] = [ctTissue, ctNodule, ctLungSigns];

/**
 * Writes the model packages and their list: `<folder>/models.json` and `<folder>/<id>/{model.json, graph.onnx, card.md}`.
 * A package whose graph, manifest and card are what this program would write is left alone.
 * @returns ids of the packages written
 */
export async function buildModels(folder: string): Promise<readonly string[]> {
  const written: string[] = [];
  for (const source of sources)
    if (await buildModel(source, join(folder, source.manifest.id))) written.push(source.manifest.id);
  const models = sources.map(({ manifest: { id, version } }) => ({ id, version, path: `${id}/model.json` }));
  await writeFile(join(folder, 'models.json'), `${JSON.stringify({ models }, null, 2)}\n`);
  return written;
}

async function buildModel(source: ModelSource, folder: string): Promise<boolean> {
  const graph = source.graph();
  const claim = { path: 'graph.onnx', sha256: sha256Hex(graph), bytes: graph.byteLength };
  const draft = ({ expected, outputs }: Recorded): ManifestSource => ({
    ...source.manifest,
    graph: claim,
    selfTest: { ...source.selfTest, expected, ...(outputs !== undefined && { outputs }) },
  });
  const card = join(source.folder, 'card.md');
  if (await isUpToDate(draft, card, folder, source.selfTestCount)) return false;

  const untested = { manifest: parseManifest(draft({ expected: [] })), graph };
  const recorded = await recordedSelfTest(untested, nodeRuntime(1), source.selfTestCount);
  const manifest = parseManifest(draft(recorded));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'graph.onnx'), graph);
  await copyFile(card, join(folder, 'card.md'));
  await writeFile(join(folder, 'model.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return true;
}

/** What the graph answered to its self-test. */
type Recorded = Pick<ManifestSource['selfTest'], 'expected' | 'outputs'>;

async function isUpToDate(
  draft: (recorded: Recorded) => ManifestSource,
  card: string,
  folder: string,
  count: number,
): Promise<boolean> {
  try {
    const manifest = parseManifest(JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')));
    const { expected, outputs } = manifest.selfTest;
    const sameManifest = JSON.stringify(manifest) === JSON.stringify(parseManifest(draft(manifest.selfTest)));
    const allOutputs = manifest.outputs.length === 1 || outputs !== undefined;
    const sameGraph = sha256Hex(await readFile(join(folder, 'graph.onnx'))) === manifest.graph.sha256;
    const sameCard = (await readFile(join(folder, 'card.md'), 'utf8')) === (await readFile(card, 'utf8'));
    return sameManifest && sameGraph && sameCard && allOutputs && expected.length === count;
  } catch {
    // Missing or unreadable: it is written anew.
    return false;
  }
}

if (import.meta.main) {
  const folder = resolve(import.meta.dirname, '../dist/models');
  await mkdir(folder, { recursive: true });
  const written = await buildModels(folder);
  console.log(written.length === 0 ? 'models are up to date' : `models written: ${written.join(', ')}`);
}
