import { chooseSeries, seriesForChannels, type SeriesChoice } from '@overread/core/model';
import type { SeriesSummary } from '../host/types.ts';
import type { CatalogueModel } from './catalogue.ts';
import { runKey, type StudyRecord } from './state.ts';

/** A channel of a model beside the first, and the series it reads. */
export interface ChannelSeries {
  readonly channel: string;
  /** What it could read, by the headers. */
  readonly options: readonly SeriesSummary[];
  /** What it reads, as found or as the reader said; null where the reader has to say. */
  readonly chosen: SeriesSummary | null;
}

/**
 * The series that a model reads beside the one it is run on: what the reader said, the rest as found in the study.
 * @param study all series of the study
 */
export function chosenSeries(
  { manifest }: CatalogueModel,
  { seriesInstanceUID }: SeriesSummary,
  study: readonly SeriesSummary[],
  { channels }: StudyRecord,
): SeriesChoice {
  const said = channels[runKey(seriesInstanceUID, manifest.id)] ?? {};
  const options = seriesForChannels(manifest.input, seriesInstanceUID, study);
  // A series may have gone since, or be known better.
  const held = Object.entries(said).filter(([channel, uid]) => options[channel]?.includes(uid) === true);
  const choice = chooseSeries(manifest.input, seriesInstanceUID, study, Object.fromEntries(held));
  if (held.length === 0 || isPossible(choice)) return choice;
  // What was said leaves another channel without a series: everything is found anew.
  return chooseSeries(manifest.input, seriesInstanceUID, study);
}

/** Whether every channel has a series, or two that a reader has to tell apart. */
function isPossible(choice: SeriesChoice): boolean {
  return choice.ok || choice.undecided !== undefined;
}

/** The same, channel by channel, with what each could be given; none where the model reads one series only or cannot be run. */
export function channelSeries(
  model: CatalogueModel,
  series: SeriesSummary,
  study: readonly SeriesSummary[],
  record: StudyRecord,
): readonly ChannelSeries[] {
  const { input } = model.manifest;
  const choice = chosenSeries(model, series, study, record);
  const decided = choice.ok ? choice.series : (choice.undecided?.series ?? null);
  if (decided === null) return [];
  const options = seriesForChannels(input, series.seriesInstanceUID, study);
  const known = (uid: string | undefined) => study.find(({ seriesInstanceUID }) => seriesInstanceUID === uid);
  return input.channels.slice(1).map(({ name }) => ({
    channel: name,
    options: (options[name] ?? [])
      .filter((uid) => isPossible(chooseSeries(input, series.seriesInstanceUID, study, { [name]: uid })))
      .flatMap((uid) => known(uid) ?? []),
    chosen: known(Object.hasOwn(decided, name) ? decided[name] : undefined) ?? null,
  }));
}

/** The record after the reader said which series a channel is. One that another channel was said to be is no more: that one is found anew. */
export function withChannel(record: StudyRecord, key: string, channel: string, seriesInstanceUID: string): StudyRecord {
  const others = Object.entries(record.channels[key] ?? {}).filter(([, uid]) => uid !== seriesInstanceUID);
  const said = { ...Object.fromEntries(others), [channel]: seriesInstanceUID };
  return { ...record, channels: { ...record.channels, [key]: said } };
}
