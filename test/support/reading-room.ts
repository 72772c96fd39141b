import { decodeResults } from '@overread/core/results';
import type { Analysis, HeatMap } from '@overread/core/analysis';
import { OverreadError } from '@overread/core/errors';
import type { Manifest } from '@overread/core/model';
import type { ExplainJob, InferenceBackend, Job, Location, WorkOptions } from '../../extension/src/analysis/backend.ts';
import type { Progress } from '@overread/core/pipeline';
import { createReadingRoom, type ReadingRoom } from '../../extension/src/analysis/room.ts';
import type { ResultsCodec } from '../../extension/src/results/client.ts';
import type { MemoryHost } from './memory-host.ts';
import { NodePrompts } from './node-prompts.ts';
import { encodeAnalysis } from './checked-results.ts';
import { tinyManifest } from './tiny-manifest.ts';

/** Writes and reads DICOM on the test's own thread: the same code that the results worker runs. */
const localCodec: ResultsCodec = {
  encode: (analysis, options) => Promise.resolve().then(() => encodeAnalysis(analysis, options)),
  decode: (objects, source) => Promise.resolve().then(() => decodeResults(objects, source)),
  release: () => undefined,
};

interface Call<J, T> {
  readonly job: J;
  progress(progress: Progress): void;
  finish(answer: T): void;
  fail(error: unknown): void;
}

/** A place whose runs end when the test says so. */
class HeldBackend implements InferenceBackend {
  readonly location: Location;
  readonly calls: Call<Job, Analysis>[] = [];
  readonly explanations: Call<ExplainJob, HeatMap>[] = [];
  reason: string | null = null;
  released = 0;

  constructor(location: Location) {
    this.location = location;
  }

  availability() {
    return Promise.resolve(this.reason === null ? { ok: true as const } : { ok: false as const, reason: this.reason });
  }

  analyse(job: Job, options: WorkOptions): Promise<Analysis> {
    return held(this.calls, job, options);
  }

  explain(job: ExplainJob, options: WorkOptions): Promise<HeatMap> {
    return held(this.explanations, job, options);
  }

  release(): void {
    this.released += 1;
  }
}

function held<J, T>(calls: Call<J, T>[], job: J, { signal, onProgress }: WorkOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    calls.push({ job, progress: onProgress, finish: resolve, fail: reject });
    signal.addEventListener('abort', () => reject(new OverreadError('run.cancelled')));
  });
}

export interface RoomUnderTest {
  readonly room: ReadingRoom;
  readonly browser: HeldBackend;
  readonly server: HeldBackend;
}

/** A storage in memory. */
export function memoryStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}

/** A reading room over a viewer in memory, entered. */
export function openRoom(
  host: MemoryHost,
  options: {
    readonly settings?: unknown;
    readonly manifests?: readonly unknown[];
    readonly storage?: Storage | null;
    readonly page?: EventTarget;
    readonly prompts?: NodePrompts;
  } = {},
): RoomUnderTest {
  const browser = new HeldBackend('browser');
  const server = new HeldBackend('server');
  const room = createReadingRoom({
    host,
    settings: options.settings ?? { server: '/api/v1' },
    base: 'https://viewer.example/overread/',
    fetch: siteOf(options.manifests ?? [tinyManifest(new Uint8Array(4))]),
    storage: options.storage ?? null,
    page: options.page ?? null,
    codec: localCodec,
    now: () => new Date('2026-03-01T09:30:00Z'),
    prompts: (options.prompts ?? new NodePrompts([])).place,
    backends: () => ({ browser, server }),
  });
  room.enter();
  return { room, browser, server };
}

/** The address of a request however it was given. */
export function addressOf(input: Parameters<typeof fetch>[0]): string {
  return input instanceof Request ? input.url : input.toString();
}

/** A site that serves these manifests as its models. */
export function siteOf(manifests: readonly unknown[]): typeof fetch {
  const entries = manifests.map((manifest, index) => {
    const { id = `model-${index}`, version = '1.0.0' } = manifest as Partial<Manifest>;
    return { id, version, path: `${id}/model.json`, manifest };
  });
  return (input) => {
    const { pathname } = new URL(addressOf(input));
    if (pathname.endsWith('/models.json')) return Promise.resolve(Response.json({ models: entries }));
    const entry = entries.find(({ path }) => pathname.endsWith(path));
    return Promise.resolve(entry === undefined ? new Response('', { status: 404 }) : Response.json(entry.manifest));
  };
}

/** Waits until something holds, looking again after each turn of the event loop; what takes half a minute never comes. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (const end = performance.now() + 30_000; performance.now() < end;) {
    if (holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`never happened: ${what}`);
}
