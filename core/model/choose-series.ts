import type { SeriesGeometry } from '../volume/index.ts';
import type { SeriesDescription } from './applicability.ts';
import { assign } from './assign.ts';
import { fitOf, isPlainT1 } from './channel-fit.ts';
import type { Manifest } from './manifest/index.ts';

/** A series of the study, with what its header says of it. */
export interface SeriesCandidate extends SeriesDescription {
  readonly seriesInstanceUID: string;
}

/** The series of every channel but the first, by the channel's name; or why one is lacking, a sentence each. */
export type SeriesChoice =
  | { readonly ok: true; readonly series: Readonly<Record<string, string>> }
  | {
      readonly ok: false;
      readonly because: readonly [string, ...string[]];
      /** Nothing is lacking: a person need only say which series these channels are. The series of the others. */
      readonly undecided?: { readonly channels: readonly string[]; readonly series: Readonly<Record<string, string>> };
    };

type Input = Pick<Manifest['input'], 'channels'> & Partial<Pick<Manifest['input'], 'samples'>>;
type Channel = Input['channels'][number];
type Placed = SeriesCandidate & { readonly geometry: { readonly ok: true; readonly value: SeriesGeometry } };

/**
 * Finds the series that a model reads beside the one it is run on, all of them together, and never by guessing:
 *
 * 1. A series fits a channel whose every demand its header meets (`fitOf`), if it shares the first one's frame of reference and is in
 *    colour or not as the model reads it.
 * 2. A series that fits several channels belongs to those of which it says most: one called `Liver portal` is the channel `liver
 *    portal`, not `liver`. All channels count in this, those that have their series already too.
 * 3. Every channel gets a series and no series serves two; of all ways to do so it is the one where the series say most of what was
 *    asked, and say it in their own description before the name of their protocol.
 * 4. Where another way is as good, the choice is refused and names both series by their numbers. The order of `study` decides nothing,
 *    nor do grids and sizes: they tell nothing of what an image shows.
 *
 * @param study all series of the study
 * @param named series that were chosen already, by the channel's name
 */
export function chooseSeries(
  input: Input,
  seriesInstanceUID: string,
  study: readonly SeriesCandidate[],
  named: Readonly<Record<string, string>> = {},
): SeriesChoice {
  const channels = input.channels.slice(1).filter(({ name }) => !Object.hasOwn(named, name));
  if (channels.length === 0) return { ok: true, series: named };
  const placed = placedBeside(input, seriesInstanceUID, study);
  if (placed === null) {
    return { ok: false, because: ['The series names no frame of reference that others could share.'] };
  }
  const taken = new Set(Object.values(named));
  const isFree = ({ seriesInstanceUID: uid }: SeriesCandidate) => !taken.has(uid);
  const free = placed.free.filter(isFree);
  const near = placed.near.filter(isFree);
  const scores = scoresOf(channels, near, input.channels);
  const { columns, total } = assign(scores);
  const because = channels.flatMap((channel, row) => {
    if (columns[row] !== null) return [];
    const isElsewhere = free.some((series) => fitOf(channel, series) !== null && !near.some((one) => one === series));
    return [
      lacking(
        channel,
        scores[row]?.some((score) => score !== null) === true ? 'taken' : isElsewhere ? 'elsewhere' : 'none',
      ),
    ];
  });
  const [lack, ...more] = because;
  if (lack !== undefined) return { ok: false, because: [lack, ...more] };
  const chosen = columns.flatMap((column, row) => {
    const series = column === null ? undefined : near[column];
    const channel = channels[row];
    return series === undefined || channel === undefined ? [] : [[channel.name, series.seriesInstanceUID] as const];
  });
  const doubtful = doubts(channels, near, scores, columns, total);
  const [why, ...others] = doubtful.map(({ sentence }) => sentence);
  if (why === undefined) return { ok: true, series: { ...named, ...Object.fromEntries(chosen) } };
  const undecided = doubtful.map(({ channel }) => channel);
  const settled = chosen.filter(([name]) => !undecided.includes(name));
  return {
    ok: false,
    because: [why, ...others],
    undecided: { channels: undecided, series: { ...named, ...Object.fromEntries(settled) } },
  };
}

/**
 * The series that each channel but the first could be given, by the channel's name, as rules 1 and 2 of `chooseSeries` have it: what a
 * person may choose from. In order of their numbers.
 */
