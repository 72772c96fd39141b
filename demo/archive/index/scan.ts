import { mkdir, readFile, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { isOverreadError, OverreadError } from '@overread/core/errors';
import { readPart10Header } from '../part10/file.ts';
import { indexEntry, indexEntrySchema, type IndexEntry } from './entry.ts';

const cacheSchema = z.object({ version: z.literal(1), entries: z.array(indexEntrySchema) });

export interface Scan {
  readonly entries: readonly IndexEntry[];
  /** Files that are no DICOM file, or a damaged one: left out. */
  readonly skipped: number;
}

/**
 * Reads the headers of every DICOM file below the folders. What a former scan found is taken from the cache file where
 * size and date of the file are the same.
 * @throws OverreadError demo.folder-unreadable.
 */
export async function scan(folders: readonly string[], cacheFile: string): Promise<Scan> {
  const known = await readCache(cacheFile);
  const entries: IndexEntry[] = [];
  let skipped = 0;
  let fresh = 0;
  for (const folder of folders) {
    for (const path of await filesBelow(folder)) {
      const found = await stat(path);
      const file = { path, size: found.size, modified: found.mtimeMs };
      const old = known.get(path);
      const isSame = old !== undefined && old.size === file.size && old.modified === file.modified;
      const entry = isSame ? old : await readEntry(file);
      if (!isSame) fresh += 1;
      if (entry === null) skipped += 1;
      else entries.push(entry);
    }
  }
  if (fresh > 0) await writeCache(cacheFile, entries);
  return { entries, skipped };
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (cause) {
    throw new OverreadError('demo.folder-unreadable', { why: folder, cause });
  }
}

async function readEntry(file: { path: string; size: number; modified: number }): Promise<IndexEntry | null> {
  try {
    return indexEntry(file, await readPart10Header(file.path, () => ''));
  } catch (error) {
    if (isOverreadError(error)) return null;
    throw error;
  }
}

async function readCache(cacheFile: string): Promise<ReadonlyMap<string, IndexEntry>> {
  const text = await readFile(cacheFile, 'utf8').catch(() => null);
  if (text === null) return new Map();
  try {
    const { entries } = cacheSchema.parse(JSON.parse(text));
    return new Map(entries.map((entry) => [entry.path, entry]));
  } catch {
    // Of an older version, or cut short: it is only a cache.
    return new Map();
  }
}

async function writeCache(cacheFile: string, entries: readonly IndexEntry[]): Promise<void> {
  await mkdir(dirname(cacheFile), { recursive: true });
  const temporary = `${cacheFile}.${process.pid}`;
  await writeFile(temporary, JSON.stringify({ version: 1, entries }));
  await rename(temporary, cacheFile);
}
