import { memoryOf } from '../place/heap.ts';
import type { OrtFiles } from '../place/ort-runtime.ts';
import { scope } from '../scope.ts';
import { importFactory, loadGlue } from './load-glue.ts';
import { ownCell } from './own-cell.ts';
import { startStopper } from './start-stopper.ts';
import { runBegins, runEnds } from './stop-cell.ts';
import type { StopperTask } from './stopper.ts';
import { terminateByte, type OrtModule } from './terminate-byte.ts';

// A run is one synchronous call of WebAssembly, and a browser may let a worker that it ends go on for seconds. But ONNX Runtime looks between
// any two nodes of the graph whether `terminate` of the run's options is set, and from another thread it can be, where memory is shared.

let stopperLine: MessagePort | null = null;
let files: Promise<OrtFiles> | null = null;

/** The page's end of the line to this worker's stopper: any message on it ends the run. Null where memory cannot be shared. */
export function openStopLine(): MessagePort | null {
  if (!scope.crossOriginIsolated) return null;
  const { port1, port2 } = new MessageChannel();
  stopperLine = port1;
  return port2;
}

/**
 * Prepares this worker's ONNX Runtime for being stopped in the middle of a run. Where anything is not as expected, its files are loaded as
 * they would be anyway, and a stopped run goes on until it is done or the browser breaks it off.
 *
 * @param folder address of its files and ours, ending in a slash
 */
export function stoppableOrt(folder: string, threads: number): Promise<OrtFiles> {
  if (stopperLine === null) return Promise.resolve(folder);
  files ??= prepare(folder, threads, stopperLine).catch(() => folder);
  return files;
}

async function prepare(folder: string, threads: number, line: MessagePort): Promise<OrtFiles> {
  const mjs = `${folder}inference-module.mjs`;
  const [factory, stopper] = await Promise.all([
    loadGlue(`${folder}ort-wasm-simd-threaded.asyncify.mjs`, threads),
    startStopper(`${folder}inference-stopper.js`),
    importFactory(mjs),
  ]);
  const overreadOrtModule = async (config: object): Promise<OrtModule> => {
    const module = await factory(config);
    makeStoppable(module, stopper, line);
    return module;
  };
  Object.assign(globalThis, { overreadOrtModule });
  return { mjs, wasm: `${folder}ort-wasm-simd-threaded.asyncify.wasm` };
}

function makeStoppable(module: OrtModule, stopper: Worker, line: MessagePort): void {
  const memory = memoryOf(module.HEAPU8.buffer);
  const offset = memory === undefined ? null : terminateByte(module, memory);
  if (memory === undefined || offset === null) {
    stopper.terminate();
    return;
  }
  stopper.postMessage({ cell: ownCell, memory } satisfies StopperTask, [line]);
  const { _OrtCreateRunOptions: create, _OrtReleaseRunOptions: release } = module;
  module._OrtCreateRunOptions = (...settings) => {
    const options = create(...settings);
    if (options !== 0) runBegins(ownCell, memory, (options >>> 0) + offset);
    return options;
  };
  module._OrtReleaseRunOptions = (options) => {
    runEnds(ownCell);
    return release(options);
  };
}
