/**
 * Starts a module worker. From another origin than the page's it cannot be started by its address: a tiny worker from a
 * blob then imports it (the other origin has to allow that by CORS, the page's CSP by `worker-src blob:`).
 *
 * @param name the worker's own name, which it reads as `self.name`
 * @param Start the browser's own, where `Worker` was replaced
 */
export function startWorker(url: string, name: string, Start = Worker): Worker {
  if (new URL(url, location.href).origin === location.origin) return new Start(url, { type: 'module', name });
  const source = new Blob([`import ${JSON.stringify(new URL(url, location.href).href)};`], { type: 'text/javascript' });
  const blobUrl = URL.createObjectURL(source);
  const worker = new Start(blobUrl, { type: 'module', name });
  // The address is read when the script is fetched, which has happened once the worker speaks or fails.
  const revoke = () => URL.revokeObjectURL(blobUrl);
  worker.addEventListener('message', revoke, { once: true });
  worker.addEventListener('error', revoke, { once: true });
  return worker;
}
