import { open } from 'node:fs/promises';
import { MoreBytesNeeded, readPart10, type Part10 } from './read.ts';

const firstRead = 128 * 1024;

/**
 * Reads the header of a Part 10 file, from its beginning alone where that is enough.
 * @throws OverreadError dicom.damaged; an error of the file system.
 */
export async function readPart10Header(path: string, bulkUri: (path: string) => string): Promise<Part10> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const first = Buffer.alloc(Math.min(size, firstRead));
    await handle.read(first, 0, first.length, 0);
    try {
      return readPart10(first, { complete: first.length === size, fileSize: size, bulkUri });
    } catch (error) {
      if (!(error instanceof MoreBytesNeeded)) throw error;
    }
    const all = Buffer.alloc(size);
    await handle.read(all, 0, size, 0);
    return readPart10(all, { complete: true, fileSize: size, bulkUri });
  } finally {
    await handle.close();
  }
}
