import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { PackageFiles } from '../test-models.ts';

const root = new URL('../../../', import.meta.url);
const runtimeFiles = [
  'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.mjs',
  'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm',
  'inference-worker/src/stop/inference-module.mjs',
];

/**
 * The worker and a page for it, bundled: path to content.
 *
 * @param cores what the worker believes the machine has; absent: what the browser says
 * @param further scripts by name, from the file that each begins with
 */
export async function bundleSite(
  cores?: number,
  further: Readonly<Record<string, URL>> = {},
): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: {
      'inference-worker': fileURLToPath(new URL('inference-worker/src/worker.ts', root)),
      'inference-stopper': fileURLToPath(new URL('inference-worker/src/stop/stopper.ts', root)),
      page: fileURLToPath(new URL('page.ts', import.meta.url)),
      ...Object.fromEntries(Object.entries(further).map(([name, url]) => [name, fileURLToPath(url)])),
    },
    outdir: '/',
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['onnxruntime-web-use-extern-wasm'],
    define: cores === undefined ? {} : { 'navigator.hardwareConcurrency': String(cores) },
    logLevel: 'silent',
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [path, contents]));
  for (const path of runtimeFiles) {
    files.set(`/${basename(path)}`, await readFile(new URL(path, root)));
  }
  files.set(
    '/',
    new TextEncoder().encode('<!doctype html><title>test</title><script type="module" src="page.js"></script>'),
  );
  return files;
}

export interface Site {
  readonly url: string;
  /** Paths asked for since the start, in order. */
  readonly asked: readonly string[];
  /** Bytes of files sent so far. */
  readonly sent: () => number;
  /** Ranges asked for, in order: path and first byte. */
  readonly ranges: readonly (readonly [path: string, from: number])[];
  /** What the answers for this path do wrong from now on. */
  readonly misbehave: (path: string, how: Misbehaviour) => void;
  /** Replaces or adds files while the site runs. */
  readonly put: (folder: string, files: PackageFiles) => void;
  readonly close: () => Promise<void>;
}

/** What a server does wrong: once, or for good. */
interface Misbehaviour {
  /** The next answer breaks off after so many bytes. */
  readonly breakAfter?: number;
  /** The next answer stops after so many bytes, and the connection stays open. */
  readonly stallAfter?: number;
  /** It sends the whole file whatever range is asked for. */
  readonly ignoreRanges?: boolean;
}

/**
 * Serves the files on loopback.
 *
 * @param isolated with the headers that cross-origin isolation needs
 * @param headers by path, e.g. a policy for one file
 */
export async function serveSite(
  bundle: ReadonlyMap<string, Uint8Array>,
  { isolated, headers = {} }: { isolated: boolean; headers?: Readonly<Record<string, Record<string, string>>> },
): Promise<Site> {
  const files = new Map(bundle);
  const asked: string[] = [];
  const ranges: [string, number][] = [];
  let sent = 0;
  const faults = new Map<string, Misbehaviour>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://site').pathname);
    asked.push(path);
    const content = files.get(path);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
    if (isolated) {
      response.setHeader('cross-origin-opener-policy', 'same-origin');
      response.setHeader('cross-origin-embedder-policy', 'require-corp');
    }
    for (const [name, value] of Object.entries(headers[path] ?? {})) response.setHeader(name, value);
    response.setHeader('content-type', typeOf(path));
    if (content === undefined) {
      response.writeHead(404).end();
      return;
    }
    const fault = faults.get(path) ?? {};
    const range = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (range > 0) ranges.push([path, range]);
    const from = fault.ignoreRanges === true ? 0 : range;
    if (from > 0) response.setHeader('content-range', `bytes ${from}-${content.byteLength - 1}/${content.byteLength}`);
    response.setHeader('content-length', content.byteLength - from);
    response.writeHead(from > 0 ? 206 : 200);
    const end = fault.breakAfter ?? fault.stallAfter;
    if (end === undefined) {
      sent += content.byteLength - from;
      response.end(content.subarray(from));
      return;
    }
    faults.delete(path);
    response.write(content.subarray(from, end), () => {
      if (fault.breakAfter !== undefined) response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    ranges,
    sent: () => sent,
    misbehave: (path, how) => void faults.set(path, how),
    put(folder, added) {
      for (const [name, content] of Object.entries(added)) files.set(`/${folder}/${name}`, content);
    },
    close: () => closed(server),
  };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function typeOf(path: string): string {
  if (/\.m?js$/.test(path)) return 'text/javascript';
  if (path.endsWith('.wasm')) return 'application/wasm';
  if (path.endsWith('.json')) return 'application/json';
  return path === '/' ? 'text/html' : 'application/octet-stream';
}
