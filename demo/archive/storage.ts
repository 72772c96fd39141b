import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder that stored instances go to, one file each, and the queue that keeps writers apart. */
export interface Storage {
  readonly folder: string;
  /** Settles when the last write did. */
  tail: Promise<unknown>;
}

export async function openStorage(folder: string): Promise<Storage> {
  await mkdir(folder, { recursive: true });
  return { folder, tail: Promise.resolve() };
}

export interface WrittenFile {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

/**
 * Writes an instance so that it is there whole or not at all, even when the machine stops in between.
 * @param existing file of the same SOP Instance UID, if there is one: compared, never overwritten.
 */
export function writeNew(
  storage: Storage,
  instance: string,
  bytes: Uint8Array,
  existing: string | null,
): Promise<WrittenFile | 'same' | 'different'> {
  const result = storage.tail.then(async () => {
    const path = join(storage.folder, `${instance}.dcm`);
    const before = existing ?? ((await exists(path)) ? path : null);
    if (before !== null) return (await digest(before)) === digestOf(bytes) ? 'same' : 'different';
    await writeWhole(storage.folder, path, bytes);
    const { size, mtimeMs } = await stat(path);
    return { path, size, modified: mtimeMs };
  });
  storage.tail = result.catch(() => undefined);
  return result;
}

async function writeWhole(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(folder, `.${randomUUID()}.part`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  const directory = await open(folder);
  // The name itself must last, too.
  await directory.sync().finally(() => directory.close());
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const digest = async (path: string) => digestOf(await readFile(path));
