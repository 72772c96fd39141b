import { join } from 'node:path';
import { EsbuildPlugin } from 'esbuild-loader';
import type { Configuration } from 'webpack';

export const root = join(import.meta.dirname, '..');

/** What all builds share: browser ES modules of ES2022, TypeScript by esbuild, nothing polyfilled. */
export function baseConfiguration(name: string) {
  return {
    name,
    context: root,
    mode: 'production',
    devtool: false,
    target: ['web', 'es2022'],
    experiments: { outputModule: true },
    cache: { type: 'filesystem', cacheDirectory: join(root, '.cache/webpack'), name },
    resolve: {
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
      // ONNX Runtime's glue stays a file of its own: its threads start from that address.
      conditionNames: ['onnxruntime-web-use-extern-wasm', '...'],
    },
    module: {
      rules: [
        { test: /\.tsx?$/, loader: 'esbuild-loader', options: { target: 'es2022', jsx: 'automatic' } },
        {
          test: /\.ts$/,
          include: join(root, 'core/model/manifest'),
          enforce: 'pre',
          loader: join(import.meta.dirname, 'without-descriptions.ts'),
        },
      ],
      // Addresses made from `import.meta.url` are meant for the served folder, not for the bundler.
      parser: { javascript: { importMeta: false, url: false, worker: false } },
    },
    optimization: {
      minimizer: [new EsbuildPlugin({ target: 'es2022', legalComments: 'none', format: 'esm' })],
    },
    performance: false,
    stats: { preset: 'errors-warnings', assets: true, assetsSort: 'name', groupAssetsByChunk: false },
  } satisfies Configuration;
}
