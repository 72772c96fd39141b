import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Analysis, ComputePlace, Finding } from '@overread/core/analysis';
import { itemsOf, numbersOf, readPart10, textOf, type Attributes } from '@overread/core/dicom';
import { analyse } from '@overread/core/pipeline';
import type { Volume } from '@overread/core/volume';
import { defaultThreads, nodeRuntime } from '../../../inference-server/src/inference/node-runtime.ts';
import { builtModel } from '../../support/built-model.ts';
import { loadSeries } from '../../support/load-series.ts';
import { sharedData } from '../../support/shared-data.ts';

const series = sharedData('ct-chest', 'CT_89952642');
const report = sharedData('ct-chest', 'SR_61648991', '0000.dcm');
const place: ComputePlace = { location: 'server', runtime: 'node-cpu', threads: 1, device: null, skipped: [] };

/** A reader's box round the lesion on one slice; x and y in pixels, k from the reference. */
interface TruthBox {
  readonly sopInstanceUID: string;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** The regions (SCOORD) of a structured report, with the image each is drawn on. */
function boxesOf(item: Attributes): TruthBox[] {
  const nested = itemsOf(item, 'ContentSequence').flatMap(boxesOf);
  if (textOf(item, 'ValueType') !== 'SCOORD') return nested;
  const points = numbersOf(item, 'GraphicData') ?? [];
  const span = (offset: 0 | 1): [number, number] => {
    const along = points.filter((_, n) => n % 2 === offset);
    return [Math.min(...along), Math.max(...along)];
  };
  const [image] = itemsOf(item, 'ContentSequence').flatMap((child) => itemsOf(child, 'ReferencedSOPSequence'));
  return [{ sopInstanceUID: textOf(image ?? {}, 'ReferencedSOPInstanceUID') ?? '', x: span(0), y: span(1) }];
}

/** True where the finding's centre lies in one of the boxes. */
function hits(finding: Finding, boxes: readonly TruthBox[], { slices }: Volume): boolean {
  const [i, j, k] = finding.region!.centre;
  // DICOM pixel coordinates start at the corner of the first pixel, voxel indices at its centre (PS3.3 C.18.6.1.1).
  const within = ([low, high]: readonly [number, number], index: number): boolean =>
    index + 0.5 >= low && index + 0.5 <= high;
  return boxes.some((box) => box.sopInstanceUID === slices[k]!.sopInstanceUID && within(box.x, i) && within(box.y, j));
}

const label =
  series === null ? 'a low-dose chest CT (skipped: the sample data are not on this machine)' : 'a low-dose chest CT';
describe.skipIf(series === null || report === null)(label, () => {
  let volume: Volume;
  let nodules: Analysis;
  const run = async (id: string): Promise<Analysis> => {
    const model = await builtModel(id);
    return analyse({ volume, model, place }, nodeRuntime(defaultThreads));
  };
  beforeAll(async () => {
    volume = await loadSeries(series!);
    nodules = await run('ct-nodule');
  }, 300_000);

  it('gets volumes from ct-tissue that a body of this field of view can have', async () => {
    const { findings } = await run('ct-tissue');
    const byName = new Map(findings.map((finding) => [finding.label, finding]));
    const value = (name: string, measurement: string): number =>
      byName.get(name)!.measurements.find(({ name: code }) => code.meaning === measurement)!.value;
    expect([...byName.keys()]).toEqual(['Lung', 'Fat', 'Soft tissue', 'Bone']);
    expect(value('Lung', 'Volume')).toBeGreaterThan(3800);
    expect(value('Lung', 'Volume')).toBeLessThan(4600);
    const means = ['Lung', 'Fat', 'Soft tissue', 'Bone'].map((name) => value(name, 'Attenuation Coefficient'));
    expect(means).toEqual([...means].sort((a, b) => a - b));
    expect(means[0]).toBeLessThan(-800);
    expect(Math.abs(means[1]! + 95)).toBeLessThan(25);
  });

  it('has the true lesion among the first three candidates of ct-nodule, with about its size', () => {
    const boxes = boxesOf(readPart10(new Uint8Array(readFileSync(report!))).dataset);
    expect(boxes).toHaveLength(8);
    const { findings } = nodules;
    const rank = 1 + findings.findIndex((finding) => hits(finding, boxes, volume));
    expect(rank).toBeGreaterThanOrEqual(1);
    expect(rank).toBeLessThanOrEqual(3);
    const lesion = findings[rank - 1]!;
    const millimetres = (name: string): number =>
      lesion.measurements.find(({ name: code }) => code.meaning === name)!.value;
    // The boxes span about 21 x 17 mm, drawn with some margin.
    expect(millimetres('Long Axis')).toBeGreaterThan(11);
    expect(millimetres('Long Axis')).toBeLessThan(22);
    expect(millimetres('Short Axis')).toBeGreaterThan(8);
    expect([lesion.laterality!.meaning, lesion.place]).toEqual(['Left', 'upper third']);
  });

  it('lists few candidates, each with a segment, a box and diameters', () => {
    const {
      findings,
      labelMaps: [labelMap],
      heatMaps: [heatMap],
    } = nodules;
    expect(findings.length).toBeLessThanOrEqual(15);
    expect(findings.map(({ score }) => score!.value)).toEqual(
      findings.map(({ score }) => score!.value).sort((a, b) => b - a),
    );
    for (const { region } of findings) {
      const { box, segmentNumber, axes } = region!;
      expect(labelMap!.segments.some(({ number }) => number === segmentNumber)).toBe(true);
      expect(axes).not.toBeNull();
      expect([0, 1, 2].every((a) => box.min[a]! >= 0 && box.max[a]! < volume.grid.dims[a]!)).toBe(true);
    }
    expect(heatMap!.values.some((value) => value > heatMap!.displayRange[0])).toBe(true);
  });
});
