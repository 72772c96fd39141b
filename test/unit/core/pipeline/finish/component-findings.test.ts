import { describe, expect, it } from 'vitest';
import type { LabelMap } from '@overread/core/analysis';
import {
  boxFromWorld,
  gridSpacing,
  indexToWorld,
  makeGrid,
  mapAxes,
  voxelVolume,
  type Vec3,
} from '@overread/core/geometry';
import type { Manifest } from '@overread/core/model';
import type { Volume } from '@overread/core/volume';
import { componentFindings } from '../../../../../core/pipeline/finish/component-findings.ts';
import { freeNumbers } from '../../../../../core/pipeline/finish/free-numbers.ts';
import { kindOf, sampledVolume } from '../../../../support/task-models.ts';

type Step = Extract<Manifest['finish'][number], { kind: 'components' }>;
const step: Step = {
  kind: 'components',
  label: 3,
  minVolume: 0,
  maxFindings: 10,
  finding: kindOf('Lesion', '52988006'),
};

const axial: readonly [Vec3, Vec3, Vec3] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
/** Balls in LPS mm; the last two touch. */
const balls = [
  { centre: [20, 20, 20], radius: 9 },
  { centre: [45, 22, 30], radius: 5 },
  { centre: [24, 50, 12], radius: 4 },
  { centre: [24, 50, 18], radius: 3 },
] as const;

/** The same patient, however it is stored: balls of label 3 in tissue of label 1. */
const found = (map: LabelMap, wanted: typeof step, volume: Volume) =>
  componentFindings(map, wanted, volume, freeNumbers([map]));

function labelledVolume(directions = axial): { volume: Volume; labelMap: LabelMap } {
  // Voxels of 1 x 1.5 x 2 mm along the patient's axes; the scanned box is 64 mm wide.
  const spacingOf = (d: Vec3) => Math.abs(d[0]) + 1.5 * Math.abs(d[1]) + 2 * Math.abs(d[2]);
  const spacing = mapAxes((axis) => spacingOf(directions[axis]));
  const dims = mapAxes((axis) => Math.floor(64 / spacing[axis]));
  const first = mapAxes((world) => (directions.some((d) => d[world] < 0) ? 64 : 0));
  const grid = makeGrid(dims, spacing, directions, first);
  const inBall = (point: Vec3) =>
    balls.some(({ centre, radius }) => Math.hypot(...centre.map((c, a) => c - point[a as 0])) <= radius);
  const volume = { ...sampledVolume({ dims, value: () => 0 }), grid };
  const labels = Uint8Array.from({ length: volume.samples.length }, (_, v) =>
    inBall(indexToWorld(grid, [v % dims[0], Math.floor(v / dims[0]) % dims[1], Math.floor(v / (dims[0] * dims[1]))]))
      ? 3
      : 1,
  );
  const samples = Float32Array.from(labels, (label) => (label === 3 ? 50 : -800));
  const segment = (number: number, label: string) => ({
    ...{ number, label, colour: [9, 9, 9] as const, trackingIdentifier: label, trackingUID: `2.25.${number}` },
    category: step.finding.category,
    type: step.finding.code,
  });
  return {
    volume: { ...volume, samples },
    labelMap: { grid, labels, segments: [segment(1, 'Tissue'), segment(3, 'All')] },
  };
}

