import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OverreadError, reasonOf, type ErrorCode } from '@overread/core/errors';

/** @throws OverreadError `model.file-missing` naming the file */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (cause) {
    const absent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const why = absent ? `there is no ${file}` : `${file}: ${reasonOf(cause)}`;
    throw new OverreadError('model.file-missing', { why, details: { file }, cause });
  }
}

/** Writes a file and the folders round it. */
export async function writeBytes(file: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

/**
 * A JSON file.
 * @param fault code of the error for one that is no JSON
 * @throws OverreadError `model.file-missing`, `fault`
 */
export async function readJson(file: string, fault: ErrorCode = 'model.source-invalid'): Promise<unknown> {
  const bytes = await readBytes(file);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new OverreadError(fault, { why: `${file} is no JSON: ${reasonOf(cause)}`, cause });
  }
}

export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeBytes(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** Where the manifest of a package folder stands. */
export function manifestFile(folder: string): string {
  return join(folder, 'model.json');
}
