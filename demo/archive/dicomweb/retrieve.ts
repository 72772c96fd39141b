import { readFile } from 'node:fs/promises';
import type { IndexEntry } from '../index/entry.ts';
import type { JsonDataset } from '../part10/dicom-json.ts';
import { readPart10Header } from '../part10/file.ts';
import { framesOf } from '../part10/frames.ts';
import { readPart10, type Part10 } from '../part10/read.ts';
import { BadRequest } from './bad-request.ts';
import { readMediaType, type MediaRange } from './media-type.ts';
import type { Part } from './multipart.ts';
import { mediaTypeOf, takesFrames, takesInstances } from './pixel-media.ts';

export type Address = (path: string) => string;

function instancePath({ study, series, instance }: IndexEntry): string {
  return `studies/${study}/series/${series}/instances/${instance}`;
}

const openFiles = 16;

/** Metadata of many instances in their order, a few files open at a time. */
export async function allMetadata(entries: readonly IndexEntry[], address: Address): Promise<JsonDataset[]> {
  const result: JsonDataset[] = [];
  for (let at = 0; at < entries.length; at += openFiles) {
    const some = entries.slice(at, at + openFiles);
    result.push(...(await Promise.all(some.map((entry) => metadata(entry, address)))));
  }
  return result;
}

/** WADO-RS metadata of one instance (PS3.18 10.4.1.1.2), bulk data by address. */
export async function metadata(entry: IndexEntry, address: Address): Promise<JsonDataset> {
  const bulkUri = (path: string) => address(`${instancePath(entry)}/bulkdata/${path}`);
  const { dataset, transferSyntaxUID } = await readPart10Header(entry.path, bulkUri);
  return { '00083002': { vr: 'UI', Value: [transferSyntaxUID] }, ...dataset };
}

/** @throws BadRequest 406 where the client takes one of them not as it is stored. */
export function instanceParts(entries: readonly IndexEntry[], accept: readonly MediaRange[]): AsyncIterable<Part> {
  const refused = entries.find((entry) => !accept.some((range) => takesInstances(range, entry.transferSyntaxUID)));
  if (refused) throw asStoredOnly(refused.transferSyntaxUID);
  return readInstances(entries);
}

async function* readInstances(entries: readonly IndexEntry[]): AsyncGenerator<Part> {
  for (const entry of entries) {
    const contentType = `application/dicom; transfer-syntax=${entry.transferSyntaxUID}`;
    yield { contentType, bytes: await readFile(entry.path) };
  }
}

function asStoredOnly(transferSyntaxUID: string): BadRequest {
  return new BadRequest(406, `This archive answers in the stored transfer syntax, ${transferSyntaxUID}.`);
}

/** @param list 1-based frame numbers, comma separated. */
export async function frameParts(entry: IndexEntry, list: string, accept: readonly MediaRange[]): Promise<Part[]> {
  const { transferSyntaxUID } = entry;
  if (!accept.some((range) => takesFrames(range, transferSyntaxUID))) throw asStoredOnly(transferSyntaxUID);
  const part10 = await whole(entry);
  const frames = framesOf(part10, part10.bytes);
  if (frames === null) throw new BadRequest(404, 'This instance has no frames.');
  return list.split(',').map((text) => {
    const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
    if (number === 0) throw new BadRequest(400, 'Frame numbers are whole and begin at 1.');
    if (number > frames.count) throw new BadRequest(404, `This instance has ${frames.count} frames.`);
    return {
      contentType: `${mediaTypeOf(transferSyntaxUID)}; transfer-syntax=${transferSyntaxUID}`,
      bytes: frames.frame(number),
    };
  });
}

/** @param path as in the metadata's BulkDataURI. Encapsulated pixel data come as one part per frame. */
export async function bulkParts(entry: IndexEntry, path: string): Promise<Part[]> {
  const part10 = await whole(entry);
  const value = part10.bulk.get(path);
  if (value === undefined) throw new BadRequest(404, 'This instance has no such bulk data.');
  if (value.length !== null) {
    const bytes = part10.bytes.subarray(value.offset, value.offset + value.length);
    return [{ contentType: 'application/octet-stream', bytes }];
  }
  const frames = framesOf(part10, part10.bytes);
  if (frames === null || path.includes('/')) throw new BadRequest(404, 'Compressed icons are not served.');
  const contentType = `${mediaTypeOf(entry.transferSyntaxUID)}; transfer-syntax=${entry.transferSyntaxUID}`;
  return Array.from({ length: frames.count }, (_, index) => ({ contentType, bytes: frames.frame(index + 1) }));
}

/** Whether the client asks for one bare body in place of multipart, which clients do for single values. */
export function wantsSinglePart(accept: readonly MediaRange[]): boolean {
  const first = accept[0]?.type;
  return first !== undefined && first !== '*/*' && first !== 'multipart/related' && first !== 'multipart/*';
}

export const multipartTypeOf = (part: Part) => readMediaType(part.contentType).type;

async function whole(entry: IndexEntry): Promise<Part10> {
  const bytes = await readFile(entry.path);
  return readPart10(bytes, { complete: true, fileSize: bytes.length, bulkUri: (path) => path });
}