describe('componentFindings', () => {
  it('gives each component a finding, a segment and its measurements, largest first', () => {
    const { volume, labelMap } = labelledVolume();
    const { findings, labelMap: after } = found(labelMap, step, volume);
    expect(findings.map(({ label, trackingIdentifier }) => [label, trackingIdentifier])).toEqual([
      ['Lesion', 'Lesion 1'],
      ['Lesion', 'Lesion 2'],
      ['Lesion', 'Lesion 3'],
    ]);
    // The shared segment is empty now; the tissue keeps its own.
    expect(after.segments.map(({ number }) => number)).toEqual([1, 2, 4, 5]);
    findings.forEach(({ region, measurements, trackingUID }, n) => {
      const number = region!.segmentNumber!;
      expect(after.segments.find((one) => one.number === number)!.trackingUID).toBe(trackingUID);
      const voxels = [...after.labels].filter((label) => label === number).length;
      const value = (code: string) => measurements.find(({ name }) => name.value === code)!.value;
      expect(value('118565006')).toBeCloseTo(voxels * voxelVolume(volume.grid), 6);
      expect(value('112031')).toBeCloseTo(50, 6);
      const [i, j, k] = region!.centre;
      expect(after.labels[(k * volume.grid.dims[1] + j) * volume.grid.dims[0] + i]).toBe(number);
      // A ball is as long as wide; outlines run through the middles of voxel edges.
      if (n > 1) return;
      expect(Math.abs(value('103339001') - 2 * balls[n]!.radius)).toBeLessThan(2);
      expect(Math.abs(value('103340004') - 2 * balls[n]!.radius)).toBeLessThan(2.5);
    });
  });

  it.each([
    [
      'coronal',
      [
        [1, 0, 0],
        [0, 0, 1],
        [0, 1, 0],
      ],
    ],
    [
      'sagittal',
      [
        [0, 1, 0],
        [0, 0, 1],
        [1, 0, 0],
      ],
    ],
    [
      'head along the rows',
      [
        [0, 0, -1],
        [0, 1, 0],
        [1, 0, 0],
      ],
    ],
    [
      'flipped',
      [
        [-1, 0, 0],
        [0, -1, 0],
        [0, 0, -1],
      ],
    ],
  ] as const)('measures the same in a %s series', (_, directions) => {
    const plain = labelledVolume();
    const other = labelledVolume(directions);
    const [a, b] = [plain, other].map(({ volume, labelMap }) => found(labelMap, step, volume).findings);
    expect(b).toHaveLength(a!.length);
    b!.forEach((finding, n) => {
      const diameter = (one: typeof finding) => one.measurements[0]!.value;
      expect(Math.abs(diameter(finding) - diameter(a![n]!))).toBeLessThan(2.1);
      const centre = indexToWorld(other.volume.grid, finding.region!.centre);
      const there = indexToWorld(plain.volume.grid, a![n]!.region!.centre);
      expect(Math.hypot(...centre.map((c, axis) => c - there[axis as 0]))).toBeLessThan(3);
    });
  });

  it('spans each component by its box', () => {
    const { volume, labelMap } = labelledVolume();
    const [first] = found(labelMap, step, volume).findings;
    const [ball] = balls;
    const corners = [-1, 1].map((sign) => mapAxes((axis) => ball.centre[axis] + sign * ball.radius));
    const around = boxFromWorld(volume.grid, corners)!;
    const spacing = gridSpacing(volume.grid);
    ([0, 1, 2] as const).forEach((axis) => {
      expect(Math.abs(first!.region!.box.min[axis] - around.min[axis]) * spacing[axis]).toBeLessThanOrEqual(2);
      expect(Math.abs(first!.region!.box.max[axis] - around.max[axis]) * spacing[axis]).toBeLessThanOrEqual(2);
    });
  });

  it('makes findings of what is large enough, and so many as are wanted; the rest keeps its label', () => {
    const { volume, labelMap } = labelledVolume();
    const { findings, labelMap: after } = found(labelMap, { ...step, maxFindings: 1 }, volume);
    expect(findings).toHaveLength(1);
    expect(after.segments.map(({ number }) => number)).toEqual([1, 3, 2]);
    expect(after.labels.includes(3)).toBe(true);
    const fresh = labelledVolume();
    const large = found(fresh.labelMap, { ...step, minVolume: 2 }, fresh.volume);
    expect(large.findings).toHaveLength(1);
  });

  it('shares a segment where there are more components than labels', () => {
    const volume = sampledVolume({ dims: [40, 40, 1], value: () => 0 });
    const labels = Uint8Array.from({ length: 1600 }, (_, v) => (v % 2 === 0 && Math.floor(v / 40) % 2 === 0 ? 3 : 0));
    const { labelMap } = labelledVolume();
    const map = { ...labelMap, grid: volume.grid, labels };
    const { findings, labelMap: after } = found(map, { ...step, maxFindings: 400 }, volume);
    expect(findings).toHaveLength(400);
    expect(new Set(findings.map(({ trackingUID }) => trackingUID)).size).toBe(400);
    expect(after.segments).toHaveLength(255);
    expect(findings.filter(({ region }) => region!.segmentNumber === 3)).toHaveLength(400 - 253);
  });

  it('finds nothing where the label is nowhere', () => {
    const { volume, labelMap } = labelledVolume();
    expect(found(labelMap, { ...step, label: 9 }, volume)).toEqual({ findings: [], labelMap });
  });
});
