import { integerOf, textOf } from '@overread/core/dicom';
import { OverreadError } from '@overread/core/errors';
import {
  createVolumeAssembler,
  type SeriesGeometry,
  type SliceReference,
  type Volume,
  type VolumeSamples,
} from '@overread/core/volume';
import { breather } from '../breathe.ts';
import type { CornerstoneImage, CornerstoneLibraries } from './cornerstone.ts';
import { colourPixels } from './colour-pixels.ts';
import { asStored, storedValues, usablePixels } from './stored-values.ts';
import type { Instance } from './viewer.ts';

type ImageAccess = Pick<CornerstoneLibraries['cornerstone'], 'cache' | 'imageLoader'>;

export interface SeriesImages {
  readonly geometry: SeriesGeometry;
  readonly instances: readonly Instance[];
  /** The viewer's image id of a slice. */
  imageIdOf(slice: SliceReference): string;
}

export interface ReadOptions {
  readonly signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

/** Images asked for at once: enough to keep the connection busy, few enough that scrolling is served in between. */
const parallelLoads = 6;

/**
 * Copies a series out of the viewer's cache as modality values; what is not cached yet is loaded into it, as scrolling
 * through would do. The viewer's own images are only read. Long work is cut into slices, so the viewer stays responsive.
 * @throws OverreadError `run.cancelled`, `image.not-loaded`, `image.values-lost`, `volume.*`
 */
export async function readVolume(access: ImageAccess, series: SeriesImages, options: ReadOptions): Promise<Volume> {
  const { slices, inColour = false } = series.geometry;
  const assembler = createVolumeAssembler(series.geometry, series.instances);
  const instanceOf = new Map(series.instances.map((instance) => [textOf(instance, 'SOPInstanceUID'), instance]));
  const breathe = breather();
  let next = 0;
  let done = 0;

  async function readOne(slice: SliceReference): Promise<void> {
    const instance = instanceOf.get(slice.sopInstanceUID);
    if (instance === undefined)
      throw new OverreadError('image.not-loaded', { why: `${nameOf(slice)} is not described` });
    const imageId = series.imageIdOf(slice);
    // Images that are cached are there at once: not all the first ones in one task.
    const pause = breathe();
    if (pause !== undefined) await pause;
    const pixels = inColour
      ? { values: await readColours(access, imageId, instance, slice), scale: 'rgb' as const }
      : { values: await readStored(access, imageId, instance, slice), scale: 'stored' as const };
    options.signal.throwIfAborted();
    assembler.add({ instance, frameNumber: slice.frameNumber, ...pixels });
    options.onProgress(++done, slices.length);
    await breathe();
  }

  async function work(): Promise<void> {
    for (let slice = slices[next++]; slice !== undefined; slice = slices[next++]) {
      options.signal.throwIfAborted();
      await readOne(slice);
    }
  }

  try {
    await orAborted(Promise.all(Array.from({ length: parallelLoads }, work)), options.signal);
    options.signal.throwIfAborted();
    return assembler.finish();
  } catch (error) {
    // The other workers stop at their next slice.
    next = slices.length;
    if (options.signal.aborted) throw new OverreadError('run.cancelled', { cause: error });
    throw error;
  }
}

/** Rejects as soon as the signal aborts: a load in flight cannot be called back, but nobody need wait for it. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new OverreadError('run.cancelled'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

async function readStored(
  access: ImageAccess,
  imageId: string,
  instance: Instance,
  slice: SliceReference,
): Promise<VolumeSamples> {
  const rows = integerOf(instance, 'Rows') ?? 0;
  const columns = integerOf(instance, 'Columns') ?? 0;
  const range = {
    bitsAllocated: integerOf(instance, 'BitsAllocated') ?? 16,
    signed: integerOf(instance, 'PixelRepresentation') === 1,
  };
  const image = access.cache.getImage(imageId) ?? (await load(access, imageId, slice));
  const pixels = usablePixels(image, rows, columns);
  const held = pixels && storedValues(pixels, image.preScale, range);
  if (held !== null) return held;
  const unscaled = await loadUnscaled(access, imageId).catch((error: unknown) => notLoaded(slice, error));
  const values = unscaled && usablePixels(unscaled, rows, columns);
  if (values) return asStored(values);
  throw new OverreadError('image.values-lost', { why: `${nameOf(slice)} is held in a form scaled for display` });
}

/** Red, green and blue of each pixel, as the viewer makes them of any image in colour. */
async function readColours(
  access: ImageAccess,
  imageId: string,
  instance: Instance,
  slice: SliceReference,
): Promise<Uint8Array> {
  const image = access.cache.getImage(imageId) ?? (await load(access, imageId, slice));
  const colours = colourPixels(image, integerOf(instance, 'Rows') ?? 0, integerOf(instance, 'Columns') ?? 0);
  if (colours !== null) return colours;
  throw new OverreadError('image.values-lost', { why: `${nameOf(slice)} is not held in colour` });
}

/** The image as the file stores it, past the viewer's cache and without a trace in it; null where the viewer cannot. */
async function loadUnscaled({ imageLoader }: ImageAccess, imageId: string): Promise<CornerstoneImage | null> {
  // Viewers before 3.13 answer from their cache whatever is asked: there, another spelling of the same address helps.
  for (const id of [imageId, imageId.replace(/^(wadors:https?:\/\/[^/]+)\//, '$1/./')]) {
    const options = { requestType: 'prefetch', priority: 0, ignoreCache: true, preScale: { enabled: false } };
    const image = await imageLoader.loadImage(id, options);
    if (image.preScale?.scaled !== true && image.preScale?.scalingParameters === undefined) return image;
  }
  return null;
}

async function load({ imageLoader }: ImageAccess, imageId: string, slice: SliceReference): Promise<CornerstoneImage> {
  const options = { requestType: 'prefetch', priority: 0 };
  try {
    return await imageLoader.loadAndCacheImage(imageId, options);
  } catch {
    // The viewer's cache may be full, or the connection may have failed once: once more, for us alone.
    return imageLoader.loadImage(imageId, options).catch((error: unknown) => notLoaded(slice, error));
  }
}

function notLoaded(slice: SliceReference, cause: unknown): never {
  throw new OverreadError('image.not-loaded', { why: nameOf(slice), cause });
}

function nameOf({ instanceNumber, frameNumber }: SliceReference): string {
  const image = instanceNumber === null ? 'an image without a number' : `image ${instanceNumber}`;
  return frameNumber === null ? image : `${image} frame ${frameNumber}`;
}
