import { OverreadError } from '../errors/index.ts';
import type { DetachedArgMax, InputShapes, Placement, Skipped, Target } from '../graph/index.ts';
import { loadGraphTools } from './graph-tools.ts';
import type { InferenceSession, Tensor } from './runtime.ts';

export interface GpuGraph {
  readonly target: Extract<Target, 'webgpu' | 'node-gpu'>;
  readonly graph: Uint8Array;
  /** Shapes of the inputs, as far as they are the same at every run. */
  readonly inputShapes: InputShapes;
  /** Whether the GPU computes with half-precision floats (`shader-f16`); null: it does not say, and the self-test will tell. */
  readonly float16: boolean | null;
}

/** How a GPU's session is made. */
export interface GpuSessionSettings {
  /** Values of the graph's free extents by their names: with all of them the runtime plans its memory beforehand. */
  readonly freeDimensions: Readonly<Record<string, number>>;
  /** Outputs of floating-point numbers, which may stay on the GPU. */
  readonly floatOutputs: readonly string[];
}

type CreateSession = (graph: Uint8Array, settings: GpuSessionSettings) => Promise<InferenceSession>;

/**
 * A session on a GPU: what the GPU cannot run is rewritten before, and steps that were taken off the graph are done
 * here, so that inputs and outputs are the model's own. The code for it (core/graph) is loaded by the first call.
 *
 * @param create makes the session of the rewritten graph
 * @throws OverreadError `runtime.unavailable` that names a node which would fail when run, or half precision where the GPU
 * lacks it; `graph.*` where the file cannot be read; what `create` throws
 */
export async function createGpuSession(
  { target, graph, inputShapes, float16 }: GpuGraph,
  create: CreateSession,
): Promise<InferenceSession> {
  const { applyArgMax, floatOutputs, freeDimensions, placements, readModel, rewriteForTarget, usesType, writeModel } =
    await loadGraphTools();
  const original = readModel(graph);
  if (float16 === false && usesType(original, 'float16')) {
    throw new OverreadError('runtime.unavailable', { why: 'the model is of half precision, which this GPU lacks' });
  }
  const { model, applied, skipped, detached } = rewriteForTarget(original, target, { inputShapes });
  const failing = placements(model, target, inputShapes).find(({ where }) => where === 'fails');
  if (failing !== undefined) throw new OverreadError('runtime.unavailable', { why: reasonOf(failing, skipped) });

  const session = await create(applied.length === 0 ? graph : writeModel(model), {
    freeDimensions: freeDimensions(model, inputShapes),
    floatOutputs: floatOutputs(model),
  });
  const labelsFrom = (outputs: Outputs, step: DetachedArgMax): Tensor => {
    const values = outputs[step.replacedBy];
    if (!(values?.data instanceof Float32Array)) throw notFloat(step.replacedBy);
    const { dims, labels } = applyArgMax(values.data, values.dims, step);
    return { type: step.type, dims, data: asType(step.type, labels) };
  };
  return detached.length === 0 ? session : withLabels(session, detached, labelsFrom);
}

type Outputs = Readonly<Record<string, Tensor>>;

/** The session with each detached ArgMax done after the run, under the name that its output had. */
function withLabels(
  session: InferenceSession,
  detached: readonly DetachedArgMax[],
  labelsFrom: (outputs: Outputs, step: DetachedArgMax) => Tensor,
): InferenceSession {
  const standsFor = (name: string) => detached.filter(({ replacedBy }) => replacedBy === name);
  const outputNames = session.outputNames.flatMap((name) => {
    const steps = standsFor(name);
    return steps.length === 0 ? [name] : steps.map(({ output }) => output);
  });
  return {
    ...session,
    outputNames,
    async run(feeds, wanted = outputNames, ...onDevice) {
      const steps = detached.filter(({ output }) => wanted.includes(output));
      const plain = wanted.filter((name) => !detached.some(({ output }) => output === name));
      const given = [...new Set([...plain, ...steps.map(({ replacedBy }) => replacedBy)])];
      const outputs = await session.run(feeds, given, ...onDevice);
      const kept = Object.entries(outputs).filter(([name]) => plain.includes(name));
      const labels = steps.map((step) => [step.output, labelsFrom(outputs, step)] as const);
      return Object.fromEntries([...kept, ...labels]);
    },
  };
}

function reasonOf({ node, opType, because }: Placement, skipped: readonly Skipped[]): string {
  const kept = skipped.find((entry) => entry.node === node)?.because;
  const rewriting = kept === undefined ? '' : `, and it cannot be rewritten: ${kept}`;
  return `node '${node}' of the graph: ${because ?? `${opType} is not known`}${rewriting}`;
}

/** Labels as the model's own ArgMax and Casts would have given them. */
function asType(type: DetachedArgMax['type'], labels: Uint8Array | Int32Array): Tensor['data'] {
  switch (type) {
    case 'uint8':
      return labels instanceof Uint8Array ? labels : Uint8Array.from(labels);
    case 'int32':
      return labels instanceof Int32Array ? labels : Int32Array.from(labels);
    case 'int64':
      return BigInt64Array.from(labels, BigInt);
    case 'float32':
      return Float32Array.from(labels);
  }
}

function notFloat(name: string): OverreadError {
  return new OverreadError('pipeline.bad-output', { why: `the graph has no float32 value named '${name}'` });
}
