import { integerOf, type Attributes, type Keyword } from '../../../dicom/index.ts';
import { pathTo } from '../path.ts';
import type { Fault } from '../rule.ts';
import { missing, whole } from './require.ts';

export function frameCount(dataset: Attributes): number {
  return integerOf(dataset, 'NumberOfFrames') ?? 1;
}

/** Rows, columns and bits against the length of uncompressed pixel data; frames are packed without gaps. */
export function* pixelLength(
  dataset: Attributes,
  keyword: Keyword & ('PixelData' | 'FloatPixelData' | 'DoubleFloatPixelData'),
): Generator<Fault> {
  yield* missing(whole(dataset), ['Rows', 'Columns', 'BitsAllocated', 'SamplesPerPixel', 'PhotometricInterpretation']);
  const path = pathTo('', keyword);
  const data = dataset[keyword];
  // Fragments of a compressed image.
  if (Array.isArray(data)) return;
  if (!(data instanceof Uint8Array)) {
    yield { path, message: `${keyword} has no value` };
    return;
  }
  const [rows, columns] = [integerOf(dataset, 'Rows') ?? 0, integerOf(dataset, 'Columns') ?? 0];
  const samples = rows * columns * (integerOf(dataset, 'SamplesPerPixel') ?? 1) * frameCount(dataset);
  const bytes = Math.ceil((samples * (integerOf(dataset, 'BitsAllocated') ?? 0)) / 8);
  if (data.length !== bytes + (bytes % 2)) {
    yield { path, message: `${keyword} is ${data.length} bytes long, the image needs ${bytes + (bytes % 2)}` };
  }
}
