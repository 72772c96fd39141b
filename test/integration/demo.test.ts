import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectNode, root } from '../../scripts/setup.mjs';
import { startDemo, type DemoServer } from '../support/demo-server.ts';
import { hasOrthanc, startOrthanc } from '../support/orthanc.ts';
import { storeRequest } from '../support/multipart.ts';
import { webStudies } from '../support/web-studies.ts';

const quick = { phantom: false, server: false } as const;
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Processes that a process started, and those they started. */
function descendants(pid: number): number[] {
  const found = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  const children = found.stdout
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** A request exactly as written: `fetch` would tidy path and Host. */
function raw(url: string, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers, method }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('npm start', () => {
  let demo: DemoServer;
  beforeAll(async () => {
    demo = await startDemo(quick);
  }, 400_000);
  afterAll(async () => {
    expect(await demo.stop()).toBe(0);
  });

  it('isolates the page on every answer, so that WebAssembly may have threads', async () => {
    for (const path of ['', 'app-config.js', 'overread/extension.js', 'dicomweb/studies', 'nothing.here']) {
      const { headers } = await fetch(demo.url + path);
      expect([path, headers.get('cross-origin-opener-policy')]).toEqual([path, 'same-origin']);
      expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
  });

  it('serves viewer, plug-in, models and WebAssembly as what they are', async () => {
    const wasm = 'ort-wasm-simd-threaded.asyncify';
    const expected = {
      '': 'text/html; charset=utf-8',
      'overread/extension.js': 'text/javascript; charset=utf-8',
      'overread/mode.js': 'text/javascript; charset=utf-8',
      'overread/models/models.json': 'application/json; charset=utf-8',
      [`overread/${wasm}.wasm`]: 'application/wasm',
      [`overread/${wasm}.mjs`]: 'text/javascript; charset=utf-8',
    };
    for (const [path, type] of Object.entries(expected)) {
      const answer = await fetch(demo.url + path, { method: 'HEAD' });
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 200, type]);
    }
  });

  it('answers a route of the viewer with its page, and a missing file with 404', async () => {
    const html = { accept: 'text/html' };
    const route = await fetch(`${demo.url}ai-reading?StudyInstanceUIDs=1.2.3`, { headers: html });
    expect(await route.text()).toContain('<div id="root">');
    expect((await fetch(`${demo.url}missing.js`, { headers: html })).status).toBe(404);
    expect((await fetch(`${demo.url}overread/missing`, { headers: html })).status).toBe(404);
  });

  it('configures the viewer for the plug-in and the archive', async () => {
    const text = await (await fetch(`${demo.url}app-config.js`)).text();
    const window = { location: { origin: 'http://here' }, config: {} };
    runInNewContext(text, { window, console });
    expect(window.config).toMatchObject({
      extensions: ['http://here/overread/extension.js'],
      modes: ['http://here/overread/mode.js'],
      overread: { models: '/overread/models/', server: null, segmentation: true },
      dataSources: [{ configuration: { wadoRoot: 'http://here/dicomweb', supportsStow: true } }],
    });
  });

  it('never leaves its folders', async () => {
    for (const path of [
      '/../package.json',
      '/overread/../../package.json',
      '/overread/%2e%2e/%2e%2e/package.json',
      '/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    ]) {
      expect([path, await raw(demo.url, path)]).toEqual([path, 404]);
    }
  });

  it('answers only this machine’s own pages', async () => {
    expect(await raw(demo.url, '/', { host: 'evil.example' })).toBe(403);
    expect(await raw(demo.url, '/dicomweb/studies', { origin: 'https://evil.example' })).toBe(403);
    expect(await raw(demo.url, '/dicomweb/studies', { origin: demo.url.replace(/\/$/, '') })).toBe(200);
    expect(await raw(demo.url, '/app-config.js', {}, 'DELETE')).toBe(405);
  });

  it('says that its archive is for demonstration', async () => {
    const answer = await fetch(demo.dicomWeb + '/');
    expect(answer.headers.get('server')).toContain('demo archive');
    expect(await answer.text()).toContain('Not for clinical use');
  });

  it('says that there is no companion server where none runs', async () => {
    expect((await fetch(`${demo.url}overread/api/v1/health`)).status).toBe(503);
  });
});

describe('npm start, started and stopped', () => {
  it('runs the companion server behind the same address, and Ctrl-C ends every process', async () => {
    const demo = await startDemo({ ...quick, server: true, build: false });
    const health = await fetch(`${demo.url}overread/api/v1/health`);
    expect(health.status).toBe(200);
    const started = descendants(demo.pid);
    expect(started.length).toBeGreaterThanOrEqual(2);
    expect(await demo.stop()).toBe(0);
    expect(started.filter(isAlive)).toEqual([]);
  });

  it('leaves nothing running where the demo itself is killed', async () => {
    const demo = await startDemo({ ...quick, server: true, build: false });
    const started = descendants(demo.pid);
    const [main] = started;
    expect(started.length).toBeGreaterThanOrEqual(2);
    process.kill(main!, 'SIGKILL');
    await expect.poll(() => started.filter(isAlive), { timeout: 20_000 }).toEqual([]);
    expect(await demo.stop()).toBe(1);
  });

  it('ends with npm, also where only npm is told to end', async () => {
    const archive = mkdtempSync(join(tmpdir(), 'overread-npm-'));
    const args = ['start', '--', '--port', '0', '--no-phantom', '--no-build', '--archive', archive];
    const npm = spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    npm.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await expect.poll(() => output, { timeout: 60_000 }).toContain('Overread is ready');
    const started = descendants(npm.pid!);
    expect(started.length).toBeGreaterThanOrEqual(3);
    npm.kill('SIGTERM');
    await expect.poll(() => started.filter(isAlive), { timeout: 20_000 }).toEqual([]);
    rmSync(archive, { recursive: true });
  });

  it('says which port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(startDemo({ ...quick, build: false, port })).rejects.toThrow(`127.0.0.1:${port} is in use`);
    await new Promise((resolve) => other.close(resolve));
  });

  it('refuses a folder of images that is not there, by its name', async () => {
    await expect(startDemo({ ...quick, build: false, data: ['/nowhere/at/all'] })).rejects.toThrow('/nowhere/at/all');
  });

  it('prints its options without starting anything', () => {
    const { stdout, status } = spawnSync(projectNode, [join(root, 'demo/start.mjs'), '--help'], { encoding: 'utf8' });
    expect(status).toBe(0);
    for (const option of ['--pacs', '--viewer', '--port', '--data']) expect(stdout).toContain(option);
  });

  it('says that the PACS does not answer, and goes on', async () => {
    const demo = await startDemo({ ...quick, build: false, pacsUrl: 'http://127.0.0.1:9/dicom-web' });
    const answer = await fetch(`${demo.dicomWeb}/studies`);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain('The PACS does not answer: ECONNREFUSED');
    expect((await fetch(demo.url)).status).toBe(200);
    expect(await demo.stop()).toBe(0);
  });

  it.skipIf(!hasOrthanc)(
    'shows a PACS that asks for a password, and keeps the password (packages orthanc, orthanc-dicomweb)',
    async () => {
      const orthanc = await startOrthanc({ user: ['reader', 'hunter2'] });
      const env = { OVERREAD_PACS_USER: 'reader', OVERREAD_PACS_PASSWORD: 'hunter2' };
      const demo = await startDemo({ ...quick, server: true, build: false, pacsUrl: orthanc.dicomWeb, env });
      try {
        expect((await fetch(`${demo.dicomWeb}/studies`, storeRequest([webStudies.mr.bytes]))).status).toBe(200);
        const found = await fetch(`${demo.dicomWeb}/studies`);
        expect(await found.json()).toHaveLength(1);
        const config = await (await fetch(`${demo.url}app-config.js`)).text();
        expect(demo.output() + config).not.toMatch(/hunter2|cmVhZGVy/);
      } finally {
        await demo.stop();
        await orthanc.stop();
      }
    },
  );

  it('does not pass a PACS’s demand for a password on to the browser', { skip: !hasOrthanc }, async () => {
    const orthanc = await startOrthanc({ user: ['reader', 'hunter2'] });
    const demo = await startDemo({ ...quick, build: false, pacsUrl: orthanc.dicomWeb });
    const answer = await fetch(`${demo.dicomWeb}/studies`);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, null]);
    await demo.stop();
    await orthanc.stop();
  });
});

describe('the published viewer', () => {
  it('is kept whole, without what it declares as dependencies', () => {
    const home = join(root, '.cache/viewer/3.13.2');
    expect(existsSync(join(home, 'dist/index.html'))).toBe(true);
    expect(existsSync(join(home, 'node_modules'))).toBe(false);
  });
});
