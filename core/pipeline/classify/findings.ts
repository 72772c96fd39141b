import type { Finding, Region } from '../../analysis/index.ts';
import { newUID } from '../../dicom/index.ts';
import { mapAxes, type Grid } from '../../geometry/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { ClassScores, ClassScoresOutput } from '../collect/class-scores.ts';
import { centreIn, sourceBox } from '../detect/source-box.ts';
import { unreviewed } from '../finish/unreviewed.ts';
import { presenceOf, thresholdsOf, type Thresholds } from './presence.ts';

export interface ClassContext {
  readonly manifest: Pick<Manifest, 'operatingPoints' | 'defaultOperatingPoint' | 'scoreKind'>;
  readonly prepared: Grid;
  readonly source: Grid;
}

/**
 * One finding per class, best score first. Where the model speaks of slices, its region is the slice with the best score and its neighbours that
 * are as well from the operating point on; the centre lies in that slice.
 */
export function classFindings(
  { series, slices }: ClassScores,
  output: ClassScoresOutput,
  context: ClassContext,
): readonly Finding[] {
  const thresholds = thresholdsOf(context.manifest);
  const findings = output.classes.map(({ label, code, site }, n): Finding => {
    const score = series?.[n] ?? null;
    const bySlice = new Map([...slices].map(([k, scores]) => [k, scores[n]!]));
    return {
      trackingIdentifier: label,
      trackingUID: newUID(),
      label,
      code,
      site,
      laterality: null,
      place: null,
      score: score === null ? null : { value: score, kind: context.manifest.scoreKind },
      presence: presenceOf(score, thresholds),
      region: output.per === 'slice' ? regionOf(bySlice, thresholds, context) : null,
      measurements: [],
      review: unreviewed,
    };
  });
  return findings.sort((a, b) => (b.score?.value ?? -Infinity) - (a.score?.value ?? -Infinity));
}

function regionOf(
  scores: ReadonlyMap<number, number>,
  thresholds: Thresholds | null,
  { prepared, source }: ClassContext,
): Region | null {
  const best = [...scores].reduce<readonly [number, number] | null>(
    (highest, one) => (highest === null || one[1] > highest[1] ? one : highest),
    null,
  );
  if (best === null) return null;
  const [slice] = best;
  const reaches = (k: number) => thresholds !== null && (scores.get(k) ?? -Infinity) >= thresholds.present;
  let [first, last] = [slice, slice];
  if (reaches(slice)) {
    while (reaches(first - 1)) first--;
    while (reaches(last + 1)) last++;
  }
  const whole = (from: number, to: number) => ({
    low: [-0.5, -0.5, from - 0.5] as const,
    high: [prepared.dims[0] - 0.5, prepared.dims[1] - 0.5, to + 0.5] as const,
  });
  const box = sourceBox(whole(first, last), prepared, source);
  if (box === null) return null;
  const centre = centreIn(
    box,
    mapAxes((axis) => (axis === 2 ? slice : (prepared.dims[axis] - 1) / 2)),
    prepared,
    source,
  );
  return { box, centre, segmentNumber: null, axes: null };
}
