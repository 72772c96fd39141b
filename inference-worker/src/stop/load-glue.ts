import type { OrtModule } from './terminate-byte.ts';

/** Makes ONNX Runtime's module; the default export of its glue code. */
export type Factory = (config: object) => Promise<OrtModule>;

/**
 * Loads the glue code that Emscripten made for ONNX Runtime. Threads are started from the very file that was loaded, which therefore has to be
 * of the page's origin: from another one, a copy of it is.
 */
export async function loadGlue(url: string, threads: number): Promise<Factory> {
  if (threads === 1 || new URL(url).origin === location.origin) return importFactory(url);
  const copy = URL.createObjectURL(await (await fetch(url)).blob());
  const factory = await importFactory(copy);
  // Its threads have loaded it too once the module is made.
  return (config) => factory(config).finally(() => URL.revokeObjectURL(copy));
}

/** The function that a module exports as its default. @throws Error where it cannot be loaded or has none */
export async function importFactory(url: string): Promise<Factory> {
  const { default: factory } = (await import(/* webpackIgnore: true */ url)) as { readonly default?: unknown };
  if (typeof factory !== 'function') throw new Error(`${url} is another file than expected`);
  return factory as Factory;
}
