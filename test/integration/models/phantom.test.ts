import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Analysis, ComputePlace, Finding } from '@overread/core/analysis';
import { indexToWorld } from '@overread/core/geometry';
import { explainedClass } from '@overread/core/model';
import { analyse, explain, SessionKeeper } from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';
import { ensurePhantom, phantomCache } from '../../../demo/phantom/ensure.ts';
import { isLung, readLabels, readTruth, type TrueNodule, type Truth } from '../../../demo/phantom/truth.ts';
import { defaultThreads, nodeRuntime } from '../../../inference-server/src/inference/node-runtime.ts';
import { builtModel } from '../../support/built-model.ts';
import { loadSeries } from '../../support/load-series.ts';
import { dice } from '../../support/thorax.ts';

const place: ComputePlace = { location: 'server', runtime: 'node-cpu', threads: 1, device: null, skipped: [] };

describe.each(['current', 'prior'] as const)('the phantom, %s study', (study) => {
  let volume: Volume;
  let truth: Truth;
  let labels: Uint8Array;
  let tissue: Analysis;
  let nodules: Analysis;
  beforeAll(async () => {
    const files = await ensurePhantom(phantomCache, () => undefined);
    volume = await loadSeries(join(files.studies, study));
    truth = readTruth(files.truth, study);
    labels = readLabels(files.truth, truth);
    const run = async (id: string): Promise<Analysis> =>
      analyse({ volume, model: await builtModel(id), place }, nodeRuntime(defaultThreads));
    tissue = await run('ct-tissue');
    nodules = await run('ct-nodule');
  }, 300_000);

  /** Distance from a finding's centre to that of a nodule, mm. */
  const distance = (finding: Finding, { centre }: TrueNodule): number => {
    const [x, y, z] = indexToWorld(volume.grid, finding.region!.centre);
    return Math.hypot(x - centre[0], y - centre[1], z - centre[2]);
  };
  const findingOf = (nodule: TrueNodule): Finding | undefined =>
    nodules.findings.find((finding) => distance(finding, nodule) < nodule.diameter / 2 + 1);
  const measured = (finding: Finding, name: string): number =>
    finding.measurements.find((measurement) => measurement.name.meaning === name)!.value;

  it('has its lungs where ct-tissue puts them: Dice at least 0.95', () => {
    const lung = tissue.labelMaps[0]!.labels.map((label) => (label === 1 ? 1 : 0));
    expect(
      dice(
        lung,
        labels.map((label) => (isLung(label) ? 1 : 0)),
      ),
    ).toBeGreaterThanOrEqual(0.95);
  });

  it('has nodules and no emphysema by ct-lung-signs, whose score rests on the largest nodule', async () => {
    const model = await builtModel('ct-lung-signs');
    const sessions = new SessionKeeper();
    const runtime = sessions.keeping(nodeRuntime(defaultThreads));
    const signs = await analyse({ volume, model, place }, runtime);
    expect(signs.findings.map(({ label, presence }) => [label, presence])).toEqual([
      ['Pulmonary nodule', 'present'],
      ['Pulmonary emphysema', 'absent'],
    ]);
    const of = explainedClass(model.manifest, signs.findings[0]!)!;
    const { grid, values } = await explain({ volume, model, of }, runtime);
    await sessions.release();
    const most = Math.max(...values);
    expect(most).toBeGreaterThan(0.1);
    const at = values.indexOf(most);
    const [ni, nj] = grid.dims;
    const centre = indexToWorld(grid, [at % ni, Math.floor(at / ni) % nj, Math.floor(at / (ni * nj))]);
    const largest = truth.nodules.toSorted((a, b) => b.diameter - a.diameter)[0]!;
    // Blocks are 30 mm wide: its centre lies in the block.
    for (const axis of [0, 1, 2] as const) expect(Math.abs(centre[axis] - largest.centre[axis])).toBeLessThan(15.1);
  });

  it('has every nodule of 6 mm and more found by ct-nodule, with at most 5 false ones', () => {
    const large = truth.nodules.filter(({ diameter }) => diameter >= 6);
    expect(large.length).toBeGreaterThanOrEqual(3);
    for (const nodule of large) expect(findingOf(nodule), nodule.name).toBeDefined();
    const found = new Set(truth.nodules.map(findingOf));
    expect(nodules.findings.filter((finding) => !found.has(finding)).length).toBeLessThanOrEqual(5);
  });

  it('has them first in the list, with their diameters within 1.5 mm, on their side', () => {
    const large = truth.nodules.filter(({ diameter }) => diameter >= 6);
    const first = nodules.findings.slice(0, large.length);
    for (const nodule of large) {
      const finding = findingOf(nodule)!;
      expect(first).toContain(finding);
      expect(Math.abs(measured(finding, 'Diameter') - nodule.diameter)).toBeLessThan(1.5);
      expect(finding.laterality!.meaning).toBe(nodule.centre[0] < 0 ? 'Right' : 'Left');
    }
  });
});
