import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tmpdir } from 'node:os';
import { GraphBuilder, writeModel } from '@overread/core/graph';
import { readManifest, sha256Hex, type ManifestSource } from '@overread/core/model';
import { buildModels } from '../../../../models/build.ts';
import type { CheckReport } from '../../../../tools/overread-model/src/check/report.ts';
import { printable } from '../../../../tools/overread-model/src/terminal.ts';
import { hostileGraphs } from '../../../support/hostile-graphs.ts';
import { inFolder, overreadModel } from '../../../support/model-command.ts';
import { neighbourGraph } from '../../../support/neighbour-graph.ts';
import { uNet } from '../../../support/networks.ts';
import { promptModel } from '../../../support/prompt-model.ts';
import { convolutionGraph, upAndDownGraph } from '../../../support/test-models.ts';

let models: string;
beforeAll(async () => {
  models = await mkdtemp(join(tmpdir(), 'overread-models-'));
  await buildModels(models);
});
afterAll(() => rm(models, { recursive: true }));

/** A copy of ct-tissue's package, changed. */
function withTissue<T>(work: (folder: string) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    const copy = join(folder, 'ct-tissue');
    await cp(join(models, 'ct-tissue'), copy, { recursive: true });
    return work(copy);
  });
}

/** A promptable model that was never recorded. */
function withMarks<T>(work: (folder: string) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    const { manifest, graph, decoder } = promptModel([18, 24]);
    const selfTest = { ...manifest.selfTest, shape: [1, 1, 18, 24], expected: Array<number>(40).fill(0) };
    await writeFile(join(folder, 'model.json'), JSON.stringify({ ...manifest, selfTest }));
    await writeFile(join(folder, manifest.graph.path), graph);
    await writeFile(join(folder, 'decoder.onnx'), decoder);
    await writeFile(join(folder, 'card.md'), '# Marks\n');
    return work(folder);
  });
}

