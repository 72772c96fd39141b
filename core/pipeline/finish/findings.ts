import type { Finding, HeatMap, LabelMap } from '../../analysis/index.ts';
import type { Manifest } from '../../model/index.ts';
import type { Volume } from '../../volume/index.ts';
import type { Masks } from '../masks/index.ts';
import type { Steps } from '../steps.ts';
export async function findingsFromPeaks(
  _h: HeatMap,
  _s: Extract<Manifest['finish'][number], { kind: 'peaks' }>,
  _c: { volume: Volume; masks: Masks; scoreKind: 'score' | 'probability' },
  _t: Steps,
): Promise<{ findings: Finding[]; labelMap: LabelMap | null }> {
  return { findings: [], labelMap: null };
}
