import type { HeatMap } from '../../analysis/index.ts';
import { quantities, units } from '../../dicom/index.ts';
import { OverreadError } from '../../errors/index.ts';
import { intersectBoxes, type IndexBox, type Vec3 } from '../../geometry/index.ts';
import type { ExplainedClass, Manifest } from '../../model/index.ts';
import type { AnalyseOptions, AnalyseRequest } from '../analyse.ts';
import { labelledNames } from '../collect/index.ts';
import { ClassScoresCollector, type ClassScoresOutput } from '../collect/class-scores.ts';
import type { GraphAnswer } from '../collect/collector.ts';
import { mapAlongSource } from '../invert.ts';
import { computeMasks } from '../masks/index.ts';
import { otherVolumes } from '../origin.ts';
import { prepareInput } from '../prepare.ts';
import type { PreparedInput } from '../prepared.ts';
import { asker, windowsToRun } from '../run-graph.ts';
import type { InferenceRuntime } from '../runtime.ts';
import { Steps } from '../steps.ts';
import { refuseUnsupported } from '../unsupported.ts';
import { Feed } from '../windows/feed.ts';
import { neighboursOf } from '../windows/neighbours.ts';
import { planWindows } from '../windows/plan.ts';
import type { Window } from '../windows/window.ts';
import { occluded, occlusionPlan } from './occlusion.ts';
import { remembering } from './remembering.ts';

/** More than anybody waits for: at a tenth of a second each they take seven hours. */
const mostRuns = 2 ** 18;
/** What is read of the prepared input is held up to here, so that not every block has it worked out again, bytes. */
const heldBytes = 256 * 2 ** 20;

export interface ExplainRequest extends Omit<AnalyseRequest, 'place' | 'seriesNumber'> {
  readonly of: ExplainedClass;
}

/**
 * What a score rests on: how much the score of a class falls where a block of the image is covered (Zeiler and Fergus, 2014), mean of the
 * blocks over a cell. Needs no gradients; takes one run per block of the windows that the block touches.
 * @returns a map on cells of one step, along the axes of the series; negative where covering raises the score
 * @throws OverreadError `model.unsupported` for a model that is not explained so, or has no such class; `pipeline.too-many-runs`; else as
 *   `analyse`
 */
export async function explain(
  request: ExplainRequest,
  runtime: InferenceRuntime,
  options: AnalyseOptions = {},
): Promise<HeatMap> {
  const { volume, model, of } = request;
  const { manifest } = model;
  refuseUnsupported(manifest);
  const { output, saliency } = explainedOutput(manifest, of);
  const others = otherVolumes(manifest.input, request.others ?? {});
  const steps = new Steps(options.onProgress, options.signal);

  steps.begin('prepare');
  const masks = await computeMasks(volume, manifest.input.masks, steps, options.maskKeeper);
  const read = await prepareInput(
    { volumes: [volume, ...others], input: manifest.input, masks, keeper: options.preparedKeeper },
    steps,
  );
  const prepared = remembering(read, heldBytes);
  const plan = await planWindows(model, prepared, Infinity);
  const windows = await windowsToRun(manifest, { volume, masks, prepared, plan }, steps);
  const covering = occlusionPlan(prepared.grid, turned(saliency.size), turned(saliency.step));
  const runs = windows.reduce((sum, window) => sum + covering.touching(seenBy(window, manifest.input)), windows.length);
  // Blocks that no window sees are gone through all the same.
  const needed = Math.max(runs, covering.count);
  if (needed > mostRuns) throw tooManyRuns(needed, output.name);
  steps.begin('load');
  await steps.pause();
  // As a run asks for it, so that one that was kept serves here too.
  const session = await runtime.createSession(plan.graph, plan.shapes, labelledNames(manifest, plan.chosen));
  try {
    steps.begin('tile');
    const ask = asker(manifest, session, [output.name]);
    const answerOf = async (input: PreparedInput, window: Window): Promise<GraphAnswer> => {
      const answer = await ask(new Feed(input, manifest.input.layout).of(window.input));
      const scores = answer[output.name];
      // A copy: the tensors of an answer may be used again by the next.
      return scores === undefined ? {} : { [output.name]: { ...scores, data: scores.data.slice() } };
    };
    const scoreOf = (answers: readonly GraphAnswer[]): number => {
      const collector = new ClassScoresCollector(output, manifest.input.layout.kind === '3d' ? 3 : 2);
      for (const [n, answer] of answers.entries()) collector.add(answer, windows[n]!);
      return collector.result().series?.[of.classIndex] ?? 0;
    };

    const { cells, cellsOf } = covering;
    const plain: GraphAnswer[] = [];
    for (const window of windows) {
      plain.push(await answerOf(prepared, window));
      await steps.pause();
    }
    const score = scoreOf(plain);
    const map = new MeanMap(cells.dims);
    await steps.tell(0, covering.count);
    let done = 0;
    for (const block of covering.blocks()) {
      const covered = occluded(prepared, block, saliency.fill);
      const answers: GraphAnswer[] = [];
      for (const [n, window] of windows.entries()) {
        const sees = intersectBoxes(seenBy(window, manifest.input), block) !== null;
        answers.push(sees ? await answerOf(covered, window) : plain[n]!);
      }
      map.add(cellsOf(block), score - scoreOf(answers));
      await steps.tell(++done, covering.count);
    }
    const values = map.values();
    const { grid, values: placed } = mapAlongSource(values, cells, volume.grid, 0);
    const highest = values.reduce((most, value) => Math.max(most, value), 0);
    return {
      label: output.classes[of.classIndex]?.label ?? quantities.saliency.meaning,
      grid,
      values: placed,
      quantity: quantities.saliency,
      unit: units.one,
      // What is next to nothing beside the highest is not drawn: it would tint everything.
      displayRange: highest > 0 ? [highest / 10, highest] : [0.1, 1],
    };
  } finally {
    await session.release();
  }
}