async function edit(folder: string, change: (manifest: ManifestSource) => void): Promise<void> {
  const file = join(folder, 'model.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as ManifestSource;
  change(manifest);
  await writeFile(file, JSON.stringify(manifest));
}

/** What `check --json --no-run` finds. */
async function faultsOf(folder: string): Promise<readonly string[]> {
  const { status, out } = await overreadModel('check', folder, '--json', '--no-run');
  const { faults } = JSON.parse(out) as CheckReport;
  expect(status).toBe(faults.some(({ severity }) => severity === 'error') ? 1 : 0);
  return faults.map(({ severity, part, message }) => `${severity} ${part} ${message}`);
}

describe('overread-model', () => {
  it('says what it can do, and does not guess what it was not told', async () => {
    const { status, out } = await overreadModel('--help');
    expect(status).toBe(0);
    for (const command of ['init', 'check', 'selftest', 'pack', 'unpack', 'import monai-bundle', 'import nnunet']) {
      expect(out).toContain(`  ${command} `);
    }
    for (const line of [
      ['conjure'],
      ['check'],
      ['check', 'a', 'b'],
      ['pack', 'a', '--loud'],
      ['selftest', 'a', '--tolerance', 'much'],
      ['import', 'keras', 'a', '--out', 'b'],
      ['init', 'a'],
    ]) {
      const { status: unusable, err } = await overreadModel(...line);
      expect([unusable, err], line.join(' ')).toEqual([2, expect.stringContaining('--help')]);
    }
    expect(await overreadModel('check', '/nowhere/at/all')).toMatchObject({
      status: 2,
      err: expect.stringContaining('/nowhere/at/all') as string,
    });
  });
});

describe('check', () => {
  it('finds nothing wrong with a package in order, and runs it in Node and in WebAssembly', async () => {
    const { status, out } = await overreadModel('check', join(models, 'ct-tissue'), '--json');
    const report = JSON.parse(out) as CheckReport;
    expect(status).toBe(0);
    expect(report.faults).toEqual([]);
    expect(report.graph).toMatchObject({
      nodes: 3,
      inputs: ['image float32 [1, 1, D, H, W]'],
      opsets: { 'ai.onnx': 17 },
    });
    expect(report.places.map(({ place, nodes }) => [place, nodes])).toEqual([
      ['webgpu', { gpu: 3, cpu: 0, fails: 0 }],
      ['node-gpu', { gpu: 3, cpu: 0, fails: 0 }],
      ['wasm', { gpu: 0, cpu: 3, fails: 0 }],
      ['node-cpu', { gpu: 0, cpu: 3, fails: 0 }],
    ]);
    expect(report.runs.map(({ place, passed }) => [place, passed])).toEqual([
      ['node-cpu', true],
      ['wasm', true],
    ]);
    for (const { differences } of report.runs) {
      expect(differences.map(({ of }) => of)).toEqual(['graph']);
      expect(differences[0]!.largest).toBeLessThan(differences[0]!.tolerance);
    }
  }, 60_000);

  it('tells a person the same', async () => {
    const { out } = await overreadModel('check', join(models, 'ct-tissue'), '--no-run');
    expect(out).toMatch(/ct-tissue 1\.0\.0 \([0-9a-f]{12}\)/);
    expect(out).toContain('webgpu, node-gpu: 3 on the GPU');
    expect(out.endsWith('0 errors, 0 warnings')).toBe(true);
  });

  it.each<[string, (folder: string) => Promise<void>, readonly (string | RegExp)[]]>([
    [
      'a manifest that is none',
      (folder) => writeFile(join(folder, 'model.json'), '{'),
      ['error manifest (root): not a JSON document'],
    ],
    [
      'fields and references that are wrong',
      (folder) =>
        edit(folder, (manifest) => {
          Object.assign(manifest, { version: 'one', colour: 'red' });
        }),
      [/error manifest version: /, 'error manifest (root): unrecognized key: "colour"'],
    ],
    [
      'a graph that changed',
      (folder) => writeFile(join(folder, 'graph.onnx'), 'other'),
      [/error files .*graph\.onnx has 5 bytes where the manifest says/],
    ],
    ['a card that is not there', (folder) => rm(join(folder, 'card.md')), [/error files .*card\.md/]],
    [
      'a card that says nothing',
      (folder) => writeFile(join(folder, 'card.md'), ' \n'),
      ['error files card.md is empty'],
    ],
    [
      'what is still to be written',
      (folder) => edit(folder, (manifest) => (manifest.summary = 'TODO: a sentence')),
      ['error manifest summary: still to be written: a sentence'],
    ],
    [
      'a graph that does not fit',
      (folder) => edit(folder, (manifest) => (manifest.input.channels = [{ name: 'a' }, { name: 'b' }])),
      [/error graph input\.channels: the graph takes 1 along C, where the manifest gives 2/],
    ],
  ])('names %s', async (_, change, expected) => {
    const faults = await withTissue(async (folder) => {
      await change(folder);
      return faultsOf(folder);
    });
    expect(faults).toEqual(
      expected.map((each) => (typeof each === 'string' ? each : (expect.stringMatching(each) as string))),
    );
  });

  it('warns of what only a GPU cannot run, and says what is rewritten for it', async () => {
    const { status, out } = await packageOf(upAndDownGraph({ constant: true }), (folder) =>
      overreadModel('check', folder, '--no-run'),
    );
    expect(out).toMatch(/webgpu, node-gpu: \d+ on the GPU.*, 2 rewritten before/);
    // What shapes need is one line, the operators with their counts.
    expect(out).toMatch(/\n {2}(?:\d* ?\w+, )+\w+ on the processor: WebGPU does not compute with int64\n/);
    expect(status).toBe(1);
    const unhelped = await packageOf(upAndDownGraph({ constant: false }), faultsOf);
    expect(unhelped.filter((fault) => fault.startsWith('warning'))).toEqual([
      expect.stringMatching(/warning places webgpu would fail: .*grouped 3-D Conv fails at run time/),
      expect.stringMatching(/warning places node-gpu would fail: /),
    ]);
  });

  it('says what is rewritten for processors, in one line for all nodes of which the same became', async () => {
    const { out } = await packageOf(uNet(2, 3, 3), (folder) => overreadModel('check', folder, '--no-run'));
    expect(out).toMatch(
      /wasm, node-cpu: \d+ on the processor, 5 rewritten before\n {2}instance-norm: \S+, \S+ and 3 more become mean and variance axis by axis/,
    );
    expect(out).toMatch(/webgpu, node-gpu: .*, 2 rewritten before\n {2}conv-transpose-3d: /);
  });

  it.each([
    ['many outputs of labels', /final-arg-max: v0 becomes output x0/],
    ['many normalizations', /wasm would fail: .*rewriting it would make more than 20000 nodes/],
    ['groups beyond counting', /grouped-conv-3d cannot rewrite v0, v1 and \d+ more: it would become \d+ convolutions/],
  ])('stays short on a graph made to cost much: %s', async (name, expected) => {
    const graph = writeModel(hostileGraphs(1 / 4)[name]!());
    const { status, out } = await packageOf(graph, (folder) => overreadModel('check', folder, '--no-run'));
    expect(status).toBe(1);
    expect(out).toMatch(expected);
    expect(out.length).toBeLessThan(60_000);
    expect(out.split('\n').length).toBeLessThan(700);
  });

  it('tells of a decoder what would run where, and what does not fit', async () => {
    await withMarks(async (folder) => {
      const { status, out } = await overreadModel('check', folder, '--no-run');
      expect([status, out]).toEqual([0, expect.stringMatching(/^decoder on webgpu, node-gpu: \d+ on the GPU/m)]);
      await edit(folder, ({ prompts }) => (prompts!.masks = 'other'));
      expect(await faultsOf(folder)).toEqual(["error graph prompts.masks: the decoder has no output 'other'"]);
    });
  });

  it('runs the decoder once its answer is recorded, and names one that answers otherwise', async () => {
    await withMarks(async (folder) => {
      const unrecorded = await overreadModel('check', folder);
      expect([unrecorded.status, unrecorded.out]).toEqual([
        1,
        expect.stringContaining('error (self-test) selfTest.decoder: nothing is recorded'),
      ]);
      const recorded = await overreadModel('selftest', folder, '--record');
      expect(recorded.out).toMatch(/^\d+ values recorded, .*\n\d+ of its masks, from -4 to 4$/);
      expect(await overreadModel('selftest', folder)).toMatchObject({
        status: 0,
        out: expect.stringMatching(
          /^passed: largest difference .*\npassed: largest difference of the decoder /,
        ) as string,
      });
      expect((await overreadModel('check', folder)).status).toBe(0);

      await edit(folder, ({ prompts }) => (prompts!.constants = { gain: [9] }));
      const { status, out } = await overreadModel('check', folder);
      expect(status).toBe(1);
      for (const place of ['node-cpu', 'wasm'])
        expect(out).toContain(`error (self-test) ${place}: largest difference of the decoder 0.500, allowed 0.0001`);
    });
  }, 60_000);

  it('names a self-test that fails, with both numbers, at each place', async () => {
    await withTissue(async (folder) => {
      await edit(folder, ({ selfTest }) => (selfTest.expected[3] = selfTest.expected[3]! + 0.5));
      const { status, out } = await overreadModel('check', folder);
      expect(status).toBe(1);
      expect(out).toMatch(/error \(self-test\) node-cpu: largest difference 0\.50\d, allowed 0\.001/);
      expect(out).toMatch(/error \(self-test\) wasm: largest difference 0\.50\d, allowed 0\.001/);
    });
  }, 60_000);
});

/** A package that `init` began, round a graph. */
function packageOf<T>(graph: Uint8Array, work: (folder: string) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    const file = join(folder, 'net.onnx');
    await writeFile(file, graph);
    const begun = join(folder, 'begun');
    expect(await overreadModel('init', begun, '--graph', file)).toMatchObject({ status: 0, err: '' });
    return work(begun);
  });
}

