import type { Analysis, ComputePlace } from '../analysis/index.ts';
import { newUID } from '../dicom/index.ts';
import type { LoadedModel } from '../model/index.ts';
import type { Volume } from '../volume/index.ts';
import { isOverreadError, OverreadError, reasonOf } from '../errors/index.ts';
import { labelledNames } from './collect/index.ts';
import { finish } from './finish/index.ts';
import { computeMasks, type MaskKeeper } from './masks/index.ts';
import { identityOf, otherSeriesOf, otherVolumes, sourceOf } from './origin.ts';
import { prepareInput, type PreparedKeeper } from './prepare.ts';
import type { ProgressListener } from './progress.ts';
import { runGraph } from './run-graph.ts';
import type { InferenceRuntime } from './runtime.ts';
import { Steps } from './steps.ts';
import { refuseUnsupported } from './unsupported.ts';
import { workOf, type TimeKeeper } from './time-keeper.ts';
import { planWindows, type WindowPlan } from './windows/plan.ts';
import type { Window } from './windows/window.ts';

export interface AnalyseRequest {
  readonly volume: Volume;
  /** The series of the model's other channels, by the channel's name; absent where it reads one series only. */
  readonly others?: Readonly<Record<string, Volume>>;
  readonly model: LoadedModel;
  /** Where this is computed; becomes part of the result as it is. */
  readonly place: ComputePlace;
  /** SeriesNumber (0020,0011) of the source, for the result; absent where it is not known. */
  readonly seriesNumber?: number | null;
}

export interface AnalyseOptions {
  readonly onProgress?: ProgressListener;
  readonly signal?: AbortSignal;
  /** Keeps masks from one run to the next on the same volume; absent: nothing is kept. */
  readonly maskKeeper?: MaskKeeper;
  /** Keeps the prepared input from one run to the next of the same model on the same series; absent: nothing is kept. */
  readonly preparedKeeper?: PreparedKeeper;
  /** Remembers how long runs took, for the estimates of the next ones; absent: a run goes by itself alone. */
  readonly timeKeeper?: TimeKeeper;
  /** Bytes that one call of the graph may take, 1.1e9 unless said otherwise: a whole volume that needs more is run in windows where those give the same answer. */
  readonly memory?: number;
}

/** So that a run stays within 1.5 GB with all that is beside the graph. */
const GRAPH_BYTES = 1.1e9;

/**
 * One run of one model on one series: prepare, run window by window, collect, finish. Whether the model applies to the series, and
 * whether its self-test passed here, the caller has checked before.
 *
 * Memory beyond volume and result: the masks (one byte per voxel each), what is prepared beforehand, one window with its outputs and,
 * where windows are blended, a slab of sums as thick as a window.
 * @throws OverreadError `run.cancelled` (checked between windows and steps), `pipeline.*`, `geometry.*`, `model.unsupported`, and what the runtime throws
 */
export async function analyse(
  request: AnalyseRequest,
  runtime: InferenceRuntime,
  options: AnalyseOptions = {},
): Promise<Analysis> {
  const { volume, model, place } = request;
  const { manifest } = model;
  const others = otherVolumes(manifest.input, request.others ?? {});
  const startedAt = new Date().toISOString();
  const steps = new Steps(options.onProgress, options.signal);

  const expect = (windows?: readonly Window[]) =>
    steps.expect(options.timeKeeper?.expected(model, runtime, workOf(volume, windows)) ?? new Map());

  refuseUnsupported(manifest);

  expect();
  steps.begin('prepare');
  const masks = await computeMasks(volume, manifest.input.masks, steps, options.maskKeeper);
  const prepared = await prepareInput(
    { volumes: [volume, ...others], input: manifest.input, masks, keeper: options.preparedKeeper },
    steps,
  );
  const plan = await planWindows(model, prepared, mostMemory(options, runtime));
  steps.record('prepare', steps.elapsed());

  expect(plan.windows);
  steps.begin('load');
  await steps.pause();
  const session = await runtime
    .createSession(plan.graph, plan.shapes, labelledNames(manifest, plan.chosen))
    .catch(namingWhy(plan));
  let isSound = false;
  try {
    steps.record('load', steps.elapsed());
    steps.begin('tile');
    const { outputs, warnings } = await runGraph(manifest, session, { volume, masks, prepared, plan }, steps).catch(
      namingWhy(plan),
    );

    steps.begin('assemble');
    const result = await finish(manifest, { volume, masks, prepared: prepared.grid, outputs }, steps);
    steps.record('finish', steps.elapsed());

    isSound = true;
    options.timeKeeper?.note(model, runtime, workOf(volume, plan.windows), steps.end());
    return {
      uid: newUID(),
      model: identityOf(model),
      source: sourceOf(volume, request.seriesNumber ?? null),
      ...(others.length === 0 ? {} : { otherSeries: otherSeriesOf(manifest.input, others) }),
      place,
      outcome: 'completed',
      startedAt,
      finishedAt: new Date().toISOString(),
      timings: steps.timings,
      warnings: [...volume.warnings, ...warnings, ...result.warnings],
      findings: result.findings,
      labelMaps: result.labelMaps,
      heatMaps: result.heatMaps,
    };
  } finally {
    await session.release(isSound);
  }
}

function mostMemory({ memory = GRAPH_BYTES }: AnalyseOptions, { limits }: InferenceRuntime): number {
  return Math.min(memory, limits?.total ?? memory);
}

/** Where memory was short for a volume that could not be run in windows, says why it could not. */
function namingWhy({ indivisible }: WindowPlan): (error: unknown) => never {
  return (error) => {
    if (indivisible === null || !isOverreadError(error) || error.code !== 'runtime.out-of-memory') throw error;
    const why = `${reasonOf(error)}; the whole volume has to be run at once, because of ${indivisible}`;
    throw new OverreadError('runtime.out-of-memory', { why, cause: error });
  };
}
