import type { Finding, HeatMap, LabelMap, Segment } from '../../analysis/index.ts';
import { newUID } from '../../dicom/index.ts';
import { gridSpacing, indexToIndexMatrix, type Vec3 } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { Volume } from '../../volume/index.ts';
import { maskNamed, maskOn } from '../intensity.ts';
import { placeInLungs, type Masks } from '../masks/index.ts';
import type { Steps } from '../steps.ts';
import { diameterAxes } from './axes.ts';
import { labelStatistics } from './label-statistics.ts';
import { localMaxima, suppressNear } from './peaks.ts';
import { regionMeasurements } from './region-measurements.ts';
import { candidateAt, forVoxels, paintRegions, type Candidate } from './regions.ts';
import { unreviewed } from './unreviewed.ts';

type PeaksStep = Extract<Manifest['finish'][number], { kind: 'peaks' }>;

export interface PeakContext {
  readonly volume: Volume;
  readonly masks: Masks;
  readonly scoreKind: 'score' | 'probability';
  /** Numbers that segments may have, in order: one for each finding. */
  readonly numbers: readonly number[];
}

/** Peaks looked at, highest first: more than this is noise, and the run must end. */
const MOST_PEAKS = 400;

/**
 * Peaks of a heat map as findings: each grown to a region in the volume, rated, measured, and given a segment of its own
 * in a label map on the source grid (null without findings). Best score first.
 */
export async function findingsFromPeaks(
  heatMap: HeatMap,
  step: PeaksStep,
  context: PeakContext,
  steps: Steps,
): Promise<{ readonly findings: readonly Finding[]; readonly labelMap: LabelMap | null }> {
  const { volume, masks } = context;
  const { grid } = volume;
  const candidates = await candidatesOf(heatMap, step, context, steps);
  const labels = new Uint8Array(volume.samples.length);
  paintRegions(candidates, labels, grid.dims);
  const statistics = labelStatistics(labels, volume.samples, grid.dims, []);
  const lungs = [...masks.values()].find((mask) => mask.lungs !== null)?.lungs ?? null;
  const findings: Finding[] = [];
  const segments: Segment[] = [];
  candidates.forEach((candidate, n) => {
    const found = statistics.get(n + 1);
    if (found === undefined) return;
    const { label, code, category, site, colour } = step.finding;
    const number = context.numbers[n]!;
    const identity = { trackingIdentifier: `${label} ${n + 1}`, trackingUID: newUID() };
    const where = lungs === null ? null : placeInLungs(lungs, candidate.centre);
    const axes = diameterAxes(voxelsOf(candidate, labels, n + 1, grid.dims), grid);
    segments.push({ number, label: identity.trackingIdentifier, category, type: code, colour, ...identity });
    findings.push({
      ...identity,
      label,
      code,
      site,
      laterality: where?.laterality ?? null,
      place: where?.place ?? null,
      score: { value: candidate.score, kind: context.scoreKind },
      presence: null,
      region: {
        box: found.box,
        centre: candidate.centre,
        segmentNumber: number,
        axes: axes && { long: axes.long, short: axes.short },
      },
      measurements: regionMeasurements(axes, found, volume),
      review: unreviewed,
    });
  });
  if (findings.length === 0) return { findings, labelMap: null };
  // Painted by the candidates' places in their list, as the statistics have them.
  const numbered = Uint8Array.of(0, ...context.numbers);
  for (let v = 0; v < labels.length; v++) labels[v] = numbered[labels[v]!]!;
  return { findings, labelMap: { grid, labels, segments } };
}

async function candidatesOf(
  heatMap: HeatMap,
  step: PeaksStep,
  { volume, masks, numbers }: PeakContext,
  steps: Steps,
): Promise<Candidate[]> {
  const within = step.within === undefined ? null : maskOn(masks, step.within, volume.grid, heatMap.grid);
  const mask = step.within === undefined ? null : maskNamed(masks, step.within);
  const peaks = localMaxima(heatMap.values, heatMap.grid.dims, step.minScore, within);
  const toSource = indexToIndexMatrix(heatMap.grid, volume.grid);
  const candidates: Candidate[] = [];
  for (const [n, peak] of suppressNear(peaks, gridSpacing(heatMap.grid), step.minDistance)
    .slice(0, MOST_PEAKS)
    .entries()) {
    if (n % 16 === 0) await steps.pause();
    const candidate = candidateAt(peak, toSource, volume, mask, step.maxDiameter / 2 + 3, step);
    if (candidate !== null && isWanted(candidate, step)) candidates.push(candidate);
  }
  candidates.sort((a, b) => b.score - a.score);
  return distinct(candidates).slice(0, Math.min(step.maxFindings, numbers.length));
}

function isWanted({ score, shape: { equivalentDiameter } }: Candidate, step: PeaksStep): boolean {
  return score >= step.minScore && equivalentDiameter >= step.minDiameter && equivalentDiameter <= step.maxDiameter;
}

/** Drops a candidate whose widest ball has its centre in the ball of a better one: two peaks of one spot. */
function distinct(candidates: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates) {
    const { spacing } = candidate.near;
    const same = kept.some(({ centre, radius }) => {
      const [x, y, z] = centre.map((index, axis) => (index - candidate.centre[axis as 0]) * spacing[axis as 0]);
      return Math.hypot(x!, y!, z!) < Math.max(radius, candidate.radius) + Math.max(...spacing);
    });
    if (!same) kept.push(candidate);
  }
  return kept;
}

/** Voxels of the region that it kept in the label map. */
function voxelsOf(candidate: Candidate, labels: Uint8Array, number: number, dims: Vec3): Vec3[] {
  const voxels: Vec3[] = [];
  forVoxels(candidate, (voxel) => {
    if (labels[(voxel[2] * dims[1] + voxel[1]) * dims[0] + voxel[0]] === number) voxels.push(voxel);
  });
  return voxels;
}
