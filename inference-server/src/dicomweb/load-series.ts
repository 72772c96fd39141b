import { integerOf, textOf, type Attributes } from '@overread/core/dicom';
import { OverreadError } from '@overread/core/errors';
import type { Manifest } from '@overread/core/model';
import type { AnalysisRequest } from '@overread/core/protocol';
import {
  createVolumeAssembler,
  describePixels,
  describeSeries,
  type SliceReference,
  type Volume,
} from '@overread/core/volume';
import { decodeColour } from '../pixels/decode-colour.ts';
import { decodeFrame } from '../pixels/decode-frame.ts';
import type { PixelFormat } from '../pixels/stored-values.ts';
import type { Archive, SeriesUIDs } from './archive.ts';
import { findSeries } from './find-series.ts';

/** Instances asked for at the same time. */
const concurrency = 6;
/** Frames of a multi-frame instance in one request: enough to save round trips, few enough to show progress. */
const framesPerRequest = 16;

export interface LoadedSeries {
  readonly volume: Volume;
  /** SeriesNumber (0020,0011). */
  readonly seriesNumber: number | null;
}

interface Request {
  readonly instance: Attributes;
  readonly slices: readonly SliceReference[];
  readonly inColour: boolean;
}

/**
 * Reads a series from the archive and puts it together as a volume. Whether it is one is settled from the metadata,
 * before any pixel is fetched.
 *
 * @param onImages told after each request: slices read so far, slices in all
 * @throws OverreadError `volume.…` where the series is no volume, `pacs.…`, `image.…`
 */
export async function loadSeries(
  archive: Archive,
  series: SeriesUIDs,
  onImages: (done: number, total: number) => void,
): Promise<LoadedSeries> {
  const instances = await archive.metadata(series);
  const geometry = describeSeries(instances);
  if (!geometry.ok) throw geometry.error;
  const { slices } = geometry.value;
  const assembler = createVolumeAssembler(geometry.value, instances);
  const requests = requestsFor(slices, instances, geometry.value.inColour === true);
  let read = 0;
  onImages(0, slices.length);

  const work = async (): Promise<void> => {
    for (let next = requests.shift(); next !== undefined; next = requests.shift()) {
      await loadFrames(archive, series, next, (frame) => assembler.add(frame));
      read += next.slices.length;
      onImages(read, slices.length);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { volume: assembler.finish(), seriesNumber: integerOf(instances[0] ?? {}, 'SeriesNumber') };
}

export interface RequestedSeries extends LoadedSeries {
  /** The series of the model's other channels, by the channel's name. */
  readonly others: Readonly<Record<string, Volume>>;
}

/** All series that a request is about, one after the other: the model's further ones as `findSeries` tells. Errors as there and as `loadSeries`. */
export async function loadRequested(
  archive: Archive,
  {
    request,
    input,
  }: { readonly request: AnalysisRequest; readonly input: Pick<Manifest['input'], 'channels' | 'samples'> },
  onImages: (done: number, total: number) => void,
): Promise<RequestedSeries> {
  const { studyInstanceUID } = request;
  const otherSeries = await findSeries(archive, request, input);
  const first = await loadSeries(archive, request, onImages);
  const others: [string, Volume][] = [];
  for (const [channel, seriesInstanceUID] of Object.entries(otherSeries)) {
    const { volume } = await loadSeries(archive, { studyInstanceUID, seriesInstanceUID }, onImages);
    others.push([channel, volume]);
  }
  return { ...first, others: Object.fromEntries(others) };
}

type AddFrame = ReturnType<typeof createVolumeAssembler>['add'];

async function loadFrames(archive: Archive, series: SeriesUIDs, request: Request, add: AddFrame): Promise<void> {
  const { instance, slices, inColour } = request;
  const uid = textOf(instance, 'SOPInstanceUID') ?? '';
  const frames = await archive.frames(
    series,
    uid,
    slices.map((slice) => slice.frameNumber ?? 1),
  );
  for (const [at, { bytes, transferSyntax }] of frames.entries()) {
    const frameNumber = slices[at]?.frameNumber ?? null;
    const stored = transferSyntax ?? textOf(instance, 'AvailableTransferSyntaxUID');
    const pixels = inColour
      ? await decodeColour(bytes, stored, instance)
      : { values: await decodeFrame(bytes, stored, formatOf(instance, frameNumber)), scale: 'stored' as const };
    add({ instance, frameNumber, ...pixels });
  }
}

function requestsFor(
  slices: readonly SliceReference[],
  instances: readonly Attributes[],
  inColour: boolean,
): Request[] {
  const byUID = new Map(instances.map((instance) => [textOf(instance, 'SOPInstanceUID') ?? '', instance]));
  const grouped = new Map<string, SliceReference[]>();
  for (const slice of slices) grouped.set(slice.sopInstanceUID, [...(grouped.get(slice.sopInstanceUID) ?? []), slice]);
  const requests: Request[] = [];
  for (const [uid, ofInstance] of grouped) {
    const instance = byUID.get(uid);
    if (instance === undefined || uid === '')
      throw new OverreadError('pacs.bad-answer', { why: 'an instance has no UID' });
    for (let from = 0; from < ofInstance.length; from += framesPerRequest) {
      requests.push({ instance, slices: ofInstance.slice(from, from + framesPerRequest), inColour });
    }
  }
  return requests;
}

function formatOf(instance: Attributes, frameNumber: number | null): PixelFormat {
  const { bitsStored, signed } = describePixels(instance, frameNumber);
  return {
    rows: integerOf(instance, 'Rows') ?? 0,
    columns: integerOf(instance, 'Columns') ?? 0,
    bitsAllocated: integerOf(instance, 'BitsAllocated') ?? 16,
    bitsStored,
    signed,
  };
}
