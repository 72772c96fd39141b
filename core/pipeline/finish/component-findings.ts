import type { Finding, LabelMap, Segment } from '../../analysis/index.ts';
import { newUID } from '../../dicom/index.ts';
import { mapAxes, voxelVolume, type IndexBox, type Vec3 } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { Volume } from '../../volume/index.ts';
import { diameterAxes } from './axes.ts';
import { axialSlice } from './axial-slice.ts';
import { componentsOf, labelBoxes, runsOf, type VoxelRun } from './label-boxes.ts';
import { regionMeasurements } from './region-measurements.ts';
import { unreviewed } from './unreviewed.ts';

type ComponentsStep = Extract<Manifest['finish'][number], { kind: 'components' }>;

/**
 * One finding per connected component (26 neighbours) of a label, largest first. Each gets a segment of its own, as long as there are labels
 * free, so that it can be reviewed and stored on its own; what is too small for a finding keeps the label.
 */
export function componentFindings(
  labelMap: LabelMap,
  step: ComponentsStep,
  volume: Volume,
): { readonly findings: readonly Finding[]; readonly labelMap: LabelMap } {
  const { labels, grid } = labelMap;
  const found = componentsOf(labels, grid.dims, [step.label], labelBoxes(labels, grid.dims));
  if (found === null) return { findings: [], labelMap };
  const { sizes, count } = found.components;
  const fewest = (step.minVolume * 1000) / voxelVolume(grid);
  const chosen = Array.from({ length: count }, (_, n) => n + 1)
    .filter((component) => sizes[component]! >= fewest)
    .sort((a, b) => sizes[b]! - sizes[a]! || a - b)
    .slice(0, step.maxFindings);
  const runs = new Map<number, VoxelRun[]>(chosen.map((component) => [component, []]));
  for (const run of runsOf(found, grid.dims, (component) => runs.has(component))) runs.get(run.component)!.push(run);

  const free = freeNumbers(labelMap.segments);
  const segments: Segment[] = [];
  const findings = chosen.map((component, n) => {
    const { label, category, code, colour } = step.finding;
    const identity = { trackingIdentifier: `${label} ${n + 1}`, trackingUID: newUID() };
    const number = free[n];
    if (number !== undefined) {
      segments.push({ number, label: identity.trackingIdentifier, category, type: code, colour, ...identity });
      for (const { at, length } of runs.get(component)!) labels.fill(number, at, at + length);
    }
    return findingOf(runs.get(component)!, { step, volume, identity, segmentNumber: number ?? step.label });
  });
  const shared = segments.length < count;
  const others = labelMap.segments.filter(({ number }) => shared || number !== step.label);
  return { findings, labelMap: { ...labelMap, segments: [...others, ...segments] } };
}

interface Described {
  readonly step: ComponentsStep;
  readonly volume: Volume;
  readonly identity: Pick<Finding, 'trackingIdentifier' | 'trackingUID'>;
  readonly segmentNumber: number;
}

function findingOf(runs: readonly VoxelRun[], { step, volume, identity, segmentNumber }: Described): Finding {
  const { label, code, site } = step.finding;
  const axes = diameterAxes(axialSlice(runs, volume.grid), volume.grid);
  return {
    ...identity,
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

/** Labels that no segment uses, lowest first. */
function freeNumbers(segments: readonly Segment[]): readonly number[] {
  const used = new Set(segments.map(({ number }) => number));
  return Array.from({ length: 255 }, (_, n) => n + 1).filter((number) => !used.has(number));
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
