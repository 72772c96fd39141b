import type { ModelStore } from './model-store.ts';

/** Bytes of one kept part: little is lost when a download ends, and few writes are made. */
const partBytes = 4 * 2 ** 20;

/** The beginning of a download, kept in parts on this machine as it comes in, so that the next attempt goes on from there. */
export class KeptParts {
  readonly #store: ModelStore;
  readonly #sha256: string;
  #count = 0;
  #loose: Uint8Array[] = [];
  #looseBytes = 0;
  /** Writes follow one another; none ever fails (see `ModelStore`). */
  #written: Promise<unknown> = Promise.resolve();

  /** @param sha256 of the whole file */
  constructor(store: ModelStore, sha256: string) {
    this.#store = store;
    this.#sha256 = sha256;
  }

  /** Whether a beginning was found by `read`. */
  resumed = false;

  /** What was kept before, in order. */
  async read(): Promise<readonly Uint8Array[]> {
    const parts: Uint8Array[] = [];
    for (;;) {
      const part = await this.#store.get(this.#key(parts.length));
      if (part === null) break;
      parts.push(part);
    }
    this.#count = parts.length;
    this.resumed = parts.length > 0;
    return parts;
  }

  /** Takes in the next bytes; kept once there are enough of them. */
  add(chunk: Uint8Array): void {
    this.#loose.push(chunk);
    this.#looseBytes += chunk.byteLength;
    if (this.#looseBytes < partBytes) return;
    const [part, key] = [joined(this.#loose), this.#key(this.#count++)];
    this.#loose = [];
    this.#looseBytes = 0;
    this.#written = this.#written.then(() => this.#store.put(key, part));
  }

  /** Lets all parts go: the file is whole, or they are no beginning of it. */
  async forget(): Promise<void> {
    await this.#written;
    for (let at = 0; at < this.#count; at++) await this.#store.remove(this.#key(at));
    this.#count = 0;
    this.#loose = [];
    this.#looseBytes = 0;
  }

  #key(at: number): string {
    return `${this.#sha256}.${at}`;
  }
}

/** The chunks as one array. */
export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
