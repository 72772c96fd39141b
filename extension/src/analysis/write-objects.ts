import type { Analysis } from '@overread/core/analysis';
import { isOverreadError } from '@overread/core/errors';
import type {
  CapturedPixels,
  DicomObject,
  EncodeOptions,
  ObjectKind,
  ObjectReference,
  Verification,
} from '@overread/core/results';
import type { Host } from '../host/types.ts';
import type { ResultsCodec } from '../results/client.ts';
import { text } from '../text/index.ts';
import { displayWindow } from './display-window.ts';
import { problemOf } from './problem.ts';
import type { Referred } from './state.ts';
import { mapForm } from './stored-forms.ts';
import type { StoredKinds } from './stored-kinds.ts';

interface WriteRequest {
  readonly analysis: Analysis;
  readonly store: StoredKinds;
  readonly leftOut: readonly ObjectKind[];
  readonly earlier: Referred;
  readonly predecessors: readonly ObjectReference[];
  readonly verification: Verification | null;
}

interface Written {
  readonly objects: readonly DicomObject[];
  /** What the site asks for and this series does not allow, and why. */
  readonly notes: readonly string[];
}

/**
 * The objects of one Save, in the order in which they are to be stored. What only repeats the report for other displays
 * never keeps it from being written: where it cannot be made it is left out, and a note says so.
 */
export async function writeObjects(
  request: WriteRequest,
  host: Pick<Host, 'archive' | 'readVolume'>,
  codec: ResultsCodec,
): Promise<Written> {
  const { analysis, store, leftOut, earlier, predecessors, verification } = request;
  const series = analysis.source.seriesInstanceUID;
  const wants = (kind: ObjectKind, setting: boolean) => setting && !leftOut.includes(kind);
  const notes: string[] = [];
  const options: EncodeOptions = {
    source: host.archive.sourceAttributes(series),
    segmentation: leftOut.includes('SEG') ? false : store.segmentation,
    storedSegmentation: leftOut.includes('SEG') ? null : earlier.segmentation,
    parametricMap: leftOut.includes('PM') ? false : mapForm(store.heatMap, analysis),
    storedParametricMaps: earlier.parametricMaps,
    predecessors,
    verification,
    presentationState: wants('PR', store.presentationState) ? { images: host.archive.imageAttributes(series) } : null,
    secondaryCapture: wants('SC', store.secondaryCapture) ? await capture(analysis, host, notes) : null,
    keyObjects: wants('KO', store.keyObjects),
  };
  try {
    return { objects: await codec.encode(analysis, options), notes };
  } catch (error) {
    if (!isOverreadError(error) || error.code !== 'results.not-presentable') throw error;
    notes.push(text('save.noPresentation', { reason: problemOf(error).message }));
    // The pixels went to the worker with the first request.
    const again = options.secondaryCapture == null ? null : await capture(analysis, host, notes);
    const left: EncodeOptions = { ...options, presentationState: null, secondaryCapture: again };
    return { objects: await codec.encode(analysis, left), notes };
  }
}

/** The pixels for the captures; null where there is nothing to capture, or the images are not to be had. */
async function capture(
  { source, outcome }: Analysis,
  host: Pick<Host, 'archive' | 'readVolume'>,
  notes: string[],
): Promise<CapturedPixels | null> {
  if (outcome === 'failed') return null;
  try {
    const { samples } = await host.readVolume(source.seriesInstanceUID, {
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    return { samples, ...displayWindow(host.archive.sourceAttributes(source.seriesInstanceUID), samples) };
  } catch (error) {
    notes.push(text('save.noCapture', { reason: problemOf(error).message }));
    return null;
  }
}
