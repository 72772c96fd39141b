import { withStore } from '../database.ts';

/** Keeps model files on this machine by their SHA-256. Losing one only costs a download: no method ever throws. */
export interface ModelStore {
  get(sha256: string): Promise<Uint8Array | null>;
  put(sha256: string, content: Uint8Array): Promise<void>;
  remove(sha256: string): Promise<void>;
}

const cacheName = 'overread-models';

/** The Cache API where there is one (HTTPS), else IndexedDB. A private window may refuse both: then nothing is kept. */
export function openModelStore(): ModelStore {
  return forgiving(typeof caches === 'undefined' ? databaseStore() : cacheStore());
}

function cacheStore(): ModelStore {
  // An address of no server: the key has to be one.
  const key = (sha256: string) => `https://models.invalid/${sha256}`;
  return {
    async get(sha256) {
      const response = await (await caches.open(cacheName)).match(key(sha256));
      return response === undefined ? null : new Uint8Array(await response.arrayBuffer());
    },
    async put(sha256, content) {
      await (await caches.open(cacheName)).put(key(sha256), new Response(content.slice()));
    },
    async remove(sha256) {
      await (await caches.open(cacheName)).delete(key(sha256));
    },
  };
}

function databaseStore(): ModelStore {
  return {
    async get(sha256) {
      const found = await withStore('models', 'readonly', (store) => store.get(sha256) as IDBRequest<unknown>);
      return found instanceof Uint8Array ? found : null;
    },
    async put(sha256, content) {
      await withStore('models', 'readwrite', (store) => store.put(content, sha256));
    },
    async remove(sha256) {
      await withStore('models', 'readwrite', (store) => store.delete(sha256));
    },
  };
}

function forgiving(store: ModelStore): ModelStore {
  return {
    get: (sha256) => store.get(sha256).catch(() => null),
    put: (sha256, content) => store.put(sha256, content).catch(() => undefined),
    remove: (sha256) => store.remove(sha256).catch(() => undefined),
  };
}
