import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './base.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

const peers = {
  extension: {
    required: { react: '^18.3.1', 'react-dom': '^18.3.1' },
    optional: {
      '@ohif/core': '>=3.11.0',
      '@ohif/extension-default': '>=3.11.0',
      '@ohif/extension-cornerstone': '>=3.11.0',
    },
  },
  mode: { required: { '@overread/extension': '*' }, optional: {} },
} as const;

/**
 * The package.json of what is published: the built folder is the package (`npm publish extension/dist`), since the
 * workspace's own package.json points at TypeScript sources, which run nowhere under `node_modules`.
 */
export function packageManifest(workspace: keyof typeof peers): string {
  const source = JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8')) as Manifest;
  const { required, optional } = peers[workspace];
  const published = {
    name: source.name,
    version: source.version,
    license: source.license,
    type: 'module',
    exports: { '.': './index.js', './*': './*' },
    keywords: workspace === 'extension' ? ['ohif-extension'] : ['ohif-mode'],
    peerDependencies: { ...required, ...optional },
    peerDependenciesMeta: Object.fromEntries(Object.keys(optional).map((name) => [name, { optional: true }])),
  };
  return `${JSON.stringify(published, null, 2)}\n`;
}
