import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { writeModel, type ModelProto } from '@overread/core/graph';
import { launchBrowser, swiftShader } from './worker-page/browser.ts';
import type { Values } from './graph-run.ts';

/** A page with onnxruntime-web on WebGPU, bare: what a graph does there without anything of ours around it. */
export interface WebgpuPage {
  run(model: ModelProto, feeds: Readonly<Record<string, Values>>): Promise<WebgpuRun>;
  close(): Promise<void>;
}

type WebgpuRun =
  | { readonly ok: true; readonly outputs: Readonly<Record<string, Values>> }
  | { readonly ok: false; readonly message: string };

const runtimeFolder = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/webgpu'));

const html = `<!doctype html><script type="module">
import * as ort from '/ort/ort.webgpu.bundle.min.mjs';
ort.env.wasm.wasmPaths = '/ort/';
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'fatal';
globalThis.runGraph = async (model, feeds) => {
  try {
    const session = await ort.InferenceSession.create(Uint8Array.from(model), { executionProviders: ['webgpu'] });
    const tensors = feeds.map(([name, dims, data]) => [name, new ort.Tensor('float32', Float32Array.from(data), dims)]);
    const results = await session.run(Object.fromEntries(tensors));
    return { ok: true, outputs: Object.entries(results).map(([name, { dims, data }]) => [name, dims, [...data]]) };
  } catch (error) {
    return { ok: false, message: String(error) };
  }
};
</script>`;

type PageRun =
  | { readonly ok: true; readonly outputs: readonly (readonly [string, readonly number[], readonly number[]])[] }
  | { readonly ok: false; readonly message: string };

declare const runGraph: (model: readonly number[], feeds: readonly unknown[]) => Promise<PageRun>;

/** Starts a site on loopback and Debian's Chromium on it, with WebGPU on SwiftShader. */
export async function openWebgpuPage(): Promise<WebgpuPage> {
  const server = await serve();
  const browser = await launchBrowser(swiftShader);
  const page = await openPage(browser, server);
  return {
    run: (model, feeds) => runIn(page, model, feeds),
    async close() {
      await browser.close();
      server.close();
    },
  };
}

async function openPage(browser: Browser, server: Server): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => 'runGraph' in globalThis);
  return page;
}

async function runIn(page: Page, model: ModelProto, feeds: Readonly<Record<string, Values>>): Promise<WebgpuRun> {
  const plain = Object.entries(feeds).map(([name, { dims, data }]) => [name, dims, [...data]] as const);
  const result = await page.evaluate(([bytes, fed]) => runGraph(bytes, fed), [[...writeModel(model)], plain] as const);
  if (!result.ok) return result;
  const outputs = result.outputs.map(([name, dims, data]) => [name, { dims, data: Float32Array.from(data) }] as const);
  return { ok: true, outputs: Object.fromEntries(outputs) };
}

async function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const name = basename(request.url ?? '/');
    if (name === '') {
      response.setHeader('content-type', 'text/html').end(html);
      return;
    }
    readFile(join(runtimeFolder, name)).then(
      (bytes) => {
        response.setHeader('content-type', name.endsWith('.wasm') ? 'application/wasm' : 'text/javascript').end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
