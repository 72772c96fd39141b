import { join } from 'node:path';
import { ensureBuilt } from '../scripts/build.mjs';
import { root } from '../scripts/setup.mjs';
import { openArchive } from './archive/archive.ts';
import { startCompanion, type Companion } from './companion.ts';
import type { DemoOptions } from './options.ts';
import { ensurePhantom, phantomCache } from './phantom/ensure.ts';
import { forward } from './site/forward.ts';
import { close, listen } from './site/listen.ts';
import { pacsProxy } from './site/pacs-proxy.ts';
import { createSite, type Handler } from './site/site.ts';
import { appConfig } from './viewer/app-config.ts';
import { ensureViewer } from './viewer/fetch.ts';

export interface RunningDemo {
  /** `http://localhost:3000/` */
  readonly url: string;
  /** The companion server, or null where none was asked for. */
  readonly companion: Companion | null;
  /** Ends everything. */
  readonly stop: () => Promise<void>;
}

type Log = (line: string) => void;

const cache = join(root, '.cache');

/**
 * Everything of `npm start`, up and answering when the promise settles.
 * @throws OverreadError and SetupError, whose messages say all there is to say.
 */
export async function startDemo(options: DemoOptions, log: Log): Promise<RunningDemo> {
  if (options.build) ensureBuilt();
  const viewer = await ensureViewer(options.viewer, join(cache, 'viewer'), log);
  const pacs = options.pacs === null ? await demoArchive(options, log) : remotePacs(options.pacs, log);

  let companion: Companion | null = null;
  let site: ReturnType<typeof createSite> | null = null;
  const { server, port } = await listen(
    (request, response) => site?.(request, response),
    options.port,
    options.portIsFixed,
  );
  const url = `http://localhost:${port}/`;
  const stop = async () => {
    await companion?.stop();
    await close(server);
  };
  try {
    const models = join(root, 'dist/models');
    if (options.server) companion = await startCompanion({ pacs: `http://127.0.0.1:${port}/dicomweb`, models });
    site = createSite({
      viewer,
      plugin: join(root, 'dist/plugin'),
      models,
      appConfig: appConfig({ pacsName: pacs.name, server: companion !== null }),
      dicomweb: pacs.handle,
      api: companion && forward(`${companion.url}/api`),
    });
  } catch (error) {
    await stop();
    throw error;
  }
  log(`OHIF Viewer ${options.viewer} with Overread; companion server: ${companion ? 'running' : 'none'}.`);
  return { url, companion, stop };
}

async function demoArchive(options: DemoOptions, log: Log): Promise<{ name: string; handle: Handler }> {
  const phantom = options.phantom ? [(await ensurePhantom(phantomCache, log)).studies] : [];
  const storage = options.archive ?? join(cache, 'archive');
  const cacheFile = join(storage, '.index.json');
  const archive = await openArchive({ storage, folders: [...phantom, ...options.data], cacheFile });
  const { studies, instances } = archive.counts;
  log(`Demo archive: ${studies} studies, ${instances} instances (for demonstration only, not for clinical use).`);
  if (archive.skipped > 0) log(`${archive.skipped} files were left out: no readable DICOM images.`);
  return { name: 'Demo archive (not for clinical use)', handle: archive.handle };
}

function remotePacs(pacs: NonNullable<DemoOptions['pacs']>, log: Log): { name: string; handle: Handler } {
  log(`PACS: ${new URL(pacs.wadoRoot).origin}, through this address.`);
  return { name: new URL(pacs.wadoRoot).host, handle: pacsProxy(pacs) };
}
