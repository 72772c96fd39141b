import { join } from 'node:path';
import { OverreadError } from '@overread/core/errors';
import { parseManifest, sha256Hex, type Manifest } from '@overread/core/model';
import { recordedSelfTest } from '@overread/core/pipeline';
import { manifestFile, readBytes, readJson, writeJson } from '../package/files.ts';
import { onNode } from '../runtimes.ts';

export interface RecordOptions {
  /** Allowed absolute difference; absent: as in the manifest. */
  readonly tolerance?: number;
}

/** Values recorded where the manifest has none. */
const defaultCount = 40;

type Json = Record<string, unknown>;

/**
 * Writes sizes and hashes of the package's files into model.json, and what the model answers to its self-test in
 * onnxruntime-node. What stands in model.json otherwise, and the order of its fields, stays.
 * @throws OverreadError `model.manifest-invalid`, `model.file-missing`, `pipeline.bad-output`, what the runtime throws
 */
export async function recordSelfTest(folder: string, { tolerance }: RecordOptions = {}): Promise<Manifest> {
  const source = await readJson(manifestFile(folder), 'model.manifest-invalid');
  if (!isJson(source)) throw new OverreadError('model.manifest-invalid', { why: 'model.json holds no manifest' });
  const claimed = await withClaims(folder, source);
  const selfTest = withTolerance(source['selfTest'], tolerance);
  const draft = parseManifest({ ...claimed, selfTest });
  const graph = await readBytes(join(folder, draft.graph.path));
  const decoder = draft.prompts && { decoder: await readBytes(join(folder, draft.prompts.decoder.path)) };
  const count = draft.selfTest.expected.length || defaultCount;
  const answers = await recordedSelfTest({ manifest: draft, graph, ...decoder }, onNode(), count);
  const recorded = { ...claimed, selfTest: { ...(selfTest as Json), ...answers } };
  const manifest = parseManifest(recorded);
  await writeJson(manifestFile(folder), recorded);
  return manifest;
}

/** The manifest with what its files are now; a field of the wrong form stays for the schema to name. */
async function withClaims(folder: string, source: Json): Promise<Json> {
  const claim = async (file: unknown): Promise<unknown> => {
    if (!isJson(file) || typeof file['path'] !== 'string') return file;
    const content = await readBytes(join(folder, file['path']));
    return { ...file, sha256: sha256Hex(content), bytes: content.byteLength };
  };
  const prompts = source['prompts'];
  return {
    ...source,
    graph: await claim(source['graph']),
    ...(isJson(prompts) && { prompts: { ...prompts, decoder: await claim(prompts['decoder']) } }),
  };
}

/** The self-test as it stands in model.json with another tolerance, of its decoder and all outputs as well. */
function withTolerance(selfTest: unknown, tolerance: number | undefined): unknown {
  if (tolerance === undefined || !isJson(selfTest)) return selfTest;
  const { decoder, outputs } = selfTest;
  return {
    ...selfTest,
    tolerance,
    ...(Array.isArray(outputs) && {
      outputs: outputs.map((output: unknown) => (isJson(output) ? { ...output, tolerance } : output)),
    }),
    ...(isJson(decoder) && { decoder: { ...decoder, tolerance } }),
  };
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
