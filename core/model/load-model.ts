import { sha256Hex, verifyFile, type FileClaim } from './integrity.ts';
import type { Manifest } from './manifest/index.ts';
import { readManifest } from './parse-manifest.ts';

/** A model package in memory, checked and ready to run. */
export interface LoadedModel {
  readonly manifest: Manifest;
  /**
   * SHA-256 of `model.json` as it was served, lower-case hexadecimal. The manifest carries the checksum of the graph,
   * so one changed byte in either gives another digest.
   */
  readonly digest: string;
  /** The ONNX graph. */
  readonly graph: Uint8Array;
}

/**
 * Fetches a file of the package: from a web server, a cache, a folder.
 *
 * @param path relative to the folder of `model.json`
 * @param claim what the file must be; null for the manifest itself
 */
export type FetchModelFile = (path: string, claim: FileClaim | null) => Promise<Uint8Array>;

/**
 * Loads a model package through `fetchFile` and checks every file against the manifest, whatever it came from.
 *
 * @throws OverreadError `model.manifest-invalid`, `model.file-damaged`, or what `fetchFile` throws
 */
export async function loadModel(fetchFile: FetchModelFile): Promise<LoadedModel> {
  const bytes = await fetchFile('model.json', null);
  const manifest = readManifest(bytes);
  const { path } = manifest.graph;
  const graph = verifyFile(path, await fetchFile(path, manifest.graph), manifest.graph);
  return { manifest, digest: sha256Hex(bytes), graph };
}
