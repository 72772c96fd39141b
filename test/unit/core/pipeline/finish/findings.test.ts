import { beforeAll, describe, expect, it } from 'vitest';
import type { HeatMap } from '@overread/core/analysis';
import { quantities, structures, categories, units } from '@overread/core/dicom';
import { indexToWorld, isotropicGrid, voxelCount, type Vec3 } from '@overread/core/geometry';
import { freeNumbers } from '../../../../../core/pipeline/finish/free-numbers.ts';
import { findingsFromPeaks, type PeakContext } from '../../../../../core/pipeline/finish/findings.ts';
import { computeMasks } from '../../../../../core/pipeline/masks/index.ts';
import { Steps } from '../../../../../core/pipeline/steps.ts';
import { forWorld, thorax, type Ball } from '../../../../support/thorax.ts';

const steps = new Steps(undefined, undefined);
const balls: Ball[] = [
  { centre: [-62, 0, 60], radius: 9 },
  { centre: [62, 20, -60], radius: 6 },
  { centre: [70, -20, 10], radius: 5 },
];
const step = {
  kind: 'peaks' as const,
  within: 'lungs',
  minScore: 0.1,
  maxFindings: 10,
  minDistance: 6,
  minDiameter: 4,
  maxDiameter: 30,
  background: -850,
  densest: 50,
  finding: {
    label: 'Nodule',
    code: structures.nodule,
    category: categories.morphologicallyAbnormal,
    site: structures.lung,
    colour: [255, 140, 60] as [number, number, number],
  },
};

const volume = thorax({
  balls,
  spacing: [1.5, 1.5, 2.5],
  directions: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, -1],
  ],
});
let context: PeakContext;
beforeAll(async () => {
  const masks = await computeMasks(
    volume,
    [
      { kind: 'bodyMask', id: 'body', above: -500 },
      { kind: 'lungField', id: 'lungs', body: 'body', below: -400, minVolume: 100, closingRadius: 12 },
    ],
    steps,
  );
  context = { volume, masks, scoreKind: 'score', numbers: freeNumbers([]) };
});

/** A hill of height 1 - n / 10 over ball n. */
function heatOver(centres: readonly Vec3[]): HeatMap {
  const grid = isotropicGrid(volume.grid, 3);
  const values = new Float32Array(voxelCount(grid));
  forWorld(grid, (point, v) => {
    const heights = centres.map(
      ([x, y, z], n) =>
        (1 - n / 10) * Math.exp(-((point[0] - x) ** 2 + (point[1] - y) ** 2 + (point[2] - z) ** 2) / 50),
    );
    values[v] = Math.max(0, ...heights);
  });
  return { label: 'Saliency', grid, values, quantity: quantities.saliency, unit: units.one, displayRange: [0, 1] };
}
const centres = balls.map(({ centre }) => centre);

describe('findingsFromPeaks', () => {
  it('finds each ball where it is, of its size, best first', async () => {
    const { findings } = await findingsFromPeaks(heatOver(centres), step, context, steps);
    expect(findings).toHaveLength(3);
    findings.forEach(({ region, measurements, score }, n) => {
      const world = indexToWorld(volume.grid, region!.centre);
      expect(Math.hypot(...world.map((w, a) => w - centres[n]![a]!))).toBeLessThan(3);
      const diameter = measurements.find(({ name }) => name.meaning === 'Diameter')!.value;
      expect(Math.abs(diameter - 2 * balls[n]!.radius)).toBeLessThan(1.6);
      expect(score!.kind).toBe('score');
    });
    const scores = findings.map(({ score }) => score!.value);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('names side and third of the lung', async () => {
    const { findings } = await findingsFromPeaks(heatOver(centres), step, context, steps);
    expect(findings.map(({ laterality, place }) => [laterality?.meaning, place])).toEqual([
      ['Right', 'upper third'],
      ['Left', 'lower third'],
      ['Left', 'middle third'],
    ]);
  });

  it('gives every finding a segment of its own, with the same tracking UID', async () => {
    const { findings, labelMap } = await findingsFromPeaks(heatOver(centres), step, context, steps);
    const { segments, labels } = labelMap!;
    expect(segments.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(segments.map(({ trackingUID }) => trackingUID)).toEqual(findings.map(({ trackingUID }) => trackingUID));
    expect(new Set(findings.map(({ trackingUID }) => trackingUID)).size).toBe(3);
    for (const { region } of findings) {
      const { centre, box, segmentNumber } = region!;
      expect(labels[(centre[2] * volume.grid.dims[1] + centre[1]) * volume.grid.dims[0] + centre[0]]).toBe(
        segmentNumber,
      );
      expect(centre.every((c, a) => c >= box.min[a]! && c <= box.max[a]!)).toBe(true);
    }
  });

  it('has no findings and no label map where there is nothing dense under the peaks', async () => {
    const heat = heatOver([
      [-62, 0, -30],
      [62, 0, 0],
    ]);
    expect(await findingsFromPeaks(heat, step, context, steps)).toEqual({ findings: [], labelMap: null });
  });

  it('leaves out what is too small, too large, too low, outside the lungs or too much', async () => {
    const count = async (changes: Partial<typeof step>, over = centres): Promise<number> =>
      (await findingsFromPeaks(heatOver(over), { ...step, ...changes }, context, steps)).findings.length;
    expect(await count({ minDiameter: 14 })).toBe(1);
    expect(await count({ maxDiameter: 14 })).toBe(2);
    expect(await count({ minScore: 5 })).toBe(0);
    expect(await count({ maxFindings: 1 })).toBe(1);
    expect(await count({}, [[0, 60, 0]])).toBe(0);
  });

  it('counts two peaks over one ball once', async () => {
    expect(
      (
        await findingsFromPeaks(
          heatOver([
            [-66, 0, 60],
            [-57, 0, 60],
          ]),
          step,
          context,
          steps,
        )
      ).findings,
    ).toHaveLength(1);
  });
});
