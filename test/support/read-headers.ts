import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Attributes } from '@overread/core/dicom';

interface DicomLibrary {
  readonly data: {
    readonly DicomMessage: {
      readFile(bytes: ArrayBuffer, options: { untilTag: string; includeUntilTagValue: boolean }): { dict: unknown };
    };
    readonly DicomMetaDictionary: { naturalizeDataset(dict: unknown): Attributes };
  };
  readonly log: { setLevel(level: string): void };
}

const dcmjs = createRequire(import.meta.url)('dcmjs') as DicomLibrary;
dcmjs.log.setLevel('silent');

/** Naturalized attributes of a DICOM file up to its pixel data, read by dcmjs as the viewer reads them. */
export function readHeader(path: string): Attributes {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  const { dict } = dcmjs.data.DicomMessage.readFile(bytes, { untilTag: '7FE00010', includeUntilTagValue: false });
  return dcmjs.data.DicomMetaDictionary.naturalizeDataset(dict);
}
