/**
 * Who may import whom. The rooms of `core/` stand in order: a room imports only rooms before it.
 * Everything else follows the table in docs/architecture.md.
 */
const rooms = [
  'errors',
  'geometry',
  'dicom',
  'volume',
  'analysis',
  'model',
  'graph',
  'pipeline',
  'results',
  'protocol',
  'deid',
];

const hostLibraries = [
  '@ohif/*',
  '@cornerstonejs/core',
  '@cornerstonejs/tools',
  '@cornerstonejs/adapters',
  'cornerstone*',
];
const runtimes = ['onnxruntime-web', 'onnxruntime-web/*', 'onnxruntime-node', 'onnxruntime-common'];
const node = ['node:*', 'fs', 'path', 'crypto', 'child_process'];
const page = ['react', 'react-dom', 'react-dom/*', 'radix-ui', 'zustand', 'zustand/*', 'i18next'];
const applications = ['@overread/extension', '@overread/mode', '@overread/inference-worker', '@overread/server'];

const forbid = (group, message) => ({ group, message });
const outsiders = forbid(['**/demo/**', '**/models/**', '**/test/**'], 'Nothing imports models/, demo/ or test/.');

const coreZones = rooms.map((room, index) => ({
  files: [`core/${room}/**/*.ts`],
  ignores: ['core/**/generate-*.ts'],
  forbid: [
    forbid(
      [...node, ...page, ...runtimes, ...hostLibraries, ...applications, 'fastify'],
      'core/ is pure: no DOM, Node API, viewer or runtime.',
    ),
    ...(room === 'dicom' ? [] : [forbid(['dcmjs'], 'dcmjs stays behind core/dicom.')]),
    ...rooms.slice(index + 1).map((later) => ({
      regex: `^(\\.\\./)+${later}/|^@overread/core/${later}`,
      message: 'A room of core/ imports only rooms before it (see eslint.zones.js).',
    })),
    ...rooms
      .filter((other) => other !== room)
      .map((other) => ({
        regex: `^(\\.\\./)+${other}/(?!index\\.ts$)`,
        message: 'Go through the door: the room’s index.ts.',
      })),
  ],
}));

const productZones = [
  ...coreZones,
  {
    files: ['extension/src/!(host)/**/*.{ts,tsx}', 'extension/src/*.ts'],
    forbid: [
      forbid(
        [...hostLibraries, ...node, ...runtimes, 'fastify', 'dcmjs'],
        'Only src/host touches the viewer; no Node, no runtime here.',
      ),
    ],
  },
  {
    files: ['extension/src/host/**/*.{ts,tsx}'],
    forbid: [forbid([...node, ...runtimes, 'fastify', 'dcmjs'], 'The host door knows the viewer only.')],
  },
  {
    files: ['mode/**/*.ts'],
    forbid: [
      forbid(
        [
          '@overread/core/*',
          '@overread/inference-worker',
          '@overread/server',
          '../../extension/*',
          ...hostLibraries,
          ...node,
          ...runtimes,
        ],
        'The mode knows the extension’s public names only.',
      ),
    ],
  },
  {
    files: ['inference-worker/**/*.ts'],
    forbid: [
      forbid(
        [
          ...node,
          ...page,
          ...hostLibraries,
          'onnxruntime-node',
          '@overread/extension',
          '@overread/mode',
          '@overread/server',
        ],
        'The worker knows core/ and onnxruntime-web.',
      ),
    ],
  },
  {
    files: ['tools/overread-dicom/**/*.ts'],
    forbid: [forbid([...page, ...runtimes, ...hostLibraries, ...applications], 'The tool knows core/ and Node only.')],
  },
  {
    files: ['tools/overread-model/**/*.ts'],
    forbid: [
      forbid(
        [...page, ...runtimes, ...hostLibraries, '@overread/extension', '@overread/mode'],
        'The tool knows core/, Node, and the runtimes of server and worker.',
      ),
      { regex: '^@overread/(server|inference-worker)(?!/runtime$)', message: 'Only through their door `runtime`.' },
    ],
  },
  {
    files: ['inference-server/**/*.ts'],
    forbid: [
      forbid(
        [
          ...page,
          'onnxruntime-web',
          'onnxruntime-web/*',
          '@overread/extension',
          '@overread/mode',
          '@overread/inference-worker',
        ],
        'The server knows core/ and its own libraries.',
      ),
    ],
  },
];

export const zones = productZones.map((zone) => ({ ...zone, forbid: [...zone.forbid, outsiders] }));
