// Builds what is out of date: the plug-in (dist/plugin) and the reference models (dist/models).
// Plain JavaScript with built-ins only, like setup.mjs. As a program: `node scripts/build.mjs`.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npm, root, SetupError } from './setup.mjs';

/** @typedef {{ name: string, script: string, sources: readonly string[], outputs: readonly string[] }} Target */

const shared = ['package.json', 'package-lock.json', 'tsconfig.json', 'core'];

/** @type {readonly Target[]} */
const targets = [
  {
    name: 'plug-in',
    script: 'build',
    sources: [...shared, '.webpack', 'extension', 'mode', 'inference-worker'],
    outputs: ['dist/plugin/extension.js', 'dist/plugin/mode.js'],
  },
  { name: 'models', script: 'models', sources: [...shared, 'models'], outputs: ['dist/models/models.json'] },
];

/** Every file below the given paths, in one order on every machine; build outputs and dependencies left out. */
function filesOf(paths) {
  return paths.flatMap((path) => {
    const full = join(root, path);
    if (!existsSync(full)) return [];
    const entries = readdirSyncOrNull(full);
    if (entries === null) return [path];
    const kept = entries.filter((name) => name !== 'node_modules' && name !== 'dist' && name !== 'package');
    return filesOf(kept.sort().map((name) => `${path}/${name}`));
  });
}

function readdirSyncOrNull(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error.code === 'ENOTDIR') return null;
    throw error;
  }
}

/** By content, not by date: a checkout touches files without changing them. */
function digestOf(target) {
  const hash = createHash('sha256');
  for (const path of filesOf(target.sources)) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

const stampOf = (target) => join(root, '.cache/build', `${target.script}.sha256`);

function isCurrent(target, digest) {
  const stamp = stampOf(target);
  const built = target.outputs.every((path) => existsSync(join(root, path)));
  return built && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
}

/** @throws SetupError when a build fails or leaves its outputs out. */
export function ensureBuilt() {
  for (const target of targets) {
    const digest = digestOf(target);
    if (isCurrent(target, digest)) continue;
    console.log(`Building the ${target.name}.`);
    npm(['run', '--silent', target.script]);
    const missing = target.outputs.filter((path) => !existsSync(join(root, path)));
    if (missing.length > 0) throw new SetupError(`The build of the ${target.name} left out ${missing.join(', ')}.`);
    mkdirSync(dirname(stampOf(target)), { recursive: true });
    writeFileSync(stampOf(target), digest);
  }
}

if (process.argv[1] === join(root, 'scripts/build.mjs')) {
  try {
    ensureBuilt();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
