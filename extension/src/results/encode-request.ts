import type { Analysis, HeatMap, LabelMap } from '@overread/core/analysis';
import type { EncodeOptions } from '@overread/core/results';
import { breather } from '../breathe.ts';
import { copyOf } from './copy.ts';
import type { ResultsRequest, WithoutId } from './messages.ts';
import { plainAttributes } from './plain.ts';

/**
 * What the worker needs to write an analysis: of mask and map copies that are given away, and only where they are written;
 * of the viewer's attributes plain values.
 */
export async function encodeRequest(
  analysis: Analysis,
  options: EncodeOptions,
): Promise<{ readonly request: WithoutId<ResultsRequest>; readonly transfer: ArrayBuffer[] }> {
  const transfer: ArrayBuffer[] = [];
  const given = async (samples: Uint8Array) => {
    const copy = await copyOf(samples);
    transfer.push(copy.buffer);
    return copy;
  };
  const writesMaps = (options.parametricMap ?? false) !== false;
  const needsMask = writesMask(options);
  const labelMaps: LabelMap[] = [];
  for (const map of analysis.labelMaps) {
    labelMaps.push({ ...map, labels: needsMask ? await given(map.labels) : noLabels });
  }
  const heatMaps: HeatMap[] = [];
  for (const [n, map] of analysis.heatMaps.entries()) {
    const isWritten = writesMaps && (options.storedParametricMaps?.[n] ?? null) === null;
    const values = isWritten ? new Float32Array((await given(bytesOf(map.values))).buffer) : noValues;
    heatMaps.push({ ...map, values });
  }
  const sent: Analysis = { ...analysis, labelMaps, heatMaps };
  const captured = options.secondaryCapture?.samples.buffer;
  if (captured instanceof ArrayBuffer) transfer.push(captured);
  return { request: { kind: 'encode', analysis: sent, options: await plainOptions(options) }, transfer };
}

/** Whether anything is made of the voxels of a mask: a SEG, or captures with its outlines. */
function writesMask({ segmentation, storedSegmentation = null, secondaryCapture = null }: EncodeOptions): boolean {
  return (segmentation !== false && storedSegmentation === null) || secondaryCapture !== null;
}

/** Of maps that are only referred to. */
const noLabels = new Uint8Array(0);
const noValues = new Float32Array(0);

async function plainOptions(options: EncodeOptions): Promise<EncodeOptions> {
  const source = plainAttributes(options.source);
  if (options.presentationState == null) return { ...options, source };
  const breathe = breather();
  const images: Readonly<Record<string, unknown>>[] = [];
  for (const image of options.presentationState.images) {
    await breathe();
    images.push(plainAttributes(image));
  }
  return { ...options, source, presentationState: { images } };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
