// A worker that is ended for want of memory sends nothing, not even an error event. But a Web Lock that it held is
// given free by the browser: the page waits for that lock. Where there are no locks (plain HTTP), only errors tell.

const locks = (): LockManager | null => ('locks' in navigator ? navigator.locks : null);

/** In the worker: takes the lock of this name for as long as the worker lives. Resolves when it is held. */
export function announceLife(name: string): Promise<void> {
  const manager = locks();
  if (manager === null || name === '') return Promise.resolve();
  return new Promise((resolve) => {
    const forever = () => {
      resolve();
      return new Promise<never>(() => undefined);
    };
    // A refusal (an opaque origin) only means that death cannot be watched.
    manager.request(name, forever).catch(() => resolve());
  });
}

/** In the page, once the worker is ready: calls `died` when the lock of this name comes free, unless aborted before. */
export function watchLife(name: string, died: () => void, signal: AbortSignal): void {
  // Rejects when aborted, or where locks are refused: then there is nothing to tell.
  locks()
    ?.request(name, { signal }, () => died())
    .catch(() => undefined);
}
