import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Compiler } from 'webpack';
import { root } from './base.ts';

/** Name in the output folder, and how its bytes are found. */
export type Files = Readonly<Record<string, () => Buffer | string>>;

const from = (folder: string, name: string): Files => ({ [name]: () => readFileSync(join(root, folder, name)) });
const onnxRuntime = 'node_modules/onnxruntime-web/dist';

/** What onnxruntime-web loads at run time: glue and WebAssembly of the build with WebGPU, and our module before the glue. */
export const onnxRuntimeFiles: Files = {
  ...from(onnxRuntime, 'ort-wasm-simd-threaded.asyncify.mjs'),
  ...from(onnxRuntime, 'ort-wasm-simd-threaded.asyncify.wasm'),
  ...from('inference-worker/src/stop', 'inference-module.mjs'),
};

/** Puts files beside the bundles. */
export class CopyFiles {
  readonly files: Files;

  constructor(files: Files) {
    this.files = files;
  }

  apply(compiler: Compiler): void {
    const { Compilation, sources } = compiler.webpack;
    compiler.hooks.thisCompilation.tap('CopyFiles', (compilation) => {
      const stage = Compilation.PROCESS_ASSETS_STAGE_ADDITIONAL;
      compilation.hooks.processAssets.tap({ name: 'CopyFiles', stage }, () => {
        for (const [name, read] of Object.entries(this.files)) {
          compilation.emitAsset(name, new sources.RawSource(read()), { minimized: true });
        }
      });
    });
  }
}
