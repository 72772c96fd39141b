// Brings a fresh clone to the point where the project's own Node runs: dependencies by `npm ci`, once.
// Plain JavaScript with built-ins only: it runs on the machine's Node, before dependencies are installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The Node that runs the project's TypeScript; it comes with the dependencies. */
export const projectNode = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

const oldestNode = [20, 11];

/** A failure whose message says all there is to say: callers print it without a stack. */
export class SetupError extends Error {}

/** @throws SetupError when the machine's Node is too old to begin on. */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new SetupError(`Overread needs Node ${oldestNode.join('.')} or newer to begin with; this is Node ${version}.`);
}

/**
 * Runs npm to its end, its output shown.
 * @param {readonly string[]} args
 * @throws SetupError with the command and how it ended.
 */
export function npm(args) {
  // Started by `npm start`, npm says where it is; else the one on the path.
  const own = process.env.npm_execpath;
  const [command, first] = own?.endsWith('.js') ? [process.execPath, [own]] : ['npm', []];
  const shell = process.platform === 'win32' && first.length === 0;
  const done = spawnSync(command, [...first, ...args], { cwd: root, stdio: 'inherit', shell });
  const spoken = `npm ${args.join(' ')}`;
  if (done.error) throw new SetupError(`${spoken} did not start: ${done.error.message}.`);
  if (done.signal) throw new SetupError(`${spoken} was ended by ${done.signal}.`);
  if (done.status !== 0) throw new SetupError(`${spoken} failed with exit status ${done.status}; its output is above.`);
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** What npm recorded as installed, held against the lockfile: a half-done or outdated installation differs. */
export function installationIsCurrent(directory = root) {
  const installedFile = join(directory, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = readPackages(installedFile);
  return Object.entries(readPackages(join(directory, 'package-lock.json'))).every(([path, wanted]) => {
    const isPackage = path.startsWith('node_modules/') && !wanted.link;
    // Optional packages are for other platforms as often as for this one.
    if (!isPackage || wanted.optional || wanted.devOptional || wanted.peer) return true;
    return installed[path]?.version === wanted.version;
  });
}

function projectNodeRuns() {
  return spawnSync(projectNode, ['--version']).status === 0;
}

/**
 * Installs the dependencies unless they stand as the lockfile says.
 * @throws SetupError with the exact reason.
 */
export function ensureDependencies() {
  requireNode();
  if (installationIsCurrent() && projectNodeRuns()) return;
  console.log('Installing dependencies (npm ci); this happens once.');
  npm(['ci', '--include=dev', '--no-audit', '--no-fund']);
  if (!projectNodeRuns()) {
    throw new SetupError(
      `${projectNode} does not run after npm ci: the install script of the package "node" was not allowed to run, ` +
        'or it could not reach the package registry.',
    );
  }
}
