/** How many WebAssembly threads to use, and why not more; `reason` is null where nothing was given up. */
export interface ThreadChoice {
  readonly threads: number;
  readonly reason: string | null;
}

export interface ThreadFacts {
  /** SharedArrayBuffer, which threads need, exists only in a cross-origin isolated page. */
  readonly crossOriginIsolated: boolean;
  /** Logical cores as the browser tells them. */
  readonly cores: number;
  readonly maxThreads: number | null;
}

/** All cores but one, so that the viewer stays usable; one where threads are not to be had. */
export function chooseThreads({ crossOriginIsolated, cores, maxThreads }: ThreadFacts): ThreadChoice {
  if (!crossOriginIsolated) {
    return {
      threads: 1,
      reason: 'WebAssembly threads need a cross-origin isolated page (COOP and COEP headers), so one thread is used',
    };
  }
  const wanted = Math.max(1, cores - 1);
  return { threads: maxThreads === null ? wanted : Math.min(wanted, maxThreads), reason: null };
}
