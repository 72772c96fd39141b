import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPart10, type Attributes } from '@overread/core/dicom';
import { assembleVolume, describePixels, describeSeries, type FramePixels, type Volume } from '@overread/core/volume';
import { decodeFrame } from '../../inference-server/src/pixels/decode-frame.ts';

/** A folder of single-frame DICOM files, one series, as a volume. */
export function loadSeries(folder: string): Promise<Volume> {
  const names = readdirSync(folder).sort();
  return loadSeriesFiles(names.map((name) => join(folder, name)));
}

/** Single-frame DICOM files of one series as a volume: the way the server reads them. */
export async function loadSeriesFiles(files: readonly string[]): Promise<Volume> {
  const read = files.map((file) => readPart10(new Uint8Array(readFileSync(file))));
  const geometry = describeSeries(read.map(({ dataset }) => dataset));
  if (!geometry.ok) throw geometry.error;
  const frames: FramePixels[] = [];
  for (const { dataset, transferSyntaxUID } of read) frames.push(await frameOf(dataset, transferSyntaxUID));
  return assembleVolume(geometry.value, frames);
}

async function frameOf(instance: Attributes, transferSyntax: string): Promise<FramePixels> {
  const { bitsStored, signed } = describePixels(instance, null);
  const { Rows, Columns, BitsAllocated } = instance;
  const format = {
    rows: Number(Rows),
    columns: Number(Columns),
    bitsAllocated: Number(BitsAllocated),
    bitsStored,
    signed,
  };
  const values = await decodeFrame(pixelBytes(instance), transferSyntax, format);
  return { instance, frameNumber: null, values, scale: 'stored' };
}

/** The one frame: the value itself, or its fragments behind the Basic Offset Table. */
function pixelBytes({ PixelData: data }: Attributes): Uint8Array {
  if (data instanceof Uint8Array) return data;
  return new Uint8Array(Buffer.concat((data as readonly Uint8Array[]).slice(1)));
}
