import { integerOf, textOf } from '@overread/core/dicom';
import { OverreadError } from '@overread/core/errors';
import { describeSeries, type SliceReference } from '@overread/core/volume';
import type { SeriesImages } from './read-volume.ts';
import type { PlacedSeries } from './viewports.ts';
import type { DataSource, Instance } from './viewer.ts';

/**
 * Ties the slices of a series to the image ids under which the viewer loads and shows them.
 * @throws OverreadError `volume.*` where the series is no volume, `pacs.series-not-found` where the study has no such series
 */
export function seriesImages(
  seriesInstanceUID: string,
  instances: readonly Instance[],
  dataSource: Pick<DataSource, 'getImageIdsForInstance'>,
): SeriesImages & PlacedSeries {
  if (instances.length === 0) throw new OverreadError('pacs.series-not-found', { details: { seriesInstanceUID } });
  const description = describeSeries(instances);
  if (!description.ok) throw description.error;
  const geometry = description.value;
  const byUID = new Map(instances.map((instance) => [textOf(instance, 'SOPInstanceUID'), instance]));

  function imageIdOf(slice: SliceReference): string {
    const instance = byUID.get(slice.sopInstanceUID);
    if (instance === undefined) throw new OverreadError('image.not-loaded', { details: { seriesInstanceUID } });
    // The viewer names frames only where there is more than one.
    const named = (integerOf(instance, 'NumberOfFrames') ?? 1) > 1 && slice.frameNumber !== null;
    return dataSource.getImageIdsForInstance(named ? { instance, frame: slice.frameNumber } : { instance });
  }

  const slices = new Map(geometry.slices.map((slice, k) => [imageIdOf(slice), k]));
  return { geometry, instances, imageIdOf, sliceOf: (imageId) => slices.get(imageId) };
}
