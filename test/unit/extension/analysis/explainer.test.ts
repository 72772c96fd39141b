import type { Analysis, Finding, HeatMap } from '@overread/core/analysis';
import { quantities, units } from '@overread/core/dicom';
import { OverreadError } from '@overread/core/errors';
import { indexToWorld, makeGrid } from '@overread/core/geometry';
import { describe, expect, test } from 'vitest';
import { openResult, shownAnalysis } from '../../../../extension/src/analysis/index.ts';
import { presentations } from '../../../../extension/src/analysis/select.ts';
import { analysisOf, noduleFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { MemoryHost } from '../../../support/memory-host.ts';
import { otherStudy } from '../../../support/other-study.ts';
import { openRoom, until } from '../../../support/reading-room.ts';
import { scoredClasses, scoringOutput } from '../../../support/scoring-model.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

// What a score rests on, in a reading room whose places answer when the test says so.

const first = ctSeries();
const beside = ctSeries({ number: 2 });
const elsewhere = otherStudy(first, '2.25.777');
const manifest = tinyManifest(new Uint8Array(4), {
  outputs: [scoringOutput({ kind: 'occlusion', size: [1, 2, 2], step: [1, 2, 2], fill: 0 })],
  finish: [],
});
const model = { manifest, url: 'https://viewer.example/overread/models/tiny-test/model.json' };

const findings = scoredClasses.map(({ label, code }, n): Finding => ({
  ...noduleFinding(null),
  trackingIdentifier: label,
  label,
  code,
  region: null,
  measurements: [],
  score: { value: 0.9 - 0.3 * n, kind: 'score' },
  presence: n === 0 ? 'present' : 'absent',
}));
const [consolidation, effusion] = findings.map(({ trackingUID }) => trackingUID) as [string, string];
const analysed = (parts: Partial<Analysis> = {}) => {
  const analysis = analysisOf(first.geometry, { findings, ...parts });
  return { ...analysis, model: { ...analysis.model, id: manifest.id, version: manifest.version } };
};

/** On two cells along each axis; highest in the last one. */
function mapOf(value: number): HeatMap {
  const axes = [[1, 0, 0] as const, [0, 1, 0] as const, [0, 0, 1] as const] as const;
  const { grid } = first.geometry;
  const grown = makeGrid([2, 2, 2], [2, 2, 2], axes, indexToWorld(grid, [0, 0, 0]));
  const values = Float32Array.from({ length: 8 }, (_, n) => (n === 7 ? value : 0));
  return {
    label: 'Pleural effusion',
    grid: grown,
    values,
    quantity: quantities.saliency,
    unit: units.one,
    displayRange: [0, value],
  };
}

async function withResult(parts: Partial<Analysis> = {}) {
  const host = new MemoryHost([first, beside, elsewhere]);
  host.openStudy(first.geometry.studyInstanceUID);
  const room = openRoom(host, { manifests: [manifest] });
  const { store, actions } = room.room;
  await until(() => store.getState().catalogue.kind === 'ready', 'the models are there');
  actions.run(model);
  room.browser.calls[0]!.finish(analysed(parts));
  await until(() => openResult(store.getState()) !== null, 'the result is open');
  const result = () => openResult(store.getState())!;
  return { ...room, host, store, actions, result };
}

describe('what a score rests on', () => {
  test('is asked of the class of the finding, shown as a map of the result, and gone to', async () => {
    const { browser, host, actions, result, store } = await withResult();
    actions.explain(effusion);
    const [call] = browser.explanations;
    expect(call!.job).toMatchObject({ of: { output: 'scores', classIndex: 1 }, model: { url: model.url } });
    const progress = { stage: 'tile', done: 1, total: 8, unit: 'tiles', remainingMilliseconds: 900 } as const;
    call!.progress(progress);
    expect(result().explaining).toEqual({ trackingUID: effusion, state: { kind: 'running', progress } });

    const map = mapOf(0.2);
    call!.finish(map);
    await until(() => result().explained !== null, 'the map is there');
    const heatMap = { ...map, label: 'What Pleural effusion rests on' };
    expect(result()).toMatchObject({ explaining: null, explained: { trackingUID: effusion, heatMap } });
    expect(host.jumps.at(-1)).toMatchObject({ seriesInstanceUID: first.geometry.seriesInstanceUID });
    // Drawn, but no part of what is saved.
    expect(result().analysis.heatMaps).toEqual([]);
    expect(shownAnalysis(result()).heatMaps).toEqual([heatMap]);
    expect(presentations(store.getState())[0]).toMatchObject({ analysis: { heatMaps: [heatMap] }, heatMap: 0 });
    actions.dropExplanation();
    expect(result().explained).toBeNull();
  });

  test('is computed where the reader chose, in turn with the runs there', async () => {
    const { browser, server, actions, result } = await withResult();
    actions.choosePlace('server');
    actions.run(model);
    actions.explain(consolidation);
    expect(server.explanations).toHaveLength(0);
    expect(result().explaining?.state.kind).toBe('queued');
    server.calls[0]!.fail(new OverreadError('server.busy'));
    await until(() => server.explanations.length === 1, 'its turn comes');
    expect(browser.explanations).toHaveLength(0);
  });

  test('reads the very series that the result is of', async () => {
    const source = { ...analysed().source, channel: 'after' };
    const { browser, actions } = await withResult({ otherSeries: [{ ...source, seriesInstanceUID: '2.25.5' }] });
    actions.explain(consolidation);
    expect(browser.explanations[0]!.job.otherSeries).toEqual({ after: '2.25.5' });
  });

  test('of another class takes the place of the one before: of what is shown when it is there, of what is under way at once', async () => {
    const { browser, actions, result } = await withResult();
    actions.explain(consolidation);
    browser.explanations[0]!.finish(mapOf(0.3));
    await until(() => result().explained !== null, 'the first is shown');
    actions.explain(effusion);
    expect(result().explained?.trackingUID).toBe(consolidation);
    actions.explain(consolidation);
    await until(() => browser.explanations.length === 3, 'the second has let go');
    expect(result().explaining?.trackingUID).toBe(consolidation);
    browser.explanations[1]!.finish(mapOf(0.9));
    browser.explanations[2]!.finish(mapOf(0.4));
    await until(() => result().explaining === null, 'the third is shown');
    expect(result().explained?.heatMap.displayRange[1]).toBe(0.4);
  });

  test('is cancelled at once, leaves what was shown, and frees the place', async () => {
    const { browser, actions, result } = await withResult();
    actions.explain(consolidation);
    browser.explanations[0]!.finish(mapOf(0.3));
    await until(() => result().explained !== null, 'it is shown');
    actions.explain(effusion);
    actions.cancelExplaining();
    expect(result()).toMatchObject({ explaining: null, explained: { trackingUID: consolidation } });
    actions.run(model);
    await until(() => browser.calls.length === 2, 'the place is free');
  });

  test('that fails says why until that is put away', async () => {
    const { browser, actions, result } = await withResult();
    actions.explain(effusion);
    browser.explanations[0]!.fail(new OverreadError('pipeline.too-many-runs', { why: 'it takes 9 runs' }));
    await until(() => result().explaining?.state.kind === 'failed', 'it says so');
    expect(result().explaining).toMatchObject({ state: { problem: { code: 'pipeline.too-many-runs' } } });
    actions.cancelExplaining();
    expect(result().explaining).toBeNull();
  });

  test.each([
    ['another series', (host: MemoryHost) => host.activate(beside.geometry.seriesInstanceUID)],
    ['another study', (host: MemoryHost) => host.openStudy(elsewhere.geometry.studyInstanceUID)],
  ])('goes, and is given up, when the reader leaves for %s', async (_name, leave) => {
    const { browser, host, actions, store, result } = await withResult();
    const { uid } = result().analysis;
    const now = () => store.getState().studies[first.geometry.studyInstanceUID]!.results[uid]!;
    actions.explain(consolidation);
    browser.explanations[0]!.finish(mapOf(0.3));
    await until(() => now().explained !== null, 'it is shown');
    actions.explain(effusion);
    leave(host);
    expect(now()).toMatchObject({ explained: null, explaining: null });
    browser.explanations[1]!.finish(mapOf(0.5));
    host.openStudy(first.geometry.studyInstanceUID);
    expect(now()).toMatchObject({ explained: null, explaining: null });
  });

  test('is given up where a new run takes the place of the result', async () => {
    const { browser, server, actions, result } = await withResult();
    actions.explain(effusion);
    const { uid } = result().analysis;
    actions.choosePlace('server');
    actions.run(model);
    server.calls[0]!.finish(analysed());
    await until(() => result().analysis.uid !== uid, 'the new result is open');
    actions.choosePlace('browser');
    actions.run(model);
    await until(() => browser.calls.length === 2, 'the place is free');
  });

  test('is not asked of a result by another version of the model, nor of a finding without a score', async () => {
    const other = await withResult();
    const { analysis } = other.result();
    const versions = await withResult();
    versions.store.setState((state) => ({
      catalogue: {
        kind: 'ready',
        value: { models: [{ ...model, manifest: { ...manifest, version: '2.0.0' } }], broken: [] },
      },
      studies: state.studies,
    }));
    versions.actions.explain(consolidation);
    expect(versions.browser.explanations).toHaveLength(0);
    const unscored = await withResult({ findings: analysis.findings.map((one) => ({ ...one, score: null })) });
    unscored.actions.explain(consolidation);
    expect(unscored.browser.explanations).toHaveLength(0);
  });
});
