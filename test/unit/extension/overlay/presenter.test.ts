import type { Analysis, HeatMap } from '@overread/core/analysis';
import { quantities, units } from '@overread/core/dicom';
import { boxToWorld } from '@overread/core/geometry';
import { describe, expect, test } from 'vitest';
import { newResult } from '../../../../extension/src/analysis/state.ts';
import { heatMapLevels } from '../../../../extension/src/overlay/heat-levels.ts';
import { createPresenter, type Presentation } from '../../../../extension/src/overlay/index.ts';
import { analysisOf, boxLabelMap, noduleFinding, overlappingMaps, tissueFinding } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { MemoryHost } from '../../../support/memory-host.ts';
import { until } from '../../../support/reading-room.ts';

const { geometry } = ctSeries();
const labelMap = boxLabelMap(geometry);
const [ni, nj, nk] = geometry.grid.dims;
const heatMap: HeatMap = {
  label: 'Saliency',
  grid: geometry.grid,
  values: Float32Array.from({ length: ni * nj * nk }, (_, index) => index / (ni * nj * nk - 1)),
  quantity: quantities.saliency,
  unit: units.one,
  displayRange: [0.5, 1],
};
const full = analysisOf(geometry, {
  labelMaps: [labelMap],
  heatMaps: [heatMap],
  findings: [noduleFinding(labelMap), tissueFinding(labelMap)],
});

function shown(analysis: Analysis, changes: Partial<Presentation> = {}): Presentation {
  return { analysis, heatMap: 0, selected: null, layers: newResult(analysis, null).layers, ...changes };
}

function open() {
  const host = new MemoryHost([]);
  const errors: unknown[] = [];
  return { host, errors, presenter: createPresenter(host.overlays, (error) => errors.push(error)) };
}

