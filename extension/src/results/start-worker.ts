/**
 * Starts a module worker from the plug-in's own files. A worker's address must be of the page's origin: where the
 * plug-in is served from another one, a small script of the page's origin imports it (the other origin must allow this
 * by CORS, and the page's Content-Security-Policy by `worker-src blob:`).
 */
export function startModuleWorker(url: string, name: string): Worker {
  if (new URL(url, location.href).origin === location.origin) return new Worker(url, { type: 'module', name });
  const script = new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' });
  const address = URL.createObjectURL(script);
  try {
    return new Worker(address, { type: 'module', name });
  } finally {
    // The worker has its own hold on the script once it is constructed.
    URL.revokeObjectURL(address);
  }
}
