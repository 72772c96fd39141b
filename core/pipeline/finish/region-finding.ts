import type { Finding } from '../../analysis/index.ts';
import { mapAxes, type IndexBox, type Vec3 } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { Volume } from '../../volume/index.ts';
import { diameterAxes } from './axes.ts';
import { axialSlice } from './axial-slice.ts';
import type { VoxelRun } from './label-boxes.ts';
import { regionMeasurements } from './region-measurements.ts';
import { unreviewed } from './unreviewed.ts';

type FindingKind = Extract<Manifest['finish'][number], { kind: 'components' }>['finding'];

export interface RegionIdentity extends Pick<Finding, 'trackingIdentifier' | 'trackingUID'> {
  readonly kind: FindingKind;
  readonly segmentNumber: number;
}

/** Voxels of a label as a finding: box, a centre inside, axes of the largest axial cross-section, diameters, volume, mean. */
export function regionFinding(
  runs: readonly VoxelRun[],
  { kind, segmentNumber, trackingIdentifier, trackingUID }: RegionIdentity,
  volume: Volume,
): Finding {
  const { label, code, site } = kind;
  const axes = diameterAxes(axialSlice(runs, volume.grid), volume.grid);
  return {
    trackingIdentifier,
    trackingUID,
    label,
    code,
    site,
    laterality: null,
    place: null,
    score: null,
    presence: null,
    region: {
      box: boxOf(runs),
      centre: voxelNearest(runs, centroidOf(runs)),
      segmentNumber,
      axes: axes && { long: axes.long, short: axes.short },
    },
    measurements: regionMeasurements(axes, { voxels: voxelsIn(runs), mean: meanOf(runs, volume) }, volume),
    review: unreviewed,
  };
}

function voxelsIn(runs: readonly VoxelRun[]): number {
  return runs.reduce((sum, { length }) => sum + length, 0);
}

function boxOf(runs: readonly VoxelRun[]): IndexBox {
  const lowest = (axis: 0 | 1 | 2) => runs.reduce((least, { first }) => Math.min(least, first[axis]), Infinity);
  const highest = (axis: 0 | 1 | 2) =>
    runs.reduce((most, { first, length }) => Math.max(most, first[axis] + (axis === 0 ? length - 1 : 0)), -Infinity);
  return { min: mapAxes(lowest), max: mapAxes(highest) };
}

function centroidOf(runs: readonly VoxelRun[]): Vec3 {
  const sum = (axis: 0 | 1 | 2) =>
    runs.reduce((total, { first, length }) => total + (first[axis] + (axis === 0 ? (length - 1) / 2 : 0)) * length, 0);
  return mapAxes((axis) => sum(axis) / voxelsIn(runs));
}

/** The voxel of the runs that lies nearest to a point, in voxels; the first of several. */
function voxelNearest(runs: readonly VoxelRun[], [x, y, z]: Vec3): Vec3 {
  let best: Vec3 = runs[0]!.first;
  let nearest = Infinity;
  for (const { first, length } of runs) {
    const i = Math.min(first[0] + length - 1, Math.max(first[0], Math.round(x)));
    const distance = (i - x) ** 2 + (first[1] - y) ** 2 + (first[2] - z) ** 2;
    if (distance < nearest) [best, nearest] = [[i, first[1], first[2]], distance];
  }
  return best;
}

/** Mean of the samples; samples that are no numbers are left out. */
function meanOf(runs: readonly VoxelRun[], { samples }: Volume): number {
  let sum = 0;
  let count = 0;
  for (const { at, length } of runs) {
    for (let v = at; v < at + length; v++) {
      const value = samples[v]!;
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
  }
  return sum / Math.max(1, count);
}
