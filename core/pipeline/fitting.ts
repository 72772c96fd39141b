import { OverreadError } from '../errors/index.ts';
import type { InputShapes, MemoryNeed } from '../graph/index.ts';
import type { InferenceRuntime, InferenceSession, PlaceLimits, Tensor } from './runtime.ts';

/**
 * The runtime with what a graph needs held against what the place has: before the session is made where the shapes are
 * known by then, else before the first run of each shape. What is known to be too much is never tried: a browser may end
 * the whole page for it.
 */
export function fittingRuntime(runtime: InferenceRuntime): InferenceRuntime {
  const { limits } = runtime;
  if (limits === undefined || (limits.value === null && limits.total === null)) return runtime;
  return {
    ...runtime,
    async createSession(graph, inputShapes = {}, ...labelled) {
      const needOf = await memoryNeeds(graph);
      requireRoom(needOf(inputShapes), limits);
      const session = await runtime.createSession(graph, inputShapes, ...labelled);
      return fittingSession(session, (feeds) => {
        const shapes = Object.entries(feeds).map(([name, { dims }]) => [name, dims] as const);
        const need = needOf(Object.fromEntries(shapes));
        requireRoom(need, limits);
        return need === null ? 0 : need.weights + need.values;
      });
    },
  };
}

/** @param needOf bytes that a run on these takes; throws where that is too much */
function fittingSession(session: InferenceSession, needOf: (feeds: Feeds) => number): InferenceSession {
  const checked = new Set<string>();
  let bytes = 0;
  return {
    ...session,
    async run(feeds, ...asked) {
      const shapes = Object.values(feeds)
        .map(({ dims }) => dims.join('x'))
        .join();
      if (!checked.has(shapes)) bytes = Math.max(bytes, needOf(feeds));
      checked.add(shapes);
      return session.run(feeds, ...asked);
    },
    bytes: () => bytes,
  };
}

type Feeds = Readonly<Record<string, Tensor>>;

/** What the graph needs by the shapes it is fed; null for a file that core/graph does not read: the runtime says what is wrong. */
async function memoryNeeds(graph: Uint8Array): Promise<(shapes: InputShapes) => MemoryNeed | null> {
  // Only a place with limits loads the code for it.
  const { memoryNeed, readModel } = await import('../graph/index.ts');
  try {
    const model = readModel(graph);
    return (shapes) => memoryNeed(model, shapes);
  } catch {
    return () => null;
  }
}

/** @throws OverreadError `runtime.out-of-memory` with both numbers */
function requireRoom(need: MemoryNeed | null, limits: PlaceLimits): void {
  if (need === null) return;
  const all = need.weights + need.values;
  if (limits.total !== null && all > limits.total) {
    throw new OverreadError('runtime.out-of-memory', {
      why: `a run needs at least ${gigabytes(all)}${notCounted(need)}, and ${gigabytes(limits.total)} can be had here`,
      details: { needed: all, limit: limits.total, unknown: need.unknown },
    });
  }
  if (limits.value !== null && need.largest > limits.value) {
    throw new OverreadError('runtime.out-of-memory', {
      why: `one value of the graph needs ${gigabytes(need.largest)}, and a buffer size of ${gigabytes(limits.value)} is the most here`,
      details: { needed: need.largest, limit: limits.value },
    });
  }
}

function notCounted({ unknown }: MemoryNeed): string {
  return unknown === 0 ? '' : ` (without ${unknown} of its values, whose sizes the graph does not tell)`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}