export function seriesForChannels(
  input: Input,
  seriesInstanceUID: string,
  study: readonly SeriesCandidate[],
): Readonly<Record<string, readonly string[]>> {
  const channels = input.channels.slice(1);
  const near = (placedBeside(input, seriesInstanceUID, study)?.near ?? []).toSorted(
    (a, b) => (a.seriesNumber ?? Infinity) - (b.seriesNumber ?? Infinity),
  );
  const scores = scoresOf(channels, near, input.channels);
  return Object.fromEntries(
    channels.map(({ name }, row) => [
      name,
      near.flatMap(({ seriesInstanceUID: uid }, column) => ((scores[row]?.[column] ?? null) === null ? [] : [uid])),
    ]),
  );
}

/**
 * Series that may be read beside the first one: `free` as far as colours go, `near` those of them that share its frame of reference. Null
 * where it has none. The order of the study decides nothing.
 */
function placedBeside(
  input: Input,
  seriesInstanceUID: string,
  study: readonly SeriesCandidate[],
): { readonly free: readonly SeriesCandidate[]; readonly near: readonly Placed[] } | null {
  const first = study.filter(isPlaced).find((series) => series.seriesInstanceUID === seriesInstanceUID);
  const space = first?.geometry.value.frameOfReferenceUID ?? null;
  if (first === undefined || space === null) return null;
  const free = study
    .filter((series) => series.seriesInstanceUID !== seriesInstanceUID && hasColoursFor(input, series))
    .toSorted((a, b) => (a.seriesInstanceUID < b.seriesInstanceUID ? -1 : 1));
  return {
    free,
    near: free.filter(isPlaced).filter(({ geometry }) => geometry.value.frameOfReferenceUID === space),
  };
}

function isPlaced(series: SeriesCandidate): series is Placed {
  return series.geometry.ok;
}

function hasColoursFor({ samples }: Input, { geometry }: SeriesCandidate): boolean {
  return samples === undefined || !geometry.ok || (geometry.value.inColour === true) === (samples === 'rgb');
}

/** How well series fit channels, channel by channel; null where one does not, or where it says more of what another channel asks for. */
function scoresOf(
  channels: readonly Channel[],
  near: readonly SeriesCandidate[],
  all: readonly Channel[],
): (number | null)[][] {
  const fits = all.map((channel) => near.map((series) => fitOf(channel, series)));
  const most = near.map((_, n) => Math.max(...fits.map((line) => line[n]?.asked ?? 0)));
  const ofChannel = new Map(all.map((channel, n) => [channel, fits[n] ?? []]));
  return channels.map((channel) =>
    (ofChannel.get(channel) ?? []).map((fit, n) => {
      if (fit === null || fit.asked < (most[n] ?? 0)) return null;
      // A hundred words are more than a description holds (64 characters).
      return 2 * Math.min(fit.asked, 100) + fit.byDescription;
    }),
  );
}

/** A sentence for each channel that could as well be given another series: it is found by forbidding the chosen one. */
function doubts(
  channels: readonly Channel[],
  near: readonly Placed[],
  scores: readonly (readonly (number | null)[])[],
  columns: readonly (number | null)[],
  total: number,
): { readonly channel: string; readonly sentence: string }[] {
  return channels.flatMap((channel, row) => {
    const chosen = columns[row] ?? null;
    const without = scores.map((line, n) => (n === row ? line.map((score, m) => (m === chosen ? null : score)) : line));
    const other = assign(without);
    const rival = other.columns[row] ?? null;
    if (chosen === null || rival === null || other.total < total) return [];
    const numbers = [near[chosen], near[rival]]
      .map((series) => series?.seriesNumber ?? null)
      .sort((a, b) => (a ?? 0) - (b ?? 0));
    const both = numbers.map((n) => n ?? 'without a number').join(' and ');
    return [{ channel: channel.name, sentence: `${wish(channel)}; the series ${both} fit equally well.` }];
  });
}

function lacking(channel: Channel, why: 'taken' | 'elsewhere' | 'none'): string {
  if (why === 'taken') return `${wish(channel)}; the study has too few of these: each serves one channel only.`;
  return why === 'elsewhere'
    ? `${wish(channel)}; the one there is does not share the frame of reference of this series.`
    : `${wish(channel)}; the study has none.`;
}

function wish(channel: Channel): string {
  const { name, series } = channel;
  const contrast = series?.contrast ?? (isPlainT1(channel) ? 'without' : undefined);
  const asked = [
    ...(series?.modality === undefined ? [] : [series.modality]),
    ...(contrast === undefined ? [] : [`${contrast} contrast agent`]),
    ...(series === undefined || series.words !== undefined ? [`named ${(series?.words ?? [name]).join(' or ')}`] : []),
  ];
  return `It also reads a series as '${name}' (${asked.join(', ')})`;
}
