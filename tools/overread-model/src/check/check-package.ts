import { asOverreadError, isOverreadError } from '@overread/core/errors';
import {
  readManifest,
  sha256Hex,
  verifyFile,
  type FetchModelFile,
  type FileClaim,
  type Manifest,
} from '@overread/core/model';
import { refuseUnsupported } from '@overread/core/pipeline';
import { checkDecoder, checkGraph } from './check-graph.ts';
import type { CheckReport, Fault, RunReport } from './report.ts';
import { runSelfTests } from './run-self-tests.ts';
import { unwritten, unwrittenCard } from './unwritten.ts';

export interface CheckOptions {
  /** Runs the self-test in onnxruntime-node and in WebAssembly. */
  readonly run: boolean;
}

/** Everything that can be said of a package without a series. Faults are reported, not thrown. */
export async function checkPackage(name: string, read: FetchModelFile, { run }: CheckOptions): Promise<CheckReport> {
  const nothing: CheckReport = {
    package: name,
    model: null,
    graph: null,
    places: [],
    decoderPlaces: [],
    runs: [],
    faults: [],
  };
  const bytes = await read('model.json', null);
  let manifest: Manifest;
  try {
    manifest = readManifest(bytes);
  } catch (error) {
    return { ...nothing, faults: manifestFaults(error) };
  }
  const { id, version } = manifest;
  const digest = sha256Hex(bytes);
  const files = await checkFiles(manifest, read);
  const decoder =
    files.decoder === null || manifest.prompts === undefined
      ? { places: [], faults: [] }
      : checkDecoder(manifest.prompts, files.decoder);
  const base = { ...nothing, model: { id, version, digest }, decoderPlaces: decoder.places };
  const faults: Fault[] = [...unwritten(manifest), ...unsupported(manifest), ...files.faults, ...decoder.faults];
  if (files.graph === null) return { ...base, faults };

  const { summary, places, faults: graphFaults } = checkGraph(manifest, files.graph);
  faults.push(...graphFaults);
  // A graph that cannot be read or fed need not be run to know that it fails.
  const runnable = run && ![...graphFaults, ...decoder.faults].some(({ severity }) => severity === 'error');
  const runs: readonly RunReport[] = runnable
    ? await runSelfTests(
        { manifest, graph: files.graph, ...(files.decoder !== null && { decoder: files.decoder }) },
        faults,
      )
    : [];
  return { ...base, graph: summary, places, runs, faults };
}

function manifestFaults(error: unknown): readonly Fault[] {
  const told = isOverreadError(error) ? error.details['faults'] : undefined;
  const messages = Array.isArray(told) ? told.map(String) : [asOverreadError(error).message];
  return messages.map((message) => ({ severity: 'error', part: 'manifest', message }));
}

/** What this version of the engine does not do. */
function unsupported(manifest: Manifest): readonly Fault[] {
  // A promptable model has no outputs of its own and is asked by other means.
  if (manifest.prompts !== undefined) return [];
  try {
    refuseUnsupported(manifest);
    return [];
  } catch (error) {
    return [{ severity: 'error', part: 'manifest', message: asOverreadError(error).message }];
  }
}

interface Files {
  /** Null where the file is missing or not the one that the manifest names. */
  readonly graph: Uint8Array | null;
  readonly decoder: Uint8Array | null;
  readonly faults: readonly Fault[];
}

async function checkFiles(manifest: Manifest, read: FetchModelFile): Promise<Files> {
  const faults: Fault[] = [];
  const wrong = (error: unknown): null => {
    faults.push({ severity: 'error', part: 'files', message: asOverreadError(error).message });
    return null;
  };
  const claimed = ({ path, ...claim }: FileClaim & { readonly path: string }) =>
    read(path, claim)
      .then((content) => verifyFile(path, content, claim))
      .catch(wrong);
  const graph = await claimed(manifest.graph);
  const decoder = manifest.prompts === undefined ? null : await claimed(manifest.prompts.decoder);
  const card = await read(manifest.card, null).catch(wrong);
  if (card !== null) faults.push(...unwrittenCard(manifest.card, card));
  return { graph, decoder, faults };
}