function explainedOutput({ outputs }: Manifest, { output: name, classIndex }: ExplainedClass) {
  const output = outputs.find((one): one is ClassScoresOutput => one.kind === 'classScores' && one.name === name);
  if (output?.saliency == null) throw refusal(`no output '${name}' has scores with saliency`);
  if (output.classes[classIndex] === undefined) throw refusal(`output '${name}' has no class ${classIndex}`);
  return { output, saliency: output.saliency };
}

/** The voxels that a window is given; slices of 2.5-D layouts come with their neighbours. */
function seenBy({ input }: Window, { layout }: Manifest['input']): IndexBox {
  const more = neighboursOf(layout);
  return {
    min: [input.min[0], input.min[1], input.min[2] - more],
    max: [input.max[0], input.max[1], input.max[2] + more],
  };
}

/** [D, H, W] as [i, j, k]. */
function turned([d, h, w]: readonly [number, number, number]): Vec3 {
  return [w, h, d];
}

/** Per voxel the mean of what was added over it. */
class MeanMap {
  readonly #dims: Vec3;
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;

  constructor(dims: Vec3) {
    this.#dims = dims;
    this.#sums = new Float64Array(dims[0] * dims[1] * dims[2]);
    this.#counts = new Uint32Array(this.#sums.length);
  }

  add({ min, max }: IndexBox, value: number): void {
    const [ni, nj] = this.#dims;
    for (let k = min[2]; k <= max[2]; k++) {
      for (let j = min[1]; j <= max[1]; j++) {
        for (let i = min[0]; i <= max[0]; i++) {
          const v = (k * nj + j) * ni + i;
          this.#sums[v]! += value;
          this.#counts[v]!++;
        }
      }
    }
  }

  values(): Float32Array {
    return Float32Array.from(this.#sums, (sum, v) => sum / Math.max(1, this.#counts[v]!));
  }
}

function tooManyRuns(found: number, name: string): OverreadError {
  return new OverreadError('pipeline.too-many-runs', {
    why: `covering block after block takes ${found} runs, of ${mostRuns} at most: the saliency of output '${name}' needs a larger step`,
    details: { found, limit: mostRuns },
  });
}

function refusal(why: string): OverreadError {
  return new OverreadError('model.unsupported', { why });
}
