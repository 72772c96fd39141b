import { assemblyTime } from './assembly-time.ts';
import { isOverreadError, OverreadError, reasonOf, type Notice } from '../errors/index.ts';
import { cropGrid } from '../geometry/index.ts';
import type { Manifest } from '../model/index.ts';
import type { Volume } from '../volume/index.ts';
import { collectorsOf, labelledOutputs, type GraphOutputs } from './collect/index.ts';
import type { GraphAnswer } from './collect/collector.ts';
import { outputsRead } from './collect/outputs-read.ts';
import type { DeviceLabels } from './device-labels.ts';
import { touchesMask } from './intensity.ts';
import type { Masks } from './masks/index.ts';
import type { PreparedInput } from './prepared.ts';
import { runFor } from './run-for.ts';
import type { InferenceSession } from './runtime.ts';
import type { Steps } from './steps.ts';
import { answersTo } from './windows/answers.ts';
import { Feed, type FloatTensor } from './windows/feed.ts';
import { combinationsOf, mirrored, MirroredMean } from './windows/mirror.ts';
import { neighboursOf } from './windows/neighbours.ts';
import { occupiedWindows } from './windows/occupied.ts';
import type { Window } from './windows/window.ts';
import type { WindowPlan } from './windows/plan.ts';

export interface GraphInputs {
  readonly volume: Volume;
  readonly masks: Masks;
  readonly prepared: PreparedInput;
  readonly plan: WindowPlan;
}

export interface GraphRun {
  readonly outputs: GraphOutputs;
  readonly warnings: readonly Notice[];
}

/**
 * Runs the graph over the prepared input, window by window, and collects what it says.
 * @throws OverreadError `run.cancelled` between windows; `pipeline.bad-output`; `model.unsupported`
 */
export async function runGraph(
  manifest: Manifest,
  session: InferenceSession,
  inputs: GraphInputs,
  steps: Steps,
): Promise<GraphRun> {
  const labelled = labelledOutputs(manifest, inputs.prepared.grid, inputs.plan.chosen);
  const onDevice = labelled.length === 0 ? null : await (session.labelsOnDevice?.(labelled) ?? null);
  try {
    return await runWindows(manifest, session, inputs, onDevice, steps);
  } finally {
    onDevice?.release();
  }
}

async function runWindows(
  manifest: Manifest,
  session: InferenceSession,
  inputs: GraphInputs,
  onDevice: DeviceLabels | null,
  steps: Steps,
): Promise<GraphRun> {
  const { prepared, plan } = inputs;
  const { input } = manifest;
  const collectors = collectorsOf(manifest, prepared.grid, plan.chosen, onDevice?.names);
  const ahead = session.offThread === true;
  // One is read by the run that goes on while the other is filled.
  const feeds = [new Feed(prepared, input.layout), new Feed(prepared, input.layout)] as const;
  const ask = asker(manifest, session, outputsRead(manifest), onDevice);
  const spent = { tile: 0, run: 0, stitch: 0 };
  let values = 0;
  const timed = <T>(part: keyof typeof spent, work: () => T): T => {
    const start = performance.now();
    const result = work();
    spent[part] += performance.now() - start;
    return result;
  };

  const every = plan.windows;
  const windows = await windowsToRun(manifest, inputs, steps);
  if (windows.length < every.length) steps.record('skip', steps.elapsed());
  await steps.tell(0, windows.length);
  let [cut, done] = [0, 0];
  const answers = answersTo({
    windows,
    cut: ({ input: box }) => timed('tile', () => feeds[ahead ? cut++ % 2 : 0]!.of(box)),
    ask: async (tensor, window) => {
      const start = performance.now();
      onDevice?.begin(window);
      const answer = await ask(tensor).catch(namingWindow(window));
      spent.run += performance.now() - start;
      return answer;
    },
    ahead,
  });
  for await (const { window, answer } of answers) {
    timed('stitch', () => {
      for (const collector of collectors.all) collector.add(answer, window);
    });
    values += Object.values(answer).reduce((sum, { data }) => sum + data.length, 0);
    steps.expectAssembly(assemblyTime(manifest, inputs.volume, { values, milliseconds: spent.stitch }));
    await steps.tell(++done, windows.length);
  }
  const outputs = timed('stitch', () => collectors.results());
  const labels = await readBack(onDevice, steps);
  for (const part of ['tile', 'run', 'stitch'] as const) steps.record(part, spent[part]);
  return {
    outputs: { ...outputs, labels: new Map([...outputs.labels, ...labels]) },
    warnings: skippedNotice(every.length - windows.length, every.length),
  };
}

/** A session that refuses its own output knows nothing of windows. */
function namingWindow({ input: { min, max } }: Window): (error: unknown) => never {
  return (error) => {
    if (!isOverreadError(error) || error.code !== 'pipeline.bad-output') throw error;
    const [i, j, k] = min;
    throw new OverreadError('pipeline.bad-output', {
      why: `${reasonOf(error)}, in the window that begins at column ${i}, row ${j}, slice ${k}`,
      details: { ...error.details, window: [...min, ...max] },
      cause: error,
    });
  };
}

/** Labels that were chosen where the graph ran. */
async function readBack(onDevice: DeviceLabels | null, steps: Steps): Promise<GraphOutputs['labels']> {
  if (onDevice === null) return new Map();
  const start = steps.elapsed();
  const labels = await onDevice.results();
  steps.record('read-back', steps.elapsed() - start);
  return new Map([...labels].map(([name, plane]) => [name, [plane]]));
}

/**
 * Runs the graph on a tensor: once, or on each of its mirror images too.
 * @param wanted names of the outputs that are read (see `runFor`)
 * @param onDevice takes outputs that are asked for once
 */
export function asker(
  { input }: Manifest,
  session: InferenceSession,
  wanted: readonly string[],
  onDevice: DeviceLabels | null = null,
): (tensor: FloatTensor) => Promise<GraphAnswer> {
  const mirrors = combinationsOf(input.patch.mode === 'slidingWindow' ? input.patch.mirror : []);
  const run = (tensor: FloatTensor, taking?: DeviceLabels) => runFor(wanted, session, { [input.name]: tensor }, taking);
  return async (tensor) => {
    const plain = await run(tensor, onDevice ?? undefined);
    if (mirrors.length === 1) return plain;
    const mean = new MirroredMean(mirrors.length);
    mean.add(plain, []);
    for (const axes of mirrors.slice(1)) mean.add(await run(mirrored(tensor, axes)), axes);
    return mean.mean(plain);
  };
}

/** Those windows that the manifest's rules do not show to be empty. */
export async function windowsToRun(
  { input: { patch, layout } }: Manifest,
  { volume, masks, prepared, plan: { windows } }: GraphInputs,
  steps: Steps,
): Promise<readonly Window[]> {
  if (patch.mode !== 'slidingWindow') return windows;
  const { onlyWhere, skipBelow } = patch;
  const touching =
    onlyWhere === undefined
      ? windows
      : windows.filter(({ core }) => touchesMask(masks, onlyWhere, volume.grid, cropGrid(prepared.grid, core)));
  return skipBelow === undefined
    ? touching
    : await occupiedWindows(touching, prepared, skipBelow, steps, neighboursOf(layout));
}

function skippedNotice(skipped: number, all: number): readonly Notice[] {
  if (skipped === 0) return [];
  const message = `${skipped} of ${all} windows were not run: by the model's own rule they hold nothing to look at.`;
  return [{ code: 'pipeline.windows-skipped', message }];
}
