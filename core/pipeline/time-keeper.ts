import { boxSize, voxelCount } from '../geometry/index.ts';
import type { LoadedModel } from '../model/index.ts';
import type { Volume } from '../volume/index.ts';
import type { Stage } from './progress.ts';
import type { InferenceRuntime } from './runtime.ts';
import type { Window } from './windows/window.ts';

/** Milliseconds of the stages of a run. */
export type StageTimes = ReadonlyMap<Stage, number>;

interface Run {
  readonly times: StageTimes;
  readonly work: Work;
}

/** What a run's time goes by. */
interface Work {
  /** Voxels of the series. */
  readonly voxels: number;
  /** Voxels of all windows together; null: not known yet. */
  readonly inWindows: number | null;
}

/** Models at places that are remembered; the least recent goes. */
const mostRuns = 32;

/**
 * Remembers how long each model took at each place: what an estimate goes by before a run has shown its own pace, and all that it can go by where
 * the whole volume is one window.
 */
export class TimeKeeper {
  readonly #runs: Map<string, Run>;

  /** @param entries what another one remembered */
  constructor(entries: readonly (readonly [key: string, run: Run])[] = []) {
    this.#runs = new Map(entries);
  }

  /** All that is remembered, as structured clones are made of it. */
  entries(): readonly (readonly [key: string, run: Run])[] {
    return [...this.#runs];
  }

  /** What the stages of a run will take, by the last one of the model at this place; null where there was none. */
  expected(model: LoadedModel, runtime: InferenceRuntime, work: Work): StageTimes | null {
    const run = this.#runs.get(keyOf(model, runtime));
    if (run === undefined) return null;
    const bySeries = work.voxels / run.work.voxels;
    const byWindows =
      work.inWindows === null || run.work.inWindows === null ? bySeries : work.inWindows / run.work.inWindows;
    const scaled = [...run.times].map(([stage, milliseconds]) => {
      const factor = stage === 'load' ? 1 : stage === 'tile' ? byWindows : bySeries;
      return [stage, milliseconds * factor] as const;
    });
    return new Map(scaled);
  }

  /** Notes a run that came to its end. */
  note(model: LoadedModel, runtime: InferenceRuntime, work: Work, times: StageTimes): void {
    const key = keyOf(model, runtime);
    this.#runs.delete(key);
    this.#runs.set(key, { work, times });
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > mostRuns && oldest !== undefined) this.#runs.delete(oldest);
  }
}

/** @param windows absent where they are not settled yet */
export function workOf(volume: Volume, windows?: readonly Window[]): Work {
  const inWindows = windows?.reduce(
    (sum, { input }) => sum + boxSize(input).reduce((all, extent) => all * extent, 1),
    0,
  );
  return { voxels: voxelCount(volume.grid), inWindows: inWindows ?? null };
}

function keyOf({ digest }: LoadedModel, { kind, device, threads }: InferenceRuntime): string {
  return [digest, kind, device, threads].join(' | ');
}
