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

const listForm = z.object({
  models: z.array(z.looseObject({ id: z.string(), version: z.string(), path: z.string() })),
});

/** Writes the files of a pack as a site serves them, and names the model in the list beside them. */
export async function unpack(args: readonly string[], terminal: Terminal): Promise<number> {
  const { positionals, text } = readOptions(args, 1, { text: ['into'] });
  if (text.into === undefined) throw new UsageError('--into names the folder of the models');
  const folder = text.into;
  const files = unpackModel(await readBytes(positionals[0]!));
  const { manifest } = await loadModel((path) => Promise.resolve(fileOf(files, path)));
  const { id, version } = manifest;
  for (const [path, content] of Object.entries(files)) await writeBytes(join(folder, id, path), content);
  const listFile = join(folder, 'models.json');
  const others = (await readList(listFile)).filter((entry) => entry.id !== id);
  await writeJson(listFile, { models: [...others, { id, version, path: `${id}/model.json` }] });
  terminal.out(`${join(folder, id)}: ${id} ${version}`);
  return exitStatus.clean;
}

function fileOf(files: Readonly<Record<string, Uint8Array>>, path: string): Uint8Array {
  const content = Object.hasOwn(files, path) ? files[path] : undefined;
  if (content === undefined) throw new OverreadError('model.pack-damaged', { why: `${path} is missing` });
  return content;
}

async function readList(file: string): Promise<z.infer<typeof listForm>['models']> {
  const json = await readJson(file).catch((error: unknown) => {
    if (error instanceof OverreadError && error.code === 'model.file-missing') return { models: [] };
    throw error;
  });
  const parsed = listForm.safeParse(json);
  if (parsed.success) return parsed.data.models;
  throw new OverreadError('catalogue.invalid', { why: describeFaults(parsed.error).join('; ') });
}
