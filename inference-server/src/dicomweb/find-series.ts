import { textOf } from '@overread/core/dicom';
import { OverreadError } from '@overread/core/errors';
import { chooseSeries, seriesFacts, type Manifest, type SeriesCandidate } from '@overread/core/model';
import type { AnalysisRequest } from '@overread/core/protocol';
import { describeSeries } from '@overread/core/volume';
import type { Archive } from './archive.ts';

type Input = Pick<Manifest['input'], 'channels' | 'samples'>;

/** Series by the name of the channel that reads it. */
type SeriesByChannel = Readonly<Record<string, string>>;

/**
 * The series of every channel but the first: those that the request names, the others found in the study as the viewer finds them.
 * @throws OverreadError `pipeline.channel-missing` with the reason; `pacs.…`
 */
export async function findSeries(archive: Archive, request: AnalysisRequest, input: Input): Promise<SeriesByChannel> {
  const named = request.otherSeries ?? {};
  const [first, ...others] = input.channels;
  const lacking = others.filter(({ name }) => !Object.hasOwn(named, name));
  if (first === undefined || lacking.length === 0) return named;
  const study = await candidates(archive, request, lacking);
  const choice = chooseSeries(input, request.seriesInstanceUID, study, named);
  if (!choice.ok)
    throw new OverreadError('pipeline.channel-missing', { why: choice.because.join(' ').replace(/\.$/, '') });
  return choice.series;
}

/** The series of the study that may be meant, each with its header: one after the other, since a study may hold thousands of images. */
async function candidates(
  archive: Archive,
  { studyInstanceUID, seriesInstanceUID }: AnalysisRequest,
  channels: Manifest['input']['channels'],
): Promise<readonly SeriesCandidate[]> {
  const modalities = channels.map(({ series }) => series?.modality);
  const found: SeriesCandidate[] = [];
  for (const listed of await archive.series(studyInstanceUID)) {
    const uid = textOf(listed, 'SeriesInstanceUID');
    const modality = textOf(listed, 'Modality') ?? undefined;
    const mayBeMeant = modality === undefined || modalities.some((one) => one === undefined || one === modality);
    if (uid === null || !(mayBeMeant || uid === seriesInstanceUID)) continue;
    const instances = await archive.metadata({ studyInstanceUID, seriesInstanceUID: uid });
    const facts = seriesFacts(instances[0] ?? {});
    found.push({ seriesInstanceUID: uid, ...facts, geometry: describeSeries(instances) });
  }
  return found;
}
