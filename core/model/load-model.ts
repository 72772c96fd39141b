import { sha256Hex, verifyFile, type FileClaim } from './integrity.ts';
import type { Manifest } from './manifest/index.ts';
import { readManifest } from './parse-manifest.ts';

/** A model package in memory, checked and ready to run. */
export interface LoadedModel {
  readonly manifest: Manifest;
  /**
   * SHA-256 of `model.json` as it was served, lower-case hexadecimal. The manifest carries the checksums of the graphs,
   * so one changed byte in any of them gives another digest.
   */
  readonly digest: string;
  /** The ONNX graph; of a promptable model, its encoder. */
  readonly graph: Uint8Array;
  /** The ONNX graph that answers prompts; only of a promptable model. */
  readonly decoder?: Uint8Array;
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
  const fetchChecked = async (claim: Manifest['graph']) =>
    verifyFile(claim.path, await fetchFile(claim.path, claim), claim);
  const graph = await fetchChecked(manifest.graph);
  const digest = sha256Hex(bytes);
  if (manifest.prompts === undefined) return { manifest, digest, graph };
  return { manifest, digest, graph, decoder: await fetchChecked(manifest.prompts.decoder) };
}
