import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { packedFiles, type FetchModelFile } from '@overread/core/model';
import { readBytes } from './files.ts';

/**
 * The files of a package, of a folder or of a pack.
 * @throws OverreadError `model.file-missing` where there is neither, `model.pack-damaged`
 */
export async function packageFiles(path: string): Promise<FetchModelFile> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return (file) => readBytes(join(path, file));
  return packedFiles(await readBytes(path));
}
