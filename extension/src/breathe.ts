/** How long our own work may hold the main thread before the viewer gets its turn, ms. */
const sliceMilliseconds = 12;

/**
 * Cuts a long loop into slices: `await breathe()` after each step goes on at once while the slice lasts, and lets the
 * page handle input and draw when it is over.
 */
export function breather(): () => Promise<void> | undefined {
  let began = performance.now();
  return () => {
    if (performance.now() - began < sliceMilliseconds) return undefined;
    return nextTask().then(() => {
      began = performance.now();
    });
  };
}

/** Resolves in a task of its own. A message, not a timer: timers are delayed to 4 ms when nested, and to seconds in a hidden tab. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
