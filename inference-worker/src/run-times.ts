import { TimeKeeper } from '@overread/core/pipeline';
import { withStore } from './database.ts';

/** Under which they are kept; another form of them has another key. */
const key = 'times 1';

// An estimate is worth no failed run: where the browser keeps nothing, or has lost it, there is none.

/** How long runs took in this browser, so that a worker knows which takes another's place; nothing where the browser keeps nothing. */
export async function rememberedTimes(): Promise<TimeKeeper> {
  const kept = await withStore('times', 'readonly', (store) => store.get(key) as IDBRequest<unknown>).catch(() => null);
  return new TimeKeeper(Array.isArray(kept) ? (kept as ReturnType<TimeKeeper['entries']>) : []);
}

export async function rememberTimes(times: TimeKeeper): Promise<void> {
  await withStore('times', 'readwrite', (store) => store.put(times.entries(), key)).catch(() => undefined);
}
