import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analysisResultSchema, healthSchema, jobStatusSchema } from '@overread/core/protocol';
import { openArchive } from '../../demo/archive/archive.ts';
import { softwareGpu, softwareVulkan } from '../support/chromium.ts';
import { followJob } from '../support/follow-job.ts';
import { pixelSeries } from '../support/pixel-series.ts';
import { convolutionGraph, testPackage } from '../support/test-models.ts';

const program = join(import.meta.dirname, '../../inference-server/src/main.ts');

describe('the server as a program, at the demo archive', () => {
  const series = pixelSeries([16, 12, 8]);
  const started: ChildProcess[] = [];
  let folder: string;
  let pacs: string;
  const web = createServer();

  const start = (...args: string[]) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    return child;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'overread-program-'));
    const [images, models] = [join(folder, 'images'), join(folder, 'models')];
    await mkdir(images);
    await mkdir(join(models, 'quick'), { recursive: true });
    await Promise.all(series.files().map((file, k) => writeFile(join(images, `${k}.dcm`), file)));
    const files = await testPackage(convolutionGraph([3]), { id: 'quick' });
    for (const [name, content] of Object.entries(files)) await writeFile(join(models, 'quick', name), content);
    const list = { models: [{ id: 'quick', version: '1.0.0', path: 'quick/model.json' }] };
    await writeFile(join(models, 'models.json'), JSON.stringify(list));
    const archive = await openArchive({
      storage: join(folder, 'stored'),
      folders: [images],
      cacheFile: join(folder, 'index.json'),
    });
    web.on('request', (request, response) => void archive.handle(request, response, request.url ?? '/'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    pacs = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    for (const child of started) child.kill('SIGKILL');
    web.closeAllConnections();
    web.close();
    await rm(folder, { recursive: true });
  });

  it('says in one line where it listens, computes, and ends when asked to', async () => {
    const child = start('--pacs', pacs, '--models', join(folder, 'models'), '--port', '0', '--threads', '1');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { listening } = JSON.parse(line) as { listening: string };
    expect(listening).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const api = `${listening}/api/v1`;
    expect(healthSchema.parse(await (await fetch(`${api}/health`)).json())).toMatchObject({ status: 'ok' });

    const { studyInstanceUID, seriesInstanceUID } = series.geometry;
    const accepted = await fetch(`${api}/analyses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ studyInstanceUID, seriesInstanceUID, model: 'quick' }),
    });
    const { id } = jobStatusSchema.parse(await accepted.json());
    expect((await followJob(api, id)).at(-1)).toEqual({ kind: 'done' });
    const result = analysisResultSchema.parse(await (await fetch(`${api}/analyses/${id}/result`)).json());
    expect(result.analysis.source).toMatchObject({ seriesInstanceUID, grid: { dims: [16, 12, 8] } });

    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  describe('with a process kept warm', () => {
    let api: string;
    let server: ChildProcess;
    const { studyInstanceUID, seriesInstanceUID } = series.geometry;

    const analyse = async (model: string) => {
      const body = JSON.stringify({ studyInstanceUID, seriesInstanceUID, model });
      const headers = { 'content-type': 'application/json' };
      const accepted = await fetch(`${api}/analyses`, { method: 'POST', headers, body });
      const { id } = jobStatusSchema.parse(await accepted.json());
      const last = (await followJob(api, id)).at(-1);
      if (last?.kind !== 'done') return { last, analysis: null };
      return {
        last,
        analysis: analysisResultSchema.parse(await (await fetch(`${api}/analyses/${id}/result`)).json()).analysis,
      };
    };
    const childrenOf = async (pid: number) =>
      (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean).map(Number);
    /** One that ended may stand in the table until somebody asks for its exit code: a zombie. */
    const isRunning = async (pid: number) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State: gone');
      return !/^State:\s+(?:Z|gone)/m.test(status);
    };
    const startWith = async (args: readonly string[], env: Record<string, string> = {}) => {
      const settings = ['--pacs', pacs, '--models', join(folder, 'models'), '--port', '0', '--threads', '1', ...args];
      server = spawn(process.execPath, [program, ...settings], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, ...env },
      });
      started.push(server);
      const [line] = (await once(createInterface({ input: server.stdout! }), 'line')) as [string];
      api = `${(JSON.parse(line) as { listening: string }).listening}/api/v1`;
    };
    const stop = async () => {
      const gone = once(server, 'exit');
      server.kill('SIGTERM');
      await gone;
    };

    it('computes run after run in it, starts another after it was killed, and takes it along when it ends', async () => {
      await startWith([]);
      expect(await analyse('quick')).toMatchObject({ analysis: { place: { runtime: 'node-cpu' } } });
      const [first] = await childrenOf(server.pid!);
      const { analysis: second } = await analyse('quick');
      expect(second?.findings).toBeDefined();
      expect(await childrenOf(server.pid!)).toEqual([first]);
      process.kill(first!, 'SIGKILL');
      expect((await analyse('quick')).last).toEqual({ kind: 'done' });
      const [third] = await childrenOf(server.pid!);
      expect(third).not.toBe(first);
      await stop();
      await expect.poll(() => isRunning(third!), { timeout: 10_000 }).toBe(false);
    });

    it('keeps none where it may hold no memory', async () => {
      await startWith(['--warm-memory', '0']);
      expect((await analyse('quick')).last).toEqual({ kind: 'done' });
      await expect.poll(() => childrenOf(server.pid!)).toEqual([]);
      await stop();
    });

    it.skipIf(!existsSync(softwareVulkan))('computes on WebGPU where there is an adapter, and says so', async () => {
      await startWith(['--gpu', 'any'], softwareGpu);
      const { analysis } = await analyse('quick');
      expect(analysis?.place).toMatchObject({ location: 'server', runtime: 'node-gpu', skipped: [] });
      await stop();
    });

    it('says why it did not compute on a GPU', async () => {
      await startWith(['--gpu', 'any'], { VK_ICD_FILENAMES: '/nowhere.json', VK_DRIVER_FILES: '/nowhere.json' });
      const { analysis } = await analyse('quick');
      expect(analysis?.place).toMatchObject({ runtime: 'node-cpu' });
      expect(analysis?.place.skipped).toEqual([
        { runtime: 'node-gpu', reason: expect.stringMatching(/WebGPU adapter/) as string },
      ]);
      await stop();
    });
  });

  it('ends with the program that started it, however that one ended', async () => {
    const args = ['--pacs', pacs, '--models', join(folder, 'models'), '--port', '0'];
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    started.push(child);
    await once(createInterface({ input: child.stdout! }), 'line');
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('names what is missing in its settings, and how to use it', async () => {
    const child = start('--pacs', pacs);
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(told).toMatch(/--models is missing[^]*overread-server --pacs/);
  });
});
