import type { RuntimeKind } from '../../analysis/index.ts';
import type { InputShapes } from '../inference/infer.ts';
import type { ModelProto } from '../onnx/types.ts';
import { convTranspose3d } from '../passes/conv-transpose-3d.ts';
import { convTransposeBySlice } from '../passes/conv-transpose-by-slice.ts';
import type { DetachedArgMax } from '../passes/detached-arg-max.ts';
import { finalArgMax } from '../passes/final-arg-max.ts';
import { groupedConv3d } from '../passes/grouped-conv-3d.ts';
import { instanceNorm } from '../passes/instance-norm.ts';
import { meanByAxis } from '../passes/mean-by-axis.ts';
import { watchedLabels, type WatchedValue } from '../passes/watched-labels.ts';
import { GraphEdit } from './edit.ts';
import type { Applied, Pass, Skipped } from './pass.ts';

/** What executes graphs on this machine; `node-gpu` is WebGPU in Node. */
export type Target = Exclude<RuntimeKind, 'remote'>;

/** In this order: ConvTranspose leaves grouped Convs to the pass after it. */
const webgpuPasses: readonly Pass[] = [convTranspose3d, groupedConv3d, finalArgMax];
const processorPasses: readonly Pass[] = [watchedLabels, convTransposeBySlice, meanByAxis, instanceNorm];

const passes: Readonly<Record<Target, readonly Pass[]>> = {
  webgpu: webgpuPasses,
  'node-gpu': webgpuPasses,
  wasm: processorPasses,
  'node-cpu': processorPasses,
};

export interface RewriteOptions {
  /** Shapes of the inputs as they will be fed, where the file leaves extents free. */
  readonly inputShapes?: InputShapes;
}

export interface Rewritten {
  /** The model given, itself, where nothing was to be rewritten. */
  readonly model: ModelProto;
  readonly applied: readonly Applied[];
  /** Nodes that the target cannot run and that no pass could help. */
  readonly skipped: readonly Skipped[];
  /** Steps that whoever runs the model has to do with its outputs (`applyArgMax`). */
  readonly detached: readonly DetachedArgMax[];
  /** Outputs that were added: NaN in one says that there was NaN where an output of the model was chosen from. */
  readonly watched: readonly WatchedValue[];
}

/**
 * A model that computes the same and that the target can run. Only the main graph is rewritten, and only what the target
 * cannot run as it is, runs with too few digits, or runs several times slower than it need; the model given does not change, and both share their weights.
 */
export function rewriteForTarget(
  model: ModelProto,
  target: Target,
  { inputShapes = {} }: RewriteOptions = {},
): Rewritten {
  if (model.graph === undefined) return { model, applied: [], skipped: [], detached: [], watched: [] };
  const edit = new GraphEdit(model, model.graph, inputShapes);
  const outcomes = passes[target].map((pass) => pass.run(edit));
  const applied = outcomes.flatMap((outcome) => outcome.applied);
  return {
    model: applied.length === 0 ? model : edit.finish(),
    applied,
    skipped: outcomes.flatMap((outcome) => outcome.skipped),
    detached: outcomes.flatMap((outcome) => outcome.detached),
    watched: outcomes.flatMap((outcome) => outcome.watched ?? []),
  };
}
