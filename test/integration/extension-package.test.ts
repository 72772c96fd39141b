import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser } from 'playwright-core';
import webpack, { type Configuration } from 'webpack';
import { afterAll, beforeAll, expect, it } from 'vitest';
import builds from '../../.webpack/webpack.config.ts';
import { launchBrowser } from '../support/worker-page/browser.ts';

let browser: Browser;
let server: Server;
let folder: string;

/** The package as published, and a page that uses it, each built as its own maker would. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'overread-package-'));
  const packageBuild = builds.find(({ name }) => name === 'extension-package')!;
  await build({ ...packageBuild, cache: false, output: { ...packageBuild.output, path: join(folder, 'package') } });
  await build({
    mode: 'production',
    entry: join(import.meta.dirname, '../support/stub-host/host.tsx'),
    module: { rules: [{ test: /\.tsx$/, loader: 'esbuild-loader', options: { target: 'es2022', jsx: 'automatic' } }] },
    resolve: {
      alias: { '@overread/extension-package': join(folder, 'package/index.js') },
      modules: [join(import.meta.dirname, '../../node_modules')],
    },
    performance: false,
    output: { path: join(folder, 'site'), filename: 'host.js' },
  });
  server = createServer((request, response) => {
    const file = join(folder, 'site', basename(request.url ?? ''));
    if (request.url === '/') response.end('<!doctype html><div id="root"></div><script src="/host.js"></script>');
    else if (existsSync(file)) createReadStream(file).pipe(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function build(configuration: Configuration): Promise<void> {
  return new Promise((resolve, reject) => {
    webpack(configuration, (error, stats) => {
      if (error) reject(error);
      else if (stats?.hasErrors() === true) reject(new Error(stats.toString({ preset: 'errors-only' })));
      else resolve();
    });
  });
}

it('the package works in a viewer that a site builds with its own React 18.3', async () => {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.getByText('React 18.3').waitFor();
  await page.locator('overread-panel').getByText('Research use only').waitFor();
  expect(errors).toEqual([]);
  await page.close();
});

it('the package carries no React of its own', () => {
  const code = readFileSync(join(folder, 'package/index.js'), 'utf8');
  expect(code).toMatch(/from ?"react"/);
  expect(code).not.toContain('__SECRET_INTERNALS');
});
