import type { GraphAnswer } from '../collect/collector.ts';
import { badOutput } from '../rows.ts';
import type { Tensor } from '../runtime.ts';
import type { PromptsOfModel } from './decoder-feeds.ts';

/** What the encoder said of one slice, and what the decoder last said of it. */
export interface Encoded {
  readonly embeddings: Readonly<Record<string, Tensor>>;
  /** Logits of the last mask, for a prompt that goes on from it. */
  previous: Tensor | null;
}

/**
 * What the encoder said, by the names that the decoder takes it under.
 * @throws OverreadError `pipeline.bad-output` for an output that it has not
 */
export function embeddingsOf(answer: GraphAnswer, { embeddings }: PromptsOfModel): Encoded['embeddings'] {
  const named = Object.entries(embeddings).map(([output, name]): [string, Tensor] => {
    const tensor = answer[output];
    if (tensor === undefined) throw badOutput(output, 'the encoder has no such output');
    return [name, tensor];
  });
  return Object.fromEntries(named);
}

/** Embeddings of slices, in memory only, within a budget of bytes: the slice that was asked for the longest ago leaves first. */
export class EmbeddingStore {
  readonly #mostBytes: number;
  /** In order of use, the latest last. */
  readonly #kept = new Map<number, Encoded>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(slice: number): Encoded | null {
    const encoded = this.#kept.get(slice);
    if (encoded === undefined) return null;
    this.#kept.delete(slice);
    this.#kept.set(slice, encoded);
    return encoded;
  }

  /** The slice just encoded stays in any case. */
  put(slice: number, encoded: Encoded): void {
    this.#kept.set(slice, encoded);
    this.#bytes += bytesOf(encoded);
    for (const [oldest, other] of this.#kept) {
      if (this.#bytes <= this.#mostBytes || oldest === slice) return;
      this.#kept.delete(oldest);
      this.#bytes -= bytesOf(other);
    }
  }

  clear(): void {
    this.#kept.clear();
    this.#bytes = 0;
  }
}

function bytesOf({ embeddings }: Encoded): number {
  return Object.values(embeddings).reduce((sum, { data }) => sum + data.byteLength, 0);
}
