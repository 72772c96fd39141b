import type { Volume } from '../../volume/index.ts';
import type { Lattice } from '../lattice.ts';
import { sameVoxels } from '../same-voxels.ts';
import type { LungMap } from './place.ts';

/** A mask on the voxels of the source grid. Read by many, changed by none. */
export interface Mask {
  readonly bits: Uint8Array;
  /** Where the mask is a lung field. */
  readonly lungs: LungMap | null;
}

/** What was worked out of one volume. */
export interface MaskWork {
  readonly volume: Volume;
  /** The volume on the lattice; null until it is needed. */
  ground: { readonly lattice: Lattice; readonly cells: Float32Array } | null;
  /** Bodies on the lattice, by their threshold in HU. */
  readonly bodies: Map<number, Uint8Array>;
  /** Finished masks, by all that they depend on besides the volume. */
  readonly masks: Map<string, Mask>;
}

/** Kept at most, bytes: a chest CT of 500 slices at 512 x 512 is beyond it with its masks, one of 200 within. */
const MOST_BYTES = 320 * 2 ** 20;

/** Holds the masks of the last volume, so that a second model on it need not work them out again. */
export class MaskKeeper {
  readonly #mostBytes: number;
  #kept: MaskWork | null = null;

  /** @param mostBytes beyond which nothing is kept */
  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** What is known of this volume. Another volume lets go of what was kept. */
  of(volume: Volume): MaskWork {
    const kept = this.#kept;
    if (kept !== null && sameVoxels(kept.volume, volume)) return { ...kept, volume };
    this.#kept = null;
    return { volume, ground: null, bodies: new Map(), masks: new Map() };
  }

  /** Keeps it for the next run, if it is not too much. */
  keep(work: MaskWork): void {
    this.#kept = sizeOf(work) <= this.#mostBytes ? work : null;
  }
}

function sizeOf({ volume, ground, bodies, masks }: MaskWork): number {
  const arrays = [
    volume.samples,
    ...(ground === null ? [] : [ground.cells]),
    ...bodies.values(),
    ...[...masks.values()].flatMap(({ bits, lungs }) => [bits, ...(lungs?.parts ?? [])]),
  ];
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
