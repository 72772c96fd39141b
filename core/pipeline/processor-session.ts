import { OverreadError } from '../errors/index.ts';
import type { InputShapes, ModelProto, Target, WatchedValue } from '../graph/index.ts';
import { loadGraphTools } from './graph-tools.ts';
import type { InferenceSession } from './runtime.ts';

interface ProcessorGraph {
  readonly target: Extract<Target, 'wasm' | 'node-cpu'>;
  readonly graph: Uint8Array;
  /** Shapes of the inputs, as far as they are the same at every run. */
  readonly inputShapes: InputShapes;
}

/**
 * A session on a processor, of the graph as it gives the best answer there: what ONNX Runtime computes with too few digits or slowly is rewritten,
 * and labels that the graph itself chooses from NaN are refused. The same bytes are loaded where there is nothing to be rewritten, and for a file
 * that core/graph does not read: the runtime says what is wrong with it.
 *
 * @param create makes the session of the rewritten graph
 * @throws OverreadError `runtime.unavailable` where the code for it cannot be loaded, and what `create` throws; `run` throws `pipeline.bad-output`
 */
export async function createProcessorSession(
  { target, graph, inputShapes }: ProcessorGraph,
  create: (graph: Uint8Array) => Promise<InferenceSession>,
): Promise<InferenceSession> {
  const { readModel, rewriteForTarget, writeModel } = await loadGraphTools();
  let original: ModelProto;
  try {
    original = readModel(graph);
  } catch {
    return create(graph);
  }
  const { model, applied, watched } = rewriteForTarget(original, target, { inputShapes });
  const session = await create(applied.length === 0 ? graph : writeModel(model));
  return watched.length === 0 ? session : withWatch(session, watched);
}

/** The session with the sums that were added looked at and taken away again. */
function withWatch(session: InferenceSession, watched: readonly WatchedValue[]): InferenceSession {
  const sums = new Set(watched.map(({ sum }) => sum));
  const outputNames = session.outputNames.filter((name) => !sums.has(name));
  return {
    ...session,
    outputNames,
    async run(feeds, wanted = outputNames, ...onDevice) {
      const concerned = watched.filter(({ output }) => wanted.includes(output));
      const given = [...new Set([...wanted, ...concerned.map(({ sum }) => sum)])];
      const answer = await session.run(feeds, given, ...onDevice);
      const odd = concerned.find(({ sum }) => Number.isNaN(Number(answer[sum]?.data[0])));
      if (odd !== undefined) throw chosenFromNaN(odd.output);
      return Object.fromEntries(Object.entries(answer).filter(([name]) => !sums.has(name)));
    },
  };
}

function chosenFromNaN(name: string): OverreadError {
  return new OverreadError('pipeline.bad-output', {
    why: `output '${name}': it is chosen from values that are no numbers (NaN)`,
    details: { name },
  });
}
