import type { Manifest } from '../../model/index.ts';
import { volumeArrays, type Volume } from '../../volume/index.ts';
import type { PreparedInput } from '../prepared.ts';
import { sameVoxels } from '../same-voxels.ts';

interface Kept {
  readonly volumes: readonly Volume[];
  readonly recipe: string;
  readonly prepared: PreparedInput;
}

/** Kept at most, bytes: 256^3 voxels of one channel four times over, or a chest CT at 1 mm. */
const MOST_BYTES = 320 * 2 ** 20;

/** Holds the last prepared input, so that the same model on the same series need not prepare again. */
export class PreparedKeeper {
  readonly #mostBytes: number;
  #kept: Kept | null = null;

  /** @param mostBytes beyond which nothing is kept */
  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** The input as it was prepared from the same voxels in the same way; null where it was not. What is kept for others is let go of. */
  of(volumes: readonly Volume[], input: Manifest['input']): PreparedInput | null {
    const kept = this.#kept;
    this.#kept = null;
    if (kept === null || kept.recipe !== recipeOf(input) || kept.volumes.length !== volumes.length) return null;
    if (!kept.volumes.every((volume, n) => sameVoxels(volume, volumes[n]!))) return null;
    this.#kept = kept;
    return kept.prepared;
  }

  /** Keeps it for the next run, if it holds something and not too much. */
  keep(volumes: readonly Volume[], input: Manifest['input'], prepared: PreparedInput): void {
    const sources = volumes.flatMap(volumeArrays).reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (prepared.bytes === 0 || prepared.bytes + sources > this.#mostBytes) return;
    this.#kept = { volumes, recipe: recipeOf(input), prepared };
  }
}

/** All that the prepared values depend on besides the series. */
function recipeOf(input: Manifest['input']): string {
  return JSON.stringify({ ...input, name: null, type: null });
}