describe('what is printed', () => {
  it('does not steer the terminal, whatever a graph calls its values', () => {
    const name = '\u001b[2J\u0007\r\u009b31m\u202ecba';
    expect(printable(`in ${name}\nout`)).toBe('in \ufffd[2J\ufffd\ufffd\ufffd31m\ufffdcba\nout');
    expect(printable('Größe 3 × 3 µm, 脳')).toBe('Größe 3 × 3 µm, 脳');
  });

  it('says what is missing on the command line', async () => {
    expect(await overreadModel('check')).toMatchObject({
      status: 2,
      err: expect.stringMatching(/^1 argument is/) as string,
    });
    const { status, err } = await overreadModel('check', '/no/such/package');
    expect([status, err]).toEqual([2, expect.stringContaining('there is no /no/such/package') as string]);
  });
});

describe('init', () => {
  it('writes what the graph tells and marks what it does not', async () => {
    await packageOf(neighbourGraph({ extents: [24, 32, 40] }), async (folder) => {
      const manifest = readManifest(await readFile(join(folder, 'model.json')));
      expect(manifest).toMatchObject({
        id: 'begun',
        input: {
          name: 'image',
          patch: { mode: 'slidingWindow', size: [24, 32, 40] },
        },
        outputs: [{ kind: 'maskLogits', name: 'pred', labels: [{ value: 1 }, { value: 2 }, { value: 3 }] }],
        selfTest: { shape: [1, 1, 24, 32, 40], expected: [] },
      });
      const faults = await faultsOf(folder);
      expect(faults).toContain('error manifest title: still to be written: name on screen');
      expect(faults).toContain(
        'error manifest outputs[0].labels[2]: name, type.value and type.meaning are still to be written',
      );
      expect(faults).toContain('error files card.md: 6 places still to be written');
      expect(faults.every((fault) => fault.includes('to be written'))).toBe(true);
    });
  });

  it('drafts no more than a person fills in, whatever a graph says of itself', async () => {
    const graph = new GraphBuilder('hostile');
    const image = graph.input('image', 'float32', [1, 300, 'd'.repeat(5000), 8, 8]);
    for (let at = 0; at < 40; at++) graph.output(graph.node('Relu', [image]), 'float32', [1, 2 ** 40, 8, 8, 8]);
    await inFolder(async (folder) => {
      const file = join(folder, 'net.onnx');
      await writeFile(file, graph.toBytes());
      const { status, out, err } = await overreadModel('init', join(folder, 'begun'), '--graph', file);
      expect([status, err]).toEqual([0, '']);
      expect(out).toContain('  out and 20 more\n');
      expect(out.length).toBeLessThan(5000);
      const { outputs, input } = readManifest(await readFile(join(folder, 'begun/model.json')));
      expect(outputs[0]).toMatchObject({ kind: 'maskLogits', labels: { length: 255 } });
      expect(input.channels).toHaveLength(256);
    });
  });

  it('numbers labels on where a graph has several masks, as networks trained with deep supervision do', async () => {
    const graph = new GraphBuilder('deep');
    const image = graph.input('image', 'float32', [1, 3, 'd', 'h', 'w']);
    for (const name of ['fine', 'coarse']) graph.output(image, 'float32', [1, 3, 'd', 'h', 'w'], name);
    await packageOf(graph.toBytes(), async (folder) => {
      const { outputs } = readManifest(await readFile(join(folder, 'model.json')));
      const values = outputs.map((output) => ('labels' in output ? output.labels.map(({ value }) => value) : []));
      expect(values).toEqual([
        [1, 2],
        [3, 4],
      ]);
    });
  });

  it('guesses kinds of outputs by their shapes', async () => {
    await packageOf(convolutionGraph([2]), async (folder) => {
      const { outputs } = readManifest(await readFile(join(folder, 'model.json')));
      expect(outputs.map(({ kind, name }) => [kind, name])).toEqual([
        ['maskLogits', 'logits'],
        ['heatMap', 'heat'],
      ]);
    });
  });

  it('does not write over a package, and names a file that is no graph', async () => {
    await withTissue(async (folder) => {
      const graph = join(folder, 'graph.onnx');
      expect(await overreadModel('init', folder, '--graph', graph)).toMatchObject({
        status: 1,
        err: expect.stringMatching(/model\.json is there\.\s+Name another folder/) as string,
      });
      expect(await overreadModel('init', join(folder, 'new'), '--graph', join(folder, 'card.md'))).toMatchObject({
        status: 1,
        err: expect.stringContaining('no ONNX file') as string,
      });
    });
  });
});

