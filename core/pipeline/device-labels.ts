import type { Vec3 } from '../geometry/index.ts';
import type { BlendSettings } from './windows/blend-settings.ts';
import type { Window } from './windows/window.ts';

/** How the channels of a voxel become its label. */
export interface Choice {
  /** Labels, channel by channel; where the highest channel wins, channel 0 is background and `values[0]` is of channel 1. */
  readonly values: Uint8Array;
  /** A channel's label is set where it is at least this, later channels over earlier ones; null: the highest channel wins. */
  readonly atLeast: number | null;
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
   * After the last window: the labels of the prepared grid by output, 0 where no window was run.
   * @throws OverreadError `pipeline.bad-output` naming output and window that held NaN or infinity
   */
  results(): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Lets its memory go. */
  release(): void;
}
