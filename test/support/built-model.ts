import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel, type LoadedModel } from '@overread/core/model';
import { buildModels } from '../../models/build.ts';

/** A reference model, built from its program for this test and loaded with every check. */
export async function builtModel(id: string): Promise<LoadedModel> {
  const folder = await mkdtemp(join(tmpdir(), 'overread-model-'));
  try {
    await buildModels(folder);
    return await loadModel(async (path) => new Uint8Array(await readFile(join(folder, id, path))));
  } finally {
    await rm(folder, { recursive: true });
  }
}
