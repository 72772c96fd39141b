import type { Finding, HeatMap } from '@overread/core/analysis';
import { quantities, rejectionReasons, units } from '@overread/core/dicom';
import { OverreadError } from '@overread/core/errors';
import { renderToString } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { ReadingRoom } from '../../../../extension/src/analysis/index.ts';
import { currentRecord, openResult } from '../../../../extension/src/analysis/index.ts';
import { Panel } from '../../../../extension/src/panel/Panel.tsx';
import { analysisOf, boxLabelMap, noduleFinding, tissueFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { MemoryHost } from '../../../support/memory-host.ts';
import { NodePrompts } from '../../../support/node-prompts.ts';
import { promptModel } from '../../../support/prompt-model.ts';
import { openRoom, until } from '../../../support/reading-room.ts';
import { scoredClasses, scoringOutput } from '../../../support/scoring-model.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

const series = ctSeries();
const labelMap = boxLabelMap(series.geometry);
const manifest = tinyManifest(new Uint8Array(4));
const model = { manifest, url: 'https://viewer.example/model.json' };

/** The panel as it stands, as HTML. */
function html(room: ReadingRoom): string {
  const { store } = room;
  return renderToString(<Panel room={{ ...room, store: { ...store, getInitialState: store.getState } }} />);
}

/** The words of the panel. */
const words = (room: ReadingRoom) =>
  html(room)
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

async function open(options: Parameters<typeof openRoom>[1] = {}) {
  const host = new MemoryHost([series]);
  host.openStudy(series.geometry.studyInstanceUID);
  const parts = openRoom(host, options);
  await until(() => parts.room.store.getState().catalogue.kind !== 'loading', 'the catalogue is there');
  await until(() => parts.room.store.getState().places.server !== null, 'the places have answered');
  return { ...parts, host };
}

async function withResult(findings = [noduleFinding(labelMap), tissueFinding(labelMap)]) {
  const parts = await open();
  parts.room.actions.run(model);
  parts.browser.calls[0]?.finish(analysisOf(series.geometry, { labelMaps: [labelMap], findings }));
  await until(() => openResult(parts.room.store.getState()) !== null, 'the result is open');
  return parts;
}

describe('the panel', () => {
  test('says before anything else that it is for research only, and which series it speaks of', async () => {
    const { room } = await open();
    expect(words(room)).toMatch(/^ AI Reading Research use only Chest 2\.5 mm Series 3 · CT · 5 images /);
  });

  test('without a study says what to do', () => {
    const { room } = openRoom(new MemoryHost([series]));
    expect(words(room)).toContain('Open a study to see which models apply to it.');
  });

  test('offers what applies and says why the rest does not', async () => {
    const mr = tinyManifest(new Uint8Array(4), { id: 'mr', title: 'MR model', applicability: { modalities: ['MR'] } });
    const { room } = await open({ manifests: [manifest, mr] });
    expect(words(room)).toMatch(/Tiny test model version 1\.0\.0 Run Separates bright/);
    expect(words(room)).toContain('Does not apply to this series (1)');
    const only = await open({ manifests: [mr] });
    expect(words(only.room)).toContain('It reads MR; the series is CT.');
  });

  test('offers to mark with a model that answers marks, not to run it', async () => {
    const { room } = await open({ manifests: [promptModel([8, 8]).manifest] });
    expect(html(room)).toContain('aria-label="Mark with Tiny test model"');
    expect(html(room)).not.toContain('Run Tiny test model');
  });

  test('names faults of the settings', async () => {
    const { room } = await open({ settings: { segmentation: 'yes' } });
    expect(words(room)).toMatch(/The site’s settings have a fault segmentation: .*boolean/);
  });

  test('shows a run by stage, count and time left, with a way to stop it', async () => {
    const { room, browser } = await open();
    room.actions.run(model);
    browser.calls[0]?.progress({ stage: 'tile', done: 3, total: 12, unit: 'tiles', remainingMilliseconds: 41_000 });
    expect(words(room)).toContain('Computing · tile 3 of 12 about 40 s left');
    expect(html(room)).toContain('aria-valuenow="25"');
    expect(html(room)).toContain('aria-label="Cancel the run of Tiny test model"');
  });

  test('shows why a run failed and what would help', async () => {
    const { room, browser } = await open();
    room.actions.run(model);
    browser.calls[0]?.fail(new OverreadError('runtime.out-of-memory'));
    await until(() => words(room).includes('memory'), 'the failure shows');
    expect(words(room)).toContain('Close other tabs and viewports');
  });
});

describe('what a score rests on, in the panel', () => {
  const scoring = tinyManifest(new Uint8Array(4), {
    outputs: [scoringOutput({ kind: 'occlusion', size: [2, 2, 2], step: [2, 2, 2], fill: 0 })],
    finish: [],
  });
  const [shadow] = scoredClasses;
  const finding: Finding = {
    ...noduleFinding(null),
    trackingIdentifier: shadow!.label,
    label: shadow!.label,
    code: shadow!.code,
    region: null,
    presence: 'present',
    measurements: [],
  };
  const asks = 'aria-label="Show what the score of Consolidation 1 rests on"';

  async function withStatement(manifests = [scoring]) {
    const parts = await open({ manifests });
    parts.room.actions.run({ manifest: scoring, url: model.url });
    const analysis = analysisOf(series.geometry, { findings: [finding] });
    const { id, version } = scoring;
    parts.browser.calls[0]?.finish({ ...analysis, model: { ...analysis.model, id, version } });
    await until(() => openResult(parts.room.store.getState()) !== null, 'the result is open');
    return parts;
  }
  const mapOf = (values: readonly number[]): HeatMap => ({
    label: shadow!.label,
    ...{ grid: { ...series.geometry.grid, dims: [values.length, 1, 1] }, values: Float32Array.from(values) },
    ...{ quantity: quantities.saliency, unit: units.one, displayRange: [0, Math.max(...values, 0) || 1] },
  });

  test('can be asked of a model that tells it, and of no other', async () => {
    expect(html((await withStatement()).room)).toContain(asks);
    expect(html((await withStatement([{ ...scoring, version: '3.0.0' }])).room)).not.toContain(asks);
  });

  test('cannot be asked of a place that is not there, and says why', async () => {
    const { room } = await withStatement();
    const state = room.store.getState();
    room.store.setState({ places: { ...state.places, browser: { ok: false, reason: 'No WebAssembly.' } } });
    expect(html(room)).toMatch(new RegExp(`${asks}[^>]*disabled=""[^>]*title="Cannot be worked out here: No Web`));
  });

  test('shows how far it is, then what the map means and how long it stays', async () => {
    const { room, browser } = await withStatement();
    room.actions.explain(finding.trackingUID);
    const progress = { stage: 'tile', done: 3, total: 12, unit: 'tiles', remainingMilliseconds: 41_000 } as const;
    browser.explanations[0]!.progress(progress);
    expect(words(room)).toContain('Covering block after block · 3 of 12 about 40 s left');
    expect(words(room)).toContain('Leaving the series ends this.');
    expect(html(room)).toContain('aria-label="Cancel working out what the score of Consolidation 1 rests on"');
    browser.explanations[0]!.finish(mapOf([0.1, 0.3456, -0.2]));
    await until(() => openResult(room.store.getState())?.explained != null, 'the map is there');
    expect(words(room)).toContain('What the score of Consolidation rests on 0 0.35 Bright where covering');
    expect(words(room)).toContain('lowers the score, by up to 0.35. It tells what the model goes by and is no outline');
    expect(words(room)).toContain('Not saved to the PACS. It goes when you leave this series.');
    expect(html(room)).toContain('aria-label="The score falls by 0 to 0.35"');
    expect(html(room)).toMatch(/role="switch"[^>]*>(?:<svg.*?<\/svg>)?Heat map/);
  });

  test('warns of a map of changes that nobody would see in the score', async () => {
    const { room, browser } = await withStatement();
    room.actions.explain(finding.trackingUID);
    browser.explanations[0]!.finish(mapOf([0.0049, 0]));
    await until(() => openResult(room.store.getState())?.explained != null, 'the map is there');
    expect(words(room)).toContain('by up to 0.0049.');
    expect(words(room)).toContain('Do not read anything into the map.');
    room.actions.explain(finding.trackingUID);
    browser.explanations[1]!.finish(mapOf([0.0051, 0]));
    await until(() => words(room).includes('by up to 0.0051.'), 'the next map is there');
    expect(words(room)).not.toContain('Do not read anything into the map.');
  });

  test('says so where the score rests on no single place', async () => {
    const { room, browser } = await withStatement();
    room.actions.explain(finding.trackingUID);
    browser.explanations[0]!.finish(mapOf([-0.1, 0]));
    await until(() => openResult(room.store.getState())?.explained != null, 'the map is there');
    expect(words(room)).toContain('it rests on no single place');
    expect(words(room)).not.toContain('Go to the brightest place');
  });
});

describe('marking in the panel', () => {
  const dims = [12, 8, 4] as const;
  const loaded = promptModel([8, 12]);
  const marked = ctSeries({ dims });
  const promptable = { manifest: loaded.manifest, url: 'https://viewer.example/overread/models/tiny-test/model.json' };

  async function marking(options: Parameters<typeof openRoom>[1] = {}) {
    const host = new MemoryHost([marked]);
    host.valueAt = () => 1;
    host.openStudy(marked.geometry.studyInstanceUID);
    const prompts = new NodePrompts([loaded]);
    const { room } = openRoom(host, { manifests: [loaded.manifest], prompts, ...options });
    await until(() => room.store.getState().catalogue.kind === 'ready', 'the catalogue is there');
    room.actions.mark(promptable);
    await until(() => words(room).includes('Ready for marks'), 'the tool is on');
    const click = async (i: number, j: number, k: number) => {
      host.gesture!({ kind: 'point', at: [i, j, k], modified: false });
      await until(() => words(room).includes('Ready for marks'), 'the model has answered');
    };
    return { room, host, prompts, click };
  }
  const isDisabled = (room: ReadingRoom, name: string) =>
    new RegExp(`<button[^>]*disabled=""[^>]*>(?:<svg.*?</svg>)?${name}`).test(html(room));

  test('says what to do, and takes the place of the button', async () => {
    const { room } = await marking();
    expect(words(room)).toContain('click inside what you want marked, or drag a box round it');
    expect(html(room)).toContain('role="group" aria-label="Marking with Tiny test model"');
    expect(html(room)).not.toContain('aria-label="Mark with');
    for (const name of ['Undo', 'Clear', 'Keep', 'Done']) expect(isDisabled(room, name)).toBe(true);
  });

  test('counts marks, slices and what is kept, and offers what can be done', async () => {
    const { room, click } = await marking();
    await click(5, 4, 1);
    await click(7, 4, 1);
    await click(5, 4, 2);
    expect(words(room)).toContain('3 marks on 2 slices');
    for (const name of ['Undo', 'Clear', 'Keep', 'Done']) expect(isDisabled(room, name)).toBe(false);
    room.actions.marking.keep();
    expect(words(room)).toContain('1 kept');
    expect(words(room)).toContain('Done: 1 finding');
    await click(5, 4, 0);
    expect(words(room)).toContain('1 mark on 1 slice · 1 kept');
    expect(words(room)).toContain('Done: 2 findings');
  });

  test('says why a mark is refused', async () => {
    const { room, click } = await marking();
    await click(50, 4, 1);
    expect(words(room)).toContain('The model cannot answer these marks: a mark lies outside');
    expect(html(room)).toContain('role="alert"');
  });

  test('says what became of marks, or of the result, when the model ended over them', async () => {
    const { room, prompts, click } = await marking();
    const ends = () => new OverreadError('worker.crashed', { why: 'it is gone' });
    prompts.fails = [ends()];
    await click(5, 4, 1);
    expect(words(room)).toContain(
      'ended unexpectedly: it is gone. The model was opened again, and everything you marked is here. Technical',
    );
    prompts.fails = [ends(), ends()];
    await click(6, 4, 1);
    expect(words(room)).toContain('that mark is gone. The model was opened again, and the rest');
    expect(words(room)).toContain('1 mark on 1 slice');
    prompts.keepingFails = [ends()];
    room.actions.marking.done();
    await until(() => words(room).includes('Choose Done once more'), 'it says that there is no result');
    expect(words(room)).toContain('Done: 1 finding');
  });

  test('asks before what was marked goes', async () => {
    const { room, click } = await marking();
    await click(5, 4, 1);
    room.actions.marking.cancel();
    expect(words(room)).toContain('Discard what you marked? Discard Go on marking');
    expect(words(room)).not.toContain('Done:');
  });

  test('is for this browser only, and the panel says so', async () => {
    const { room } = await open({ manifests: [loaded.manifest] });
    expect(words(room)).not.toContain('Marks are answered');
    room.actions.choosePlace('server');
    expect(words(room)).toContain('Marks are answered in this browser only, not by the server.');
    room.store.setState(({ places }) => ({
      places: { ...places, browser: { ok: false, reason: 'This browser has no WebAssembly or no workers.' } },
    }));
    expect(words(room)).toContain('and here it cannot: This browser has no WebAssembly or no workers.');
    expect(isDisabled(room, 'Mark …')).toBe(true);
  });

  test('makes a result that says whose marks led the model, without telling the reader’s time as the model’s', async () => {
    const { room, click } = await marking();
    await click(5, 4, 1);
    room.actions.marking.done();
    await until(() => openResult(room.store.getState()) !== null, 'the result is open');
    expect(words(room)).toContain('Made from marks that a reader set in the images');
    expect(words(room)).toMatch(/Computed on the server by ONNX Runtime on the processor \(1 thread\)\./);
    expect(words(room)).toContain('1 finding 0 of 1 reviewed');
    expect(html(room)).toContain('aria-label="Mark with Tiny test model"');
  });
});

describe('a result in the panel', () => {
  test('names model, version, place of computing and why a faster place was not used', async () => {
    const { room } = await withResult();
    expect(words(room)).toContain('CT nodule candidates 1.2.0');
    expect(words(room)).toContain('Computed in a browser by WebAssembly (3 threads, eight cores) in 11 s.');
    expect(words(room)).toContain('WebGPU was not used: the browser has no WebGPU.');
    expect(words(room)).toContain('Slices lie up to 0.1 mm off: resampled.');
  });

  test('gives each finding its score, both diameters with their mean, volume, side, place and image', async () => {
    const { room } = await withResult();
    expect(words(room)).toContain('Nodule score 0.87 3 mm (3 × 3 mm) · 38 mm³ Right upper third · S:3 I:2');
    expect(html(room)).toContain(
      'Go to Nodule 1, score 0.87, 3 mm (3 × 3 mm), 38 mm³, Right upper third, series 3, image 2',
    );
  });

  test('says of a classifier’s statements what they state, and how many say that something is there', async () => {
    const stated = (label: string, presence: 'present' | 'absent', value: number) => ({
      ...noduleFinding(null),
      ...{ label, presence, region: null, laterality: null, place: null, site: null, measurements: [] },
      score: { value, kind: 'score' as const },
    });
    const { room } = await withResult([stated('Mass', 'present', 0.91), stated('Effusion', 'absent', 0.02)]);
    expect(words(room)).toContain('1 of 2 present 0 of 2 reviewed');
    expect(words(room)).toContain('Mass present, score 0.91');
    expect(words(room)).toContain('Effusion absent, score 0.02');
  });

  test('gives numbers of the whole series as a table', async () => {
    const unit = { value: 'mo', scheme: 'UCUM', meaning: 'month' };
    const age = { name: { value: '397669002', scheme: 'SCT', meaning: 'Age' }, value: 132, unit, derivation: null };
    const finding = { ...noduleFinding(null), label: 'Bone age', region: null, score: null, measurements: [age] };
    const { room } = await withResult([finding]);
    expect(words(room)).toMatch(/Tissue Age, mo Review Bone age 132/);
  });

  test('gives tissues as a table, not as findings', async () => {
    const { room } = await withResult();
    expect(words(room)).toMatch(/Tissue Volume, mL Mean, HU Review Lung 4\.3 −843/);
    expect(words(room)).toContain('1 finding 0 of 1 reviewed');
  });

  test('without findings says so in words that cannot be taken for a failure or an all-clear', async () => {
    const { room } = await withResult([]);
    expect(words(room)).toContain(
      'No findings CT nodule candidates 1.2.0 completed and reports none. This does not rule out disease.',
    );
  });

  test('that failed makes no statement about findings', async () => {
    const { room, browser } = await open();
    room.actions.run(model);
    browser.calls[0]?.finish(analysisOf(series.geometry, { outcome: 'failed' }));
    await until(() => openResult(room.store.getState()) !== null, 'the result is open');
    expect(words(room)).toContain('No finding can be taken from this run');
    expect(words(room)).not.toContain('No findings');
  });

  test('lists the best ten and says how many there are', async () => {
    const findings = Array.from({ length: 14 }, (_, index) => ({
      ...noduleFinding(null),
      score: { value: 14 - index, kind: 'score' as const },
    }));
    const { room } = await withResult(findings);
    expect(html(room).match(/data-finding=/g)).toHaveLength(10);
    expect(words(room)).toContain('Show all 14');
  });

  test('shows the decision with its reason, and what is unsaved', async () => {
    const { room } = await withResult();
    const uid = openResult(room.store.getState())?.analysis.findings[0]?.trackingUID ?? '';
    room.actions.decide(uid, { state: 'rejected', reason: rejectionReasons[1] ?? null });
    expect(words(room)).toContain('rejected: Blood vessel');
    expect(words(room)).toContain('1 decision not saved');
    expect(words(room)).toContain('Your name on the report (optional)');
  });

  test('says what the archive refused and that nothing is lost', async () => {
    const { room, host } = await withResult();
    host.refuse = 'SEG';
    await room.actions.save();
    expect(words(room)).toContain('the segmentation (DICOM SEG) could not be sent (it takes no SEG)');
    expect(words(room)).toContain('Nothing is lost');
    expect(words(room)).toContain('Save without the segmentation (DICOM SEG)');
    host.refuse = null;
    await room.actions.save();
    expect(words(room)).toMatch(/Saved at \d\d\d\d-\d\d-\d\d|Saved at \d\d:\d\d/);
  });
});

describe('for keyboard and screen reader', () => {
  test('every control has a name, and no icon stands for one', async () => {
    const { room } = await withResult();
    room.actions.decide(openResult(room.store.getState())?.analysis.findings[0]?.trackingUID ?? '', {
      state: 'accepted',
      reason: null,
    });
    const buttons = [...html(room).matchAll(/<button([^>]*)>(.*?)<\/button>/gs)];
    expect(buttons.length).toBeGreaterThan(8);
    const nameless = buttons.filter(([, attributes = '', content = '']) => {
      const label = /aria-label="([^"]*)"/.exec(attributes)?.[1] ?? content.replace(/<[^>]+>/g, '').trim();
      return label === '';
    });
    expect(nameless).toEqual([]);
    expect(html(room).match(/<svg(?![^>]*aria-hidden="true")/g)).toBeNull();
  });

  test('one finding of the list is reached by Tab, the marked one where there is one', async () => {
    const findings = [noduleFinding(null), { ...noduleFinding(null), label: 'Second' }];
    const { room } = await withResult(findings);
    const reachable = () => [...html(room).matchAll(/data-finding="([^"]+)" tabindex="0"/gi)].map(([, uid]) => uid);
    expect(reachable()).toEqual([findings[0]?.trackingUID]);
    room.actions.select(findings[1]?.trackingUID ?? null);
    expect(reachable()).toEqual([findings[1]?.trackingUID]);
    expect(currentRecord(room.store.getState()).selected).toBe(findings[1]?.trackingUID);
  });

  test('progress, state of saving and failures are announced', async () => {
    const { room, browser } = await open();
    room.actions.run(model);
    expect(html(room)).toContain('role="progressbar"');
    expect(html(room)).toMatch(/role="status">Tiny test model: /);
    browser.calls[0]?.fail(new OverreadError('worker.crashed'));
    await until(() => html(room).includes('role="alert"'), 'the failure is announced');
  });
});
