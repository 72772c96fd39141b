import type { InferenceRuntime, InferenceSession } from './runtime.ts';

/** One session between two runs. */
interface Kept {
  readonly key: string;
  readonly session: InferenceSession;
}

/** What a kept session may hold, bytes: weights and the memory of its largest run, which ONNX Runtime does not give back. */
const MOST_BYTES = 2 ** 30;

/**
 * Keeps the session of the last run, so that a second run of the same model at the same place starts at once. Another
 * graph lets it go before its own session is made: never are two held where one run needs only one.
 */
export class SessionKeeper {
  readonly #mostBytes: number;
  #kept: Kept | null = null;

  /** @param mostBytes beyond which a session is released after its run */
  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** The runtime with its sessions taken from here; to release one is to give it back. One that failed is never given out again. */
  keeping(runtime: InferenceRuntime): InferenceRuntime {
    return {
      ...runtime,
      createSession: async (graph, inputShapes = {}, labelled = []) => {
        const key = [
          runtime.kind,
          runtime.device,
          runtime.threads,
          identityOf(graph),
          JSON.stringify([inputShapes, labelled]),
        ].join(' | ');
        const kept = this.#take(key);
        if (kept === null) await this.release();
        return this.#lent(key, kept ?? (await runtime.createSession(graph, inputShapes, labelled)));
      },
    };
  }

  /** Lets the kept session go. */
  async release(): Promise<void> {
    const kept = this.#kept;
    this.#kept = null;
    await kept?.session.release();
  }

  #take(key: string): InferenceSession | null {
    if (this.#kept?.key !== key) return null;
    const { session } = this.#kept;
    this.#kept = null;
    return session;
  }

  #lent(key: string, session: InferenceSession): InferenceSession {
    let failed = false;
    return {
      ...session,
      run: (...asked) =>
        session.run(...asked).catch((error: unknown) => {
          failed = true;
          throw error;
        }),
      release: async (isSound = true) => {
        if (failed || !isSound || (session.bytes?.() ?? 0) > this.#mostBytes) {
          await session.release();
          return;
        }
        await this.release();
        this.#kept = { key, session };
      },
    };
  }
}

const identities = new WeakMap<Uint8Array, number>();
let known = 0;

/** The array itself, not what it holds: who loads a model twice gets two sessions, but nothing is read through to find out. */
function identityOf(graph: Uint8Array): number {
  const identity = identities.get(graph) ?? ++known;
  identities.set(graph, identity);
  return identity;
}
