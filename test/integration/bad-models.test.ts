import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GraphBuilder, readModel, writeModel } from '@overread/core/graph';
import type { ManifestSource } from '@overread/core/model';
import { jobStatusSchema } from '@overread/core/protocol';
import { buildApp } from '@overread/server';
import { Archive } from '../../inference-server/src/dicomweb/archive.ts';
import { loadSeries } from '../../inference-server/src/dicomweb/load-series.ts';
import { followJob } from '../support/follow-job.ts';
import { layPackages } from '../support/laid-packages.ts';
import { hasOrthanc, startOrthanc, type Orthanc } from '../support/orthanc.ts';
import { pixelSeries } from '../support/pixel-series.ts';
import { convolutionGraph, labelGraph, packageOf, testPackage, type PackageFiles } from '../support/test-models.ts';
import { tinyManifest } from '../support/tiny-manifest.ts';
import { launchBrowser, openPage } from '../support/worker-page/browser.ts';
import { volumeFiles } from '../support/worker-page/files.ts';
import { bundleSite, serveSite, type Site } from '../support/worker-page/site.ts';

// Models that are wrong, each in its own way, in the worker and on the server: refused by the same name, and nothing is drawn.

const series = pixelSeries([16, 14, 12]);
const { studyInstanceUID, seriesInstanceUID } = series.geometry;

/** Graphs in graphs in graphs, more than any network has. */
function deepGraph(): Uint8Array {
  const model = new GraphBuilder('innermost').toModel();
  let inner = model.graph!;
  for (let depth = 0; depth < 20; depth++) {
    const around = new GraphBuilder('around');
    around.node('Loop', [], { body: { graph: inner } });
    inner = around.toGraph();
  }
  return writeModel({ ...model, graph: inner });
}

/** Weights that are said to stand in another file of the machine that runs it. */
function graphOutside(): Uint8Array {
  const model = readModel(convolutionGraph([3]));
  const graph = model.graph!;
  const initializer = graph.initializer.map((tensor) => ({
    ...tensor,
    dataLocation: 1,
    externalData: [{ key: 'location', value: '/etc/hostname' }],
  }));
  return writeModel({ ...model, graph: { ...graph, initializer } });
}

/** The square root of HU + 1.5: a number for the self-test's input, none for air. */
function rootGraph(): Uint8Array {
  const g = new GraphBuilder('root');
  const root = g.node('Sqrt', [g.node('Add', [g.input('input', 'float32', [1, 1, 'D', 'H', 'W']), g.scalar(1.5)])]);
  g.output(g.node('Concat', [root, root], { axis: 1 }), 'float32', [1, 2, 'D', 'H', 'W'], 'logits');
  return g.toBytes();
}

const whole: ManifestSource['input'] = { name: 'input', spacing: 'native', patch: { mode: 'whole' } };

/** A table of one label round a graph that answers two. */
async function labelsBeyondTable(id: string): Promise<PackageFiles> {
  const [output] = tinyManifest(new Uint8Array(1)).outputs;
  const labels = output?.kind === 'maskLogits' ? output.labels : [];
  return packageOf(labelGraph(), [1, 1, 6, 7, 8], { id, outputs: [{ kind: 'labelMap', name: 'labels', labels }] });
}

async function withSelfTest(id: string, shift: number): Promise<PackageFiles> {
  const files = await testPackage(convolutionGraph([3]), { id });
  const manifest = JSON.parse(new TextDecoder().decode(files['model.json'])) as { selfTest: { expected: number[] } };
  const expected = manifest.selfTest.expected.map((value) => value + shift);
  const json = JSON.stringify({ ...manifest, selfTest: { ...manifest.selfTest, expected } });
  return { ...files, 'model.json': new TextEncoder().encode(json) };
}

/** Files with the checksums that they have, whatever they are. */
function claimed(id: string, graph: Uint8Array, changes: Partial<ManifestSource> = {}): PackageFiles {
  const manifest = tinyManifest(graph, { id, ...changes });
  return {
    'model.json': new TextEncoder().encode(JSON.stringify(manifest)),
    'graph.onnx': graph,
    'card.md': new TextEncoder().encode('# Test\n'),
  };
}

