import type { Result } from '../errors/index.ts';
import { gridNormal, gridSpacing, type Grid } from '../geometry/index.ts';
import type { SeriesGeometry } from '../volume/index.ts';
import { fitOf } from './channel-fit.ts';
import type { Manifest } from './manifest/index.ts';
import type { SeriesFacts } from './series-facts.ts';

/** What is known of a series before it is loaded; a fact that is left out is not known. */
export interface SeriesDescription extends Partial<Omit<SeriesFacts, 'modality' | 'bodyPart'>> {
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
/** The part of a manifest that says what series it is for. */
type ForSeries = Pick<Manifest, 'applicability'> & {
  readonly input?: Pick<Manifest['input'], 'channels' | 'samples'>;
};

/** Rounding of spacings in headers, as a share: a limit of 2.5 mm means to admit 2.500001 mm. */
const roundingShare = 1e-3;

/** Whether a model applies to a series, and if not, every reason (not only the first). */
export function applicability(manifest: ForSeries, series: SeriesDescription): Applicability {
  const needs = manifest.applicability;
  const [first, ...others] = [
    ...kindReasons(needs, series),
    ...inputReasons(manifest.input, series),
    ...geometryReasons(needs, series.geometry),
  ];
  return first === undefined ? { applies: true } : { applies: false, because: [first, ...others] };
}

function kindReasons(needs: Requirements, series: SeriesDescription): string[] {
  const reasons: string[] = [];
  if (!needs.modalities.includes(series.modality)) {
    reasons.push(`It reads ${anyOf(needs.modalities)}; the series is ${series.modality || 'of no named modality'}.`);
  }
  const bodyPart = normal(series.bodyPart);
  if (!admits(needs.bodyParts, bodyPart)) {
    reasons.push(`It is meant for ${anyOf(needs.bodyParts ?? [])}; the series names ${bodyPart}.`);
  }
  const view = normal(series.view);
  if (!admits(needs.views, view))
    reasons.push(`It is meant for the view ${anyOf(needs.views ?? [])}; this is ${view}.`);
  if (needs.contrast !== undefined && series.contrast && series.contrast !== needs.contrast) {
    reasons.push(`It is meant for images ${needs.contrast} contrast agent; these are ${series.contrast}.`);
  }
  return reasons;
}

/** What is not said is not held against a series. */
function admits(wanted: readonly string[] | undefined, value: string): boolean {
  return wanted === undefined || value === '' || wanted.some((one) => one.toUpperCase() === value);
}

const normal = (text: string | null | undefined): string => text?.trim().toUpperCase() ?? '';
const anyOf = (values: readonly string[]): string => values.join(' or ');

function inputReasons(input: ForSeries['input'], series: SeriesDescription): string[] {
  const [first, ...others] = input?.channels ?? [];
  const reasons: string[] = [];
  const fit = first === undefined ? null : fitOf(first, series);
  if (first?.series !== undefined && fit === null) {
    reasons.push(`It is run on a series for '${first.name}'; this one is none by what its header says.`);
  }
  // Where the first channel says nothing of its series, one that is another channel's by its header is not taken for it all the same.
  const other = others.find((channel) => (fitOf(channel, series)?.asked ?? 0) > (fit?.asked ?? 0));
  if (first !== undefined && other !== undefined && reasons.length === 0) {
    reasons.push(`It is run on a series for '${first.name}'; this one is for '${other.name}' by what its header says.`);
  }
  // Of a series that is no volume, that is the reason given.
  if (!series.geometry.ok) return reasons;
  const inColour = series.geometry.value.inColour === true;
  if (inColour && input?.samples !== 'rgb') reasons.push('It reads greyscale; the series is in colour.');
  if (!inColour && input?.samples === 'rgb') reasons.push('It reads colour; the series is greyscale.');
  return reasons;
}

function geometryReasons(needs: Requirements, geometry: SeriesDescription['geometry']): string[] {
  if (!geometry.ok) return [geometry.reason];
  const { grid, warnings, slices: images } = geometry.value;
  // A projection image has no thickness: only its slice count (one) and its pixels are compared.
  const isProjection = warnings.some((warning) => warning.code === 'volume.projection');
  return [
    ...classReasons(needs, [...new Set(images.map(({ sopClassUID }) => sopClassUID))]),
    ...sliceReasons(needs, grid.dims[2]),
    ...(isProjection ? [] : stackReasons(needs, grid)),
    ...pixelReasons(needs, grid),
  ];
}

function classReasons({ sopClasses }: Requirements, found: readonly string[]): string[] {
  const others = found.filter((uid) => sopClasses !== undefined && !sopClasses.includes(uid));
  if (others.length === 0) return [];
  return [`It reads SOP classes ${anyOf(sopClasses ?? [])}; these images are of ${anyOf(others)}.`];
}

function sliceReasons({ minSlices, maxSlices }: Requirements, slices: number): string[] {
  if (minSlices !== undefined && slices < minSlices)
    return [`It needs at least ${minSlices} slices; the series has ${slices}.`];
  if (maxSlices !== undefined && slices > maxSlices)
    return [`It takes at most ${maxSlices} slices; the series has ${slices}.`];
  return [];
}

function stackReasons(needs: Requirements, grid: Grid): string[] {
  const spacing = gridSpacing(grid)[2];
  const extent = grid.dims[2] * spacing;
  const plane = planeOf(grid);
  const reasons: string[] = [];
  if (needs.planes && !needs.planes.includes(plane)) {
    reasons.push(`It reads ${anyOf(needs.planes)} slices; these are ${plane}.`);
  }
  if (below(spacing, needs.minSliceSpacing)) {
    reasons.push(`It needs slices at least ${needs.minSliceSpacing} mm apart; these are ${mm(spacing)} apart.`);
  }
  if (exceeds(spacing, needs.maxSliceSpacing)) {
    reasons.push(`It needs slices at most ${needs.maxSliceSpacing} mm apart; these are ${mm(spacing)} apart.`);
  }
  if (below(extent, needs.minExtent)) {
    reasons.push(`It needs a stack of at least ${needs.minExtent} mm; this one covers ${mm(extent)}.`);
  }
  return reasons;
}

function pixelReasons(needs: Requirements, grid: Grid): string[] {
  const [column, row] = gridSpacing(grid);
  const reasons: string[] = [];
  if (exceeds(Math.max(column, row), needs.maxPixelSpacing)) {
    reasons.push(`It needs pixels of at most ${needs.maxPixelSpacing} mm; these are ${mm(Math.max(column, row))}.`);
  }
  if (below(Math.min(column, row), needs.minPixelSpacing)) {
    reasons.push(`It needs pixels of at least ${needs.minPixelSpacing} mm; these are ${mm(Math.min(column, row))}.`);
  }
  return reasons;
}

/** The plane that slices are nearest to, by the largest component of their normal. */
function planeOf(grid: Grid): 'sagittal' | 'coronal' | 'axial' {
  const [x, y, z] = gridNormal(grid).map(Math.abs) as [number, number, number];
  if (z >= x && z >= y) return 'axial';
  return y >= x ? 'coronal' : 'sagittal';
}

function exceeds(value: number, limit: number | undefined): limit is number {
  return limit !== undefined && value > limit * (1 + roundingShare);
}

function below(value: number, limit: number | undefined): limit is number {
  return limit !== undefined && value < limit * (1 - roundingShare);
}

/** As many decimals as it takes, two at most. */
const mm = (value: number): string => `${Number(value.toFixed(2))} mm`;
