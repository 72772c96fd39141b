import { sameGrid, voxelCount } from '../geometry/index.ts';
import type { SeriesGeometry } from '../volume/index.ts';
import type { Manifest } from './manifest/index.ts';
import type { SeriesDescription } from './applicability.ts';

/** A series of the study, with what its header says of it. */
export interface SeriesCandidate extends SeriesDescription {
  readonly seriesInstanceUID: string;
}

/** The series of every channel but the first, by the channel's name; or why one is lacking, a sentence each. */
export type SeriesChoice =
  | { readonly ok: true; readonly series: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly because: readonly [string, ...string[]] };

type Channel = Manifest['input']['channels'][number];
type Placed = SeriesCandidate & { readonly geometry: { readonly ok: true; readonly value: SeriesGeometry } };

/**
 * Finds the series that a model reads beside the one it is run on: those whose header holds all that the channel asks for, in the same
 * frame of reference. Where several do, one on the same grid comes first, then the one with most voxels, then the first in the list; a
 * series serves one channel only.
 * @param study all series of the study, in any stable order
 */
export function chooseSeries(
  input: Pick<Manifest['input'], 'channels'>,
  seriesInstanceUID: string,
  study: readonly SeriesCandidate[],
): SeriesChoice {
  const [, ...channels] = input.channels;
  if (channels.length === 0) return { ok: true, series: {} };
  const first = study.filter(isPlaced).find((series) => series.seriesInstanceUID === seriesInstanceUID);
  const space = first?.geometry.value.frameOfReferenceUID ?? null;
  if (first === undefined || space === null) {
    return { ok: false, because: ['The series names no frame of reference that others could share.'] };
  }
  const taken = new Set([seriesInstanceUID]);
  const chosen: [string, string][] = [];
  const because: string[] = [];
  for (const channel of channels) {
    const fitting = study.filter((series) => !taken.has(series.seriesInstanceUID) && matches(channel, series));
    const placed = fitting.filter(isPlaced).filter(({ geometry }) => geometry.value.frameOfReferenceUID === space);
    const [best] = placed.toSorted(
      (a, b) => Number(onGridOf(first, b)) - Number(onGridOf(first, a)) || voxelsOf(b) - voxelsOf(a),
    );
    if (best === undefined) because.push(reason(channel, fitting.length));
    else {
      taken.add(best.seriesInstanceUID);
      chosen.push([channel.name, best.seriesInstanceUID]);
    }
  }
  const [why, ...more] = because;
  return why === undefined ? { ok: true, series: Object.fromEntries(chosen) } : { ok: false, because: [why, ...more] };
}

/** Whether a series is one that a channel reads. A channel that says nothing of its series goes by its own name. */
export function matches({ name, series }: Channel, candidate: SeriesDescription): boolean {
  const { modality, contrast, words } = series ?? { words: [name] };
  if (modality !== undefined && candidate.modality !== modality) return false;
  if (contrast !== undefined && (candidate.contrast ?? 'without') !== contrast) return false;
  if (words === undefined) return true;
  const said = (candidate.words ?? []).join(' ').toLowerCase();
  return words.some((word) => said.includes(word.toLowerCase()));
}

function isPlaced(series: SeriesCandidate): series is Placed {
  return series.geometry.ok;
}

const onGridOf = (first: Placed, other: Placed): boolean =>
  sameGrid(other.geometry.value.grid, first.geometry.value.grid);
const voxelsOf = ({ geometry }: Placed): number => voxelCount(geometry.value.grid);

function reason({ name, series }: Channel, elsewhere: number): string {
  const asked = [
    ...(series?.modality === undefined ? [] : [series.modality]),
    ...(series?.contrast === undefined ? [] : [`${series.contrast} contrast agent`]),
    ...(series === undefined || series.words !== undefined ? [`named ${(series?.words ?? [name]).join(' or ')}`] : []),
  ];
  const wanted = `It also reads a series as '${name}' (${asked.join(', ')})`;
  return elsewhere > 0
    ? `${wanted}; the one there is does not share the frame of reference of this series.`
    : `${wanted}; the study has none.`;
}
