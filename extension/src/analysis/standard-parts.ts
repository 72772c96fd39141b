import type { Host } from '../host/types.ts';
import { createResultsClient } from '../results/client.ts';
import { startModuleWorker } from '../results/start-worker.ts';
import { createBrowserBackend } from './browser-backend.ts';
import { createPromptPlace } from './marking/prompt-place.ts';
import type { RoomParts } from './room.ts';
import { createServerBackend } from './server-backend.ts';

/** The room's parts in a browser: its workers beside the plug-in, its server where the settings say. */
export function standardParts(context: {
  readonly host: Host;
  readonly settings: unknown;
  readonly base: string;
}): RoomParts {
  const { host, settings, base } = context;
  const workerUrl = new URL('inference-worker.js', base).href;
  const fetchUrl: typeof fetch = (...request) => fetch(...request);
  return {
    host,
    settings,
    base,
    fetch: fetchUrl,
    storage: localStorageIfAllowed(),
    page: window,
    codec: createResultsClient(() => startModuleWorker(new URL('results-worker.js', base).href, 'overread-results')),
    now: () => new Date(),
    prompts: () => createPromptPlace(workerUrl),
    backends: (config) => ({
      browser: createBrowserBackend(workerUrl),
      server: createServerBackend({
        address: config.server,
        fetch: fetchUrl,
        headers: () => host.authorizationHeader(),
      }),
    }),
  };
}

/** Even reading the property throws where the person has blocked storage. */
function localStorageIfAllowed(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