describe('what is drawn', () => {
  test('is mask, heat map and a box per lesion, with the layers’ settings', async () => {
    const { host, presenter, errors } = open();
    presenter.show([shown(full)]);
    await until(() => host.drawn.size === 3, 'three layers');
    const boxes = [...host.drawn.values()].map(({ overlay }) => overlay).find((overlay) => 'boxes' in overlay);
    // A tissue is seen by its mask: no box.
    expect(boxes?.boxes.map(({ text }) => text)).toEqual(['1 Nodule']);
    expect(boxes?.boxes[0]).toMatchObject(boxToWorld(geometry.grid, { min: [1, 1, 1], max: [4, 3, 2] }));
    expect([...host.drawn.values()].map(({ opacity }) => opacity).sort()).toEqual([0.4, 0.5, 1]);
    expect(errors).toEqual([]);
  });

  test('is every label map in order, and one of the heat maps: the one that is asked for', async () => {
    const { host, presenter, errors } = open();
    const second: HeatMap = { ...heatMap, label: 'Second', values: heatMap.values.toReversed() };
    const analysis = analysisOf(geometry, { labelMaps: overlappingMaps(geometry), heatMaps: [heatMap, second] });
    const drawn = () =>
      [...host.drawn.values()].map(({ overlay }) => {
        if ('labels' in overlay) return overlay.segments.map(({ label }) => label).join();
        return 'levels' in overlay ? overlay.levels.findIndex((level) => level !== 0) : '';
      });
    presenter.show([shown(analysis)]);
    await until(() => host.drawn.size === 4, 'four layers');
    const half = heatMap.values.findIndex((value) => value >= 0.5);
    expect(drawn()).toEqual(['Lung', 'Lesion', 'Core', half]);
    presenter.show([shown(analysis, { heatMap: 1 })]);
    await until(() => host.drawn.size === 4 && drawn().includes(0), 'the second map');
    expect(drawn()).toEqual(['Lung', 'Lesion', 'Core', 0]);
    const { layers } = newResult(analysis, null);
    presenter.show([shown(analysis, { heatMap: 1, layers: { ...layers, mask: { visible: false, opacity: 0.2 } } })]);
    expect([...host.drawn.values()].map(({ visible, opacity }) => (visible ? opacity : null))).toEqual([null, null, null, 0.5]); // prettier-ignore
    presenter.show([]);
    expect(host.drawn.size).toBe(0);
    expect(errors).toEqual([]);
  });

  test('is what was asked for last, however quickly: a drawing that was given up takes nothing away', async () => {
    const { host, presenter, errors } = open();
    // As the viewer's overlays: there at once, painted some frames later.
    const later = () => new Promise<void>((resolve) => setTimeout(resolve, 5));
    const overlays = { ...host.overlays };
    host.overlays.showLabelMap = (overlay) => overlays.showLabelMap(overlay).then(later);
    host.overlays.showHeatMap = (overlay) => overlays.showHeatMap(overlay).then(later);
    const second: HeatMap = { ...heatMap, label: 'Second', values: heatMap.values.toReversed() };
    const a = analysisOf(geometry, { labelMaps: overlappingMaps(geometry), heatMaps: [heatMap, second] });
    const b = analysisOf(geometry, { labelMaps: [labelMap] });
    for (const [wait, shownNow] of [
      [3, a],
      [0, b],
      [3, a],
    ] as const) {
      presenter.show([shown(shownNow)]);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    await until(() => host.drawn.size === 4, 'three masks and a map');
    presenter.show([shown(a, { heatMap: 1 })]);
    await new Promise((resolve) => setTimeout(resolve, 2));
    presenter.show([shown(a, { heatMap: 0 })]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(host.drawn.size).toBe(4);
    // Fewer maps of the same result: what was more is gone.
    presenter.show([shown({ ...a, labelMaps: [labelMap] })]);
    await until(() => host.drawn.size === 2, 'a mask and a map');
    presenter.show([]);
    expect(host.drawn.size).toBe(0);
    expect(errors).toEqual([]);
  });

  test('is no box round what is said to be absent', async () => {
    const { host, presenter } = open();
    const stated = (presence: 'present' | 'absent') => ({ ...noduleFinding(null), presence, label: presence });
    presenter.show([shown(analysisOf(geometry, { findings: [stated('absent'), stated('present')] }))]);
    await until(() => host.drawn.size === 1, 'the boxes');
    const [layer] = host.drawn.values();
    const overlay = layer?.overlay;
    expect(overlay !== undefined && 'boxes' in overlay && overlay.boxes.map(({ text }) => text)).toEqual(['2 present']);
  });

  test('changes only where something changed: a new selection leaves mask and heat map alone', async () => {
    const { host, presenter } = open();
    presenter.show([shown(full)]);
    await until(() => host.drawn.size === 3, 'three layers');
    const before = [...host.drawn.values()].filter(({ overlay }) => !('boxes' in overlay));
    presenter.show([shown(full, { selected: full.findings[0]?.trackingUID ?? null })]);
    const after = [...host.drawn.values()];
    expect(before.every((layer) => after.includes(layer))).toBe(true);
    const boxes = after.map(({ overlay }) => overlay).find((overlay) => 'boxes' in overlay);
    expect(boxes?.boxes[0]?.selected).toBe(true);
  });

  test('stays hidden when boxes that are switched off are drawn again', async () => {
    const { host, presenter } = open();
    const { layers } = shown(full);
    const hidden = { ...layers, boxes: { visible: false, opacity: 1 } };
    presenter.show([shown(full, { layers: hidden })]);
    await until(() => host.drawn.size === 3, 'three layers');
    presenter.show([shown(full, { layers: hidden, selected: full.findings[0]?.trackingUID ?? null })]);
    const boxes = [...host.drawn.values()].find(({ overlay }) => 'boxes' in overlay);
    expect(boxes?.visible).toBe(false);
  });

  test('is taken away when nothing is open, also what was still on its way', async () => {
    const { host, presenter } = open();
    presenter.show([shown(full)]);
    presenter.show([]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(host.drawn.size).toBe(0);
  });

  test('is one result at a time', async () => {
    const { host, presenter } = open();
    presenter.show([shown(full)]);
    const other = analysisOf(geometry, { labelMaps: [labelMap] });
    presenter.show([shown(other)]);
    await until(() => host.drawn.size === 1, 'the mask of the other');
    expect([...host.drawn.keys()][0]).toContain(other.uid);
  });

  test('that fails is told, and the rest is drawn', async () => {
    const { host, presenter, errors } = open();
    host.overlays.showLabelMap = () => Promise.reject(new Error('no WebGL'));
    presenter.show([shown(full)]);
    await until(() => errors.length === 1, 'the failure is told');
    await until(() => host.drawn.size === 2, 'heat map and boxes');
  });
});

describe('heat map levels', () => {
  test('are 0 below the display range and run from 1 to 63 within it', async () => {
    const levels = await heatMapLevels(heatMap, geometry.grid, new AbortController().signal);
    const expected = Array.from(heatMap.values, (value) => (value < 0.5 ? 0 : 1 + Math.round((value - 0.5) * 2 * 62)));
    expect([...(levels ?? [])]).toEqual(expected);
  });

  test('are transparent outside the map', async () => {
    const grid = { ...geometry.grid, dims: [ni, nj, 1] as const };
    const small = { ...heatMap, grid, values: new Float32Array(ni * nj).fill(1) };
    const levels = await heatMapLevels(small, geometry.grid, new AbortController().signal);
    expect(levels?.subarray(0, ni * nj).every((level) => level === 63)).toBe(true);
    expect(levels?.subarray(ni * nj).every((level) => level === 0)).toBe(true);
  });
});
