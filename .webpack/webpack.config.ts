import { join } from 'node:path';
import type { Configuration } from 'webpack';
import { baseConfiguration, root } from './base.ts';
import { CopyFiles, onnxRuntimeFiles } from './copy-files.ts';
import { packageManifest } from './package-manifest.ts';

/**
 * The plug-in for an unmodified viewer: `dist/plugin/`. Everything it needs lies in that one folder, addressed from
 * `import.meta.url`, so the folder can be served from any path or origin.
 */
const plugin: Configuration = {
  ...baseConfiguration('plugin'),
  entry: {
    extension: './extension/src/index.ts',
    mode: './mode/src/index.ts',
    'inference-worker': './inference-worker/src/worker.ts',
    'inference-stopper': './inference-worker/src/stop/stopper.ts',
    'results-worker': './extension/src/results/worker.ts',
  },
  output: {
    path: join(root, 'dist/plugin'),
    filename: '[name].js',
    // Beside the entries, not in a folder: `new URL('inference-worker.js', import.meta.url)` holds in every chunk.
    chunkFilename: 'chunk-[contenthash].js',
    library: { type: 'module' },
    publicPath: 'auto',
    clean: true,
  },
  plugins: [new CopyFiles(onnxRuntimeFiles)],
};

/** The package @overread/extension for sites that build their own viewer: the host's React, OHIF and Cornerstone stay outside. */
const base = baseConfiguration('extension-package');
const extensionPackage: Configuration = {
  ...base,
  entry: {
    index: './extension/src/index.ts',
    'inference-worker': './inference-worker/src/worker.ts',
    'inference-stopper': './inference-worker/src/stop/stopper.ts',
    'results-worker': './extension/src/results/worker.ts',
  },
  externals: [/^react(-dom)?($|\/)/, /^@ohif\//, /^@cornerstonejs\//],
  // One file: another bundler could not follow the names of our chunks. The site decides what it loads when.
  module: { ...base.module, parser: { javascript: { ...base.module.parser.javascript, dynamicImportMode: 'eager' } } },
  output: {
    path: join(root, 'extension/dist'),
    filename: '[name].js',
    library: { type: 'module' },
    publicPath: 'auto',
    clean: true,
  },
  plugins: [new CopyFiles({ ...onnxRuntimeFiles, 'package.json': () => packageManifest('extension') })],
};

/** The package @overread/mode. */
const modePackage: Configuration = {
  ...baseConfiguration('mode-package'),
  entry: { index: './mode/src/index.ts' },
  output: { path: join(root, 'mode/dist'), filename: '[name].js', library: { type: 'module' }, clean: true },
  plugins: [new CopyFiles({ 'package.json': () => packageManifest('mode') })],
};

export default [plugin, extensionPackage, modePackage];
