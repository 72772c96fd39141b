import type { Result } from '../errors/index.ts';
import { gridSpacing } from '../geometry/index.ts';
import type { SeriesGeometry } from '../volume/index.ts';
import type { Manifest } from './manifest/index.ts';

/** What is known of a series before it is loaded. */
export interface SeriesDescription {
  readonly modality: string;
  /** BodyPartExamined (0018,0015); null where the series names none. */
  readonly bodyPart: string | null;
  /** The answer of `describeSeries`; of a refusal only the reason is read. */
  readonly geometry: Result<SeriesGeometry> | { readonly ok: false; readonly reason: string };
}

/** Either the model applies, or there is at least one reason why it does not, each a sentence with its numbers. */
export type Applicability =
  { readonly applies: true } | { readonly applies: false; readonly because: readonly [string, ...string[]] };

type Requirements = Manifest['applicability'];

/** Rounding of spacings in headers, as a share: a limit of 2.5 mm means to admit 2.500001 mm. */
const roundingShare = 1e-3;

/** Whether a model applies to a series, and if not, every reason (not only the first). */
export function applicability(manifest: Pick<Manifest, 'applicability'>, series: SeriesDescription): Applicability {
  const needs = manifest.applicability;
  const [first, ...others] = [...kindReasons(needs, series), ...geometryReasons(needs, series.geometry)];
  return first === undefined ? { applies: true } : { applies: false, because: [first, ...others] };
}

function kindReasons(needs: Requirements, series: SeriesDescription): string[] {
  const reasons: string[] = [];
  if (!needs.modalities.includes(series.modality)) {
    reasons.push(
      `It reads ${needs.modalities.join(' or ')}; the series is ${series.modality || 'of no named modality'}.`,
    );
  }
  const bodyPart = series.bodyPart?.trim().toUpperCase();
  if (needs.bodyParts && bodyPart && !needs.bodyParts.some((part) => part.toUpperCase() === bodyPart)) {
    reasons.push(`It is meant for ${needs.bodyParts.join(' or ')}; the series names ${bodyPart}.`);
  }
  return reasons;
}

function geometryReasons(needs: Requirements, geometry: SeriesDescription['geometry']): string[] {
  if (!geometry.ok) return [geometry.reason];
  const { grid, warnings } = geometry.value;
  // A projection image has no thickness: only its slice count (one) and its pixels are compared.
  const isProjection = warnings.some((warning) => warning.code === 'volume.projection');
  const [columnSpacing, rowSpacing, sliceSpacing] = gridSpacing(grid);
  const slices = grid.dims[2];
  const pixelSpacing = Math.max(columnSpacing, rowSpacing);
  const extent = slices * sliceSpacing;
  const reasons: string[] = [];
  if (needs.minSlices !== undefined && slices < needs.minSlices) {
    reasons.push(`It needs at least ${needs.minSlices} slices; the series has ${slices}.`);
  }
  if (!isProjection && exceeds(sliceSpacing, needs.maxSliceSpacing)) {
    reasons.push(`It needs slices at most ${needs.maxSliceSpacing} mm apart; these are ${mm(sliceSpacing)} apart.`);
  }
  if (exceeds(pixelSpacing, needs.maxPixelSpacing)) {
    reasons.push(`It needs pixels of at most ${needs.maxPixelSpacing} mm; these are ${mm(pixelSpacing)}.`);
  }
  if (!isProjection && needs.minExtent !== undefined && extent < needs.minExtent * (1 - roundingShare)) {
    reasons.push(`It needs a stack of at least ${needs.minExtent} mm; this one covers ${mm(extent)}.`);
  }
  return reasons;
}

function exceeds(value: number, limit: number | undefined): limit is number {
  return limit !== undefined && value > limit * (1 + roundingShare);
}

/** As many decimals as it takes, two at most. */
const mm = (value: number): string => `${Number(value.toFixed(2))} mm`;
