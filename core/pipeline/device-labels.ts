import type { Vec3 } from '../geometry/index.ts';
import type { BlendSettings } from './windows/blend-settings.ts';
import type { Window } from './windows/window.ts';

/** How the channels of a voxel become what is kept of it. */
export interface Choice {
  /**
   * Channel by channel. Where the highest channel wins, labels: channel 0 is background and `values[0]` is of channel 1. Else bits, eight
   * channels to a plane: a voxel of plane p has those of channels 8p to 8p + 7 that hold there.
   */
  readonly values: Uint8Array;
  /** A channel holds where it is at least this; null: the highest channel wins. */
  readonly atLeast: number | null;
}

/** How many planes, of a byte per voxel each, a choice fills: one, but for more than eight channels of which several may hold. */
export function planeCount({ values, atLeast }: Choice): number {
  return atLeast === null ? 1 : Math.ceil(values.length / 8);
}

/** An output of logits or probabilities that becomes labels of the prepared grid. */
export interface LabelledOutput {
  readonly name: string;
  readonly choice: Choice;
  /** A 2-D layout: [N, C, H, W], slices first. */
  readonly layered: boolean;
  /** Of the prepared grid, [i, j, k]. */
  readonly dims: Vec3;
  /** Null: windows are not blended, their cores cover the grid once. */
  readonly blend: BlendSettings | null;
}

/**
 * Blends and chooses where the graph runs: only labels come back from there. Made by a session, and given to its `run`, which hands it the
 * outputs that it names.
 */
export interface DeviceLabels {
  /** Outputs that become labels and are not among a run's answers. */
  readonly names: ReadonlySet<string>;
  /** Says which window the next run is of. Windows come in the order of `windowsOf`. */
  begin(window: Window): void;
  /**
   * After the last window: the one plane of each output on the prepared grid, 0 where no window was run.
   * @throws OverreadError `pipeline.bad-output` naming output and window that held NaN or infinity
   */
  results(): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Lets its memory go. */
  release(): void;
}
