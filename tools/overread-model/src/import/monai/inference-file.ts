import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { reasonOf } from '@overread/core/errors';
import { readBytes, readJson } from '../../package/files.ts';
import { sourceFault } from '../fault.ts';
import { isThere } from '../is-there.ts';
import { Config } from './config.ts';

/** Names that a bundle may give it, in the order in which they are looked for. */
const names = ['configs/inference.json', 'configs/inference.yaml', 'configs/inference.yml'] as const;

/** How a bundle is run, and the name of its file for errors. */
export interface InferenceFile {
  readonly file: string;
  readonly config: Config;
}

/** @throws OverreadError `model.file-missing` where there is none, `model.source-invalid` */
export async function readInference(folder: string): Promise<InferenceFile> {
  for (const file of names) {
    const path = join(folder, file);
    // Where there is none at all, the first name is the one that is missed.
    if (await isThere(path)) return { file, config: new Config(await readFrom(path), file) };
  }
  return { file: names[0], config: new Config(await readJson(join(folder, names[0])), names[0]) };
}

async function readFrom(path: string): Promise<unknown> {
  if (path.endsWith('.json')) return readJson(path);
  const bytes = await readBytes(path);
  try {
    // MONAI reads by PyYAML, which follows YAML 1.1. Aliases may repeat what is there, within the library's limit.
    const document = parseDocument(new TextDecoder('utf-8', { fatal: true }).decode(bytes), { version: '1.1' });
    const fault = document.errors[0] ?? document.warnings[0];
    if (fault !== undefined) throw fault;
    return document.toJS();
  } catch (cause) {
    throw sourceFault(path, `it is no YAML that is understood: ${reasonOf(cause)}`);
  }
}
