import type { AnalysisSource, ModelIdentity, OtherSeries } from '../analysis/index.ts';
import { OverreadError } from '../errors/index.ts';
import type { LoadedModel, Manifest } from '../model/index.ts';
import type { Volume } from '../volume/index.ts';

/** What a result says of the model that made it. */
export function identityOf({ manifest, digest }: LoadedModel): ModelIdentity {
  const { id, version, title, manufacturer, deviceUID, regulatoryStatus } = manifest;
  return { id, version, title, manufacturer, deviceUID, digest, regulatoryStatus };
}

/** What a result says of the series that it is about. */
export function sourceOf(volume: Volume, seriesNumber: number | null): AnalysisSource {
  return { ...placeOf(volume), seriesNumber, grid: volume.grid };
}

/** What a result says of the series behind the other channels, in their order. */
export function otherSeriesOf({ channels }: Manifest['input'], others: readonly Volume[]): readonly OtherSeries[] {
  return others.map((volume, n) => ({ channel: channels[n + 1]?.name ?? '', ...placeOf(volume) }));
}

/** The volumes of all channels but the first, in their order. @throws OverreadError `pipeline.channel-missing` */
export function otherVolumes(
  { channels }: Manifest['input'],
  others: Readonly<Record<string, Volume>>,
): readonly Volume[] {
  return channels.slice(1).map(({ name }) => {
    const volume = Object.hasOwn(others, name) ? others[name] : undefined;
    if (volume !== undefined) return volume;
    throw new OverreadError('pipeline.channel-missing', {
      why: `no series was given for '${name}'`,
      details: { channel: name },
    });
  });
}

function placeOf(volume: Volume): Omit<AnalysisSource, 'grid' | 'seriesNumber'> {
  const { studyInstanceUID, seriesInstanceUID, modality, frameOfReferenceUID, slices } = volume;
  return { studyInstanceUID, seriesInstanceUID, modality, frameOfReferenceUID, slices };
}
