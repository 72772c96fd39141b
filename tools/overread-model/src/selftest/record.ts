import { join } from 'node:path';
import { OverreadError } from '@overread/core/errors';
import { parseManifest, sha256Hex, type Manifest } from '@overread/core/model';
import { inputShapes, selfTestValues } from '@overread/core/pipeline';
import { manifestFile, readBytes, readJson, writeJson } from '../package/files.ts';
import { onNode } from '../runtimes.ts';

export interface RecordOptions {
  /** Allowed absolute difference; absent: as in the manifest. */
  readonly tolerance?: number;
}

/** Values recorded where the manifest has none. */
const defaultCount = 40;
/** Digits recorded: well below any tolerance, so that processors that round differently record the same text. */
const digits = 5;

type Json = Record<string, unknown>;

/**
 * Writes sizes and hashes of the package's files into model.json, and what the model answers to its self-test in
 * onnxruntime-node. What stands in model.json otherwise, and the order of its fields, stays.
 * @throws OverreadError `model.manifest-invalid`, `model.file-missing`, `pipeline.bad-output`, what the runtime throws
 */
export async function recordSelfTest(folder: string, { tolerance }: RecordOptions = {}): Promise<Manifest> {
  const source = (await readJson(manifestFile(folder))) as Json;
  const claimed = await withClaims(folder, source);
  const selfTest = { ...(source['selfTest'] as Json), ...(tolerance !== undefined && { tolerance }) };
  const draft = parseManifest({ ...claimed, selfTest });
  const graph = await readBytes(join(folder, draft.graph.path));
  const expected = await answer(draft, graph);
  const recorded = { ...claimed, selfTest: { ...selfTest, expected } };
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

async function answer(manifest: Manifest, graph: Uint8Array): Promise<readonly number[]> {
  const session = await onNode().createSession(graph, inputShapes(manifest.input));
  try {
    const count = manifest.selfTest.expected.length || defaultCount;
    const values = await selfTestValues(manifest, session, count);
    if (!values.every(Number.isFinite)) {
      throw new OverreadError('pipeline.bad-output', {
        why: 'the first output holds values that are no finite numbers, or is empty, for the input of the self-test',
      });
    }
    return values.map((value) => Number(value.toPrecision(digits)));
  } finally {
    await session.release();
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