describe('selftest', () => {
  it('records values, sizes and hashes, and leaves the rest as its author wrote it', async () => {
    await withTissue(async (folder) => {
      const file = join(folder, 'model.json');
      const before = JSON.parse(await readFile(file, 'utf8')) as ManifestSource;
      await edit(folder, (manifest) => {
        manifest.selfTest.expected = [];
        manifest.graph = { path: 'graph.onnx', sha256: '0'.repeat(64), bytes: 1 };
      });
      expect(await overreadModel('selftest', folder, '--record')).toMatchObject({
        status: 0,
        out: expect.stringContaining('40 values recorded') as string,
      });
      expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(before);
      expect(await overreadModel('selftest', folder)).toMatchObject({
        status: 0,
        out: expect.stringMatching(/^passed: /) as string,
      });
    });
  });

  it('fails beyond the tolerance, with the number', async () => {
    await withTissue(async (folder) => {
      await edit(folder, ({ selfTest }) => (selfTest.expected[0] = selfTest.expected[0]! + 0.02));
      expect(await overreadModel('selftest', folder)).toMatchObject({
        status: 1,
        out: expect.stringMatching(/^FAILED: largest difference 0\.02/) as string,
      });
      expect(await overreadModel('selftest', folder, '--tolerance', '0.1')).toMatchObject({ status: 0 });
    });
  });
});