interface Case {
  readonly id: string;
  readonly files: (id: string) => Promise<PackageFiles> | PackageFiles;
  /** In the worker, where several places are tried, and on the server. */
  readonly codes: readonly [worker: string, server: string];
  readonly says: RegExp;
}

const both = (code: string) => [code, code] as const;
const cases: readonly Case[] = [
  {
    id: 'no-numbers',
    files: (id) => packageOf(rootGraph(), [1, 1, 6, 7, 8], { id }),
    codes: both('pipeline.bad-output'),
    says: /'logits'.*NaN/,
  },
  { id: 'beyond-table', files: labelsBeyondTable, codes: both('pipeline.bad-output'), says: /'labels'.*\b2\b/ },
  {
    id: 'other-values',
    files: (id) => withSelfTest(id, 0.5),
    codes: ['runtime.unavailable', 'pipeline.self-test-failed'],
    says: /largest difference is 0\.500/,
  },
  {
    id: 'misfit',
    files: (id) =>
      claimed(id, convolutionGraph([2]), { input: { ...whole, channels: [{ name: 'one' }, { name: 'one more' }] } }),
    codes: both('model.graph-mismatch'),
    says: /input\.channels: the graph takes 1 along C/,
  },
  {
    id: 'no-graph',
    files: (id) => claimed(id, new TextEncoder().encode('this is no graph')),
    codes: both('model.graph-unusable'),
    says: /./,
  },
  {
    id: 'too-deep',
    files: (id) => claimed(id, deepGraph()),
    codes: both('graph.over-limit'),
    says: /graphs inside each other, of 12 at most/,
  },
  {
    id: 'outside',
    files: (id) => claimed(id, graphOutside()),
    codes: both('graph.external-data'),
    says: /tensor/,
  },
  {
    id: 'cut-short',
    files: (id) => claimed(id, convolutionGraph([3]).slice(0, 300)),
    codes: both('model.graph-unusable'),
    says: /./,
  },
];

describe.skipIf(!hasOrthanc)('a bad model (packages orthanc, orthanc-dicomweb)', () => {
  let folder: string;
  let orthanc: Orthanc;
  let app: FastifyInstance;
  let api: string;
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-bad-'));
    site = await serveSite(await bundleSite(), { isolated: true });
    const good = { id: 'good', files: (id: string) => testPackage(convolutionGraph([3]), { id }) };
    const packages: Record<string, PackageFiles> = {};
    for (const { id, files } of [...cases, good]) packages[id] = await files(id);
    await layPackages(folder, site, packages);
    orthanc = await startOrthanc();
    await orthanc.add(series.files());
    const archive = { root: orthanc.dicomWeb, headers: {} };
    const { volume } = await loadSeries(new Archive(archive), series.geometry, () => undefined);
    site.put('volume', volumeFiles(volume));
    app = buildApp({ archive, models: folder, threads: 1 });
    api = `${await app.listen({ host: '127.0.0.1', port: 0 })}/api/v1`;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all([app.close(), orthanc.stop(), site.close()]);
    await rm(folder, { recursive: true });
  });

  const onServer = async (model: string) => {
    const payload = { studyInstanceUID, seriesInstanceUID, model };
    const job = await app.inject({ method: 'POST', url: '/api/v1/analyses', payload });
    return (await followJob(api, jobStatusSchema.parse(job.json()).id)).at(-1)!;
  };

  it.each(cases)('is refused by name in the worker, and the next one runs: $id', async ({ id, codes, says }) => {
    const { run, page } = await openPage(browser, site.url);
    const answer = await run({ modelUrl: `${site.url}${id}/model.json`, volumeUrl: `${site.url}volume/` });
    expect(answer).toMatchObject({ ok: false, code: codes[0], message: expect.stringMatching(says) as string });
    const next = await run({ modelUrl: `${site.url}good/model.json`, volumeUrl: `${site.url}volume/` });
    expect(next).toMatchObject({ ok: true });
    await page.context().close();
  });

  it.each(cases)('is refused by name on the server, and the next one runs: $id', async ({ id, codes, says }) => {
    const last = await onServer(id);
    expect(last).toMatchObject({ kind: 'failed', error: { code: codes[1] } });
    expect(JSON.stringify(last)).toMatch(says);
    expect(await onServer('good')).toEqual({ kind: 'done' });
  });
});
