import type { Presence } from '../../analysis/index.ts';
import type { Manifest } from '../../model/index.ts';

/** Scores below `absent` say that nothing is there, scores from `present` on that something is. */
export interface Thresholds {
  readonly absent: number;
  readonly present: number;
}

/**
 * What a model's operating points say: the default one parts present from absent; without a default one, what lies between the lowest and
 * the highest is undetermined. Null where the manifest has none: a score alone states nothing.
 */
export function thresholdsOf({
  operatingPoints,
  defaultOperatingPoint,
}: Pick<Manifest, 'operatingPoints' | 'defaultOperatingPoint'>): Thresholds | null {
  const chosen = operatingPoints.find(({ name }) => name === defaultOperatingPoint);
  const thresholds = (chosen === undefined ? operatingPoints : [chosen]).map(({ threshold }) => threshold);
  if (thresholds.length === 0) return null;
  return { absent: Math.min(...thresholds), present: Math.max(...thresholds) };
}

/** @param score null where nothing was looked at */
export function presenceOf(score: number | null, thresholds: Thresholds | null): Presence | null {
  if (score === null) return 'undetermined';
  if (thresholds === null) return null;
  if (score >= thresholds.present) return 'present';
  return score < thresholds.absent ? 'absent' : 'undetermined';
}