it.each([
  ['no JSON', '{', /The manifest.*model\.json is no JSON/],
  ['no manifest', 'null', /holds no manifest/],
  ['no self-test', '{}', /selfTest/],
])('a self-test is not recorded where model.json is %s', async (_, text, why) => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, 'model.json'), text);
    const { status, err } = await overreadModel('selftest', folder, '--record', '--tolerance', '0.1');
    expect(err).toMatch(why);
    expect(status).toBe(1);
    expect(await readFile(join(folder, 'model.json'), 'utf8')).toBe(text);
  });
});

describe('pack and unpack', () => {
  it('give one file, and a folder that a site can serve', async () => {
    await inFolder(async (folder) => {
      const pack = join(folder, 'ct-tissue.model.zip');
      const packed = await overreadModel('pack', join(models, 'ct-tissue'), '--out', pack);
      expect(packed.out).toContain(`SHA-256 ${sha256Hex(await readFile(pack))}`);
      const again = join(folder, 'again.zip');
      await overreadModel('pack', join(models, 'ct-tissue'), '--out', again);
      expect(await readFile(again)).toEqual(await readFile(pack));
      expect(await overreadModel('check', pack, '--no-run')).toMatchObject({ status: 0 });

      const site = join(folder, 'site');
      await overreadModel('pack', join(models, 'ct-nodule'), '--out', again);
      await overreadModel('unpack', again, '--into', site);
      await overreadModel('unpack', pack, '--into', site);
      await overreadModel('unpack', pack, '--into', site);
      const list = JSON.parse(await readFile(join(site, 'models.json'), 'utf8')) as unknown;
      expect(list).toEqual({
        models: ['ct-nodule', 'ct-tissue'].map((id) => ({ id, version: '1.0.0', path: `${id}/model.json` })),
      });
      expect(await readFile(join(site, 'ct-tissue/graph.onnx'))).toEqual(
        await readFile(join(models, 'ct-tissue/graph.onnx')),
      );
      expect(await faultsOf(join(site, 'ct-nodule'))).toEqual([]);
    });
  });

  it('keep what else a site has in its list, and the order of its models', async () => {
    await inFolder(async (folder) => {
      const [pack, site, list] = [join(folder, 'p.zip'), join(folder, 'site'), join(folder, 'site/models.json')];
      await overreadModel('pack', join(models, 'ct-tissue'), '--out', pack);
      const tissue = { id: 'ct-tissue', version: '0.9.0', path: 'old/model.json', note: 'ours' };
      const other = { id: 'other', version: '2.0.0', path: 'other/model.json', hidden: true };
      await mkdir(site);
      await writeFile(list, JSON.stringify({ updated: '2026-01-01', models: [tissue, other], site: { name: 'A' } }));
      expect(await overreadModel('unpack', pack, '--into', site)).toMatchObject({ status: 0 });
      expect(JSON.parse(await readFile(list, 'utf8'))).toEqual({
        updated: '2026-01-01',
        models: [{ ...tissue, version: '1.0.0', path: 'ct-tissue/model.json' }, other],
        site: { name: 'A' },
      });
    });
  });

  it.each([
    ['no list', '{"models": [{"id": 3}]}', /models\.json: models\[0\]\.id/],
    ['no JSON', '{', /models\.json is no JSON/],
  ])('write nothing where there is %s', async (_, text, why) => {
    await inFolder(async (folder) => {
      const pack = join(folder, 'p.zip');
      await overreadModel('pack', join(models, 'ct-tissue'), '--out', pack);
      await writeFile(join(folder, 'models.json'), text);
      expect(await overreadModel('unpack', pack, '--into', folder)).toMatchObject({
        status: 1,
        err: expect.stringMatching(why) as string,
      });
      expect((await readdir(folder)).sort()).toEqual(['models.json', 'p.zip']);
      expect(await readFile(join(folder, 'models.json'), 'utf8')).toBe(text);
    });
  });

  it('refuse a package and a pack that are not in order', async () => {
    await withTissue(async (folder) => {
      await writeFile(join(folder, 'graph.onnx'), 'other');
      expect(await overreadModel('pack', folder)).toMatchObject({
        status: 1,
        err: expect.stringContaining('graph.onnx has 5 bytes') as string,
      });
      expect(await overreadModel('unpack', join(folder, 'card.md'), '--into', folder)).toMatchObject({
        status: 1,
        err: expect.stringContaining('no pack of a model') as string,
      });
    });
  });
});
