import type { Analysis, Finding, HeatMap } from '@overread/core/analysis';
import { explainedClass, type ExplainedClass } from '@overread/core/model';
import { indexToWorld, worldToIndex, type Vec3 } from '@overread/core/geometry';
import type { CatalogueModel } from './catalogue.ts';
import type { Explained, Result, RoomState } from './state.ts';

/**
 * The analysis as it is shown: with what a score rests on among its heat maps, while there is such a map. It is not stored and not
 * reviewed, so the result itself stays as the model gave it.
 */
export function shownAnalysis({ analysis, explained }: Result): Analysis {
  return explained === null ? analysis : { ...analysis, heatMaps: [...analysis.heatMaps, explained.heatMap] };
}

/** The result with what a score of it rests on, which is drawn at once; null takes it away again. */
export function withExplained(result: Result, explained: Explained | null): Result {
  const { layers, analysis } = result;
  // The map that was drawn before, where there was one, stands there again.
  if (explained === null)
    return { ...result, explained, heatMap: Math.min(result.heatMap, Math.max(0, analysis.heatMaps.length - 1)) };
  return {
    ...result,
    explained,
    explaining: null,
    heatMap: analysis.heatMaps.length,
    layers: { ...layers, heatMap: { ...layers.heatMap, visible: true } },
  };
}

/** What tells the score of a finding apart from others, and the model that gave it, in the very version; null where it cannot be explained. */
export function explainable(
  { catalogue }: RoomState,
  { model }: Analysis,
  finding: Finding,
): { readonly model: CatalogueModel; readonly of: ExplainedClass } | null {
  if (finding.score === null || catalogue.kind !== 'ready') return null;
  const offered = catalogue.value.models.find(
    ({ manifest: { id, version } }) => id === model.id && version === model.version,
  );
  const of = offered === undefined ? null : explainedClass(offered.manifest, finding);
  return offered === undefined || of === null ? null : { model: offered, of };
}

/** By how much the score falls at the most; 0 where it falls nowhere. */
export function greatestFall({ values }: HeatMap): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** The voxel of the analysed series where the score falls most; null where it falls nowhere. */
export function placeOfGreatestFall(heatMap: HeatMap, { source }: Analysis): Vec3 | null {
  const most = greatestFall(heatMap);
  if (most <= 0) return null;
  const at = heatMap.values.indexOf(most);
  const [ni, nj] = heatMap.grid.dims;
  const cell: Vec3 = [at % ni, Math.floor(at / ni) % nj, Math.floor(at / (ni * nj))];
  return worldToIndex(source.grid, indexToWorld(heatMap.grid, cell));
}
