/** What this code uses of a dedicated worker's global scope; the types of page and worker cannot be loaded together. */
interface WorkerScope {
  readonly name: string;
  readonly crossOriginIsolated: boolean;
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}

export const scope = globalThis as unknown as WorkerScope;
