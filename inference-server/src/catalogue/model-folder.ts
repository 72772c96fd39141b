import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { OverreadError } from '@overread/core/errors';
import { loadModel, packedFiles, packedManifest, type LoadedModel } from '@overread/core/model';
import { parseMessage } from '@overread/core/protocol';

const listSchema = z.object({
  models: z.array(
    z.object({
      id: z.string(),
      version: z.string(),
      path: z.string().check(z.regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/)),
    }),
  ),
});

export interface ListedModel {
  readonly id: string;
  /** Folder of the package, or its pack. */
  readonly folder: string;
}

/**
 * The models a folder offers: those its `models.json` names. Only these can be asked for, so no request ever names a path.
 *
 * @throws OverreadError `model.file-missing`, `protocol.malformed`
 */
export async function listModels(root: string): Promise<readonly ListedModel[]> {
  const content = await read(join(root, 'models.json'), 'models.json');
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(content));
  } catch (cause) {
    throw new OverreadError('protocol.malformed', { why: 'models.json is no JSON', cause });
  }
  const { models } = parseMessage(listSchema, json, 'models.json');
  return models.map(({ id, path }) => ({ id, folder: isPack(path) ? join(root, path) : dirname(join(root, path)) }));
}

/** A package as one file, as `overread-model pack` writes it. */
function isPack(path: string): boolean {
  return path.endsWith('.zip');
}

/** @param folder of a package, or its pack. @throws OverreadError as `loadModel` and `packedFiles` of core/model */
export async function loadModelFolder(folder: string): Promise<LoadedModel> {
  if (isPack(folder)) return loadModel(packedFiles(await read(folder, basename(folder))));
  return loadModel((path) => read(join(folder, path), path));
}

/** `model.json` of a package as it is. @throws OverreadError `model.file-missing`, `model.pack-damaged` */
export async function readManifestFile(folder: string): Promise<Uint8Array> {
  if (isPack(folder)) return packedManifest(await read(folder, basename(folder)));
  return read(join(folder, 'model.json'), 'model.json');
}

async function read(file: string, name: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new OverreadError('model.file-missing', { why: name, details: { file: name }, cause });
  });
}
