import { join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { describeFaults, OverreadError } from '@overread/core/errors';
import { loadModel, packModel, sha256Hex, unpackModel, type Manifest } from '@overread/core/model';
import { readOptions, UsageError } from '../options.ts';
import { exitStatus, type Terminal } from '../terminal.ts';
import { readBytes, readJson, writeBytes, writeJson } from './files.ts';
import { packageFiles } from './read-package.ts';

/** How the name of a pack ends. */
const packEnding = '.model.zip';

/** Writes a package as one file, after its manifest and hashes were checked. */
export async function pack(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, text } = readOptions(args, 1, { text: ['out'] });
  const folder = positionals[0]!;
  const read = await packageFiles(folder);
  const { manifest } = await loadModel(read);
  const paths = ['model.json', ...filesOf(manifest)];
  const files = await Promise.all(paths.map(async (path) => [path, await read(path, null)] as const));
  const packed = packModel(Object.fromEntries(files));
  const out = text.out ?? `${resolve(folder)}${packEnding}`;
  await writeBytes(out, packed);
  terminal.out(`${out}: ${manifest.id} ${manifest.version}, ${packed.byteLength} bytes, SHA-256 ${sha256Hex(packed)}`);
  return exitStatus.clean;
}

function filesOf({ graph, prompts, card }: Manifest): readonly string[] {
  return [graph.path, ...(prompts === undefined ? [] : [prompts.decoder.path]), card];
}

/** A site may keep fields of its own in its list, and for each model. */
const listForm = z.looseObject({
  models: z.array(z.looseObject({ id: z.string(), version: z.string(), path: z.string() })),
});
type ModelList = z.infer<typeof listForm>;

/** Writes the files of a pack as a site serves them, and names the model in the list beside them. */
export async function unpack(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, text } = readOptions(args, 1, { text: ['into'] });
  if (text.into === undefined) throw new UsageError('--into names the folder of the models');
  const folder = text.into;
  const files = unpackModel(await readBytes(positionals[0]!));
  const { manifest } = await loadModel((path) => Promise.resolve(fileOf(files, path)));
  const { id, version } = manifest;
  const listFile = join(folder, 'models.json');
  const list = await readList(listFile);
  for (const [path, content] of Object.entries(files)) await writeBytes(join(folder, id, path), content);
  await writeJson(listFile, withModel(list, { id, version, path: `${id}/model.json` }));
  terminal.out(`${join(folder, id)}: ${id} ${version}`);
  return exitStatus.clean;
}

function fileOf(files: Readonly<Record<string, Uint8Array>>, path: string): Uint8Array {
  const content = Object.hasOwn(files, path) ? files[path] : undefined;
  if (content === undefined) throw new OverreadError('model.pack-damaged', { why: `${path} is missing` });
  return content;
}

/** The list with this model: in the place of the one of that name, or at the end. All else stays as it is. */
function withModel(list: ModelList, model: ModelList['models'][number]): ModelList {
  const at = list.models.findIndex(({ id }) => id === model.id);
  const models =
    at < 0 ? [...list.models, model] : list.models.map((entry, n) => (n === at ? { ...entry, ...model } : entry));
  return { ...list, models };
}

/** An empty list where there is none yet. @throws OverreadError `catalogue.invalid` */
async function readList(file: string): Promise<ModelList> {
  const json = await readJson(file, 'catalogue.invalid').catch((error: unknown) => {
    if (error instanceof OverreadError && error.code === 'model.file-missing') return { models: [] };
    throw error;
  });
  const parsed = listForm.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new OverreadError('catalogue.invalid', { why: `${file}: ${describeFaults(parsed.error).join('; ')}` });
}
