import type { InferenceRuntime, Tensor } from '@overread/core/pipeline';

export type Feeds = Readonly<Record<string, Tensor>>;

/** A runtime that keeps a copy of everything its sessions are fed: the tiles, for bare runs beside the analysis. */
export function recordingRuntime(runtime: InferenceRuntime): {
  readonly runtime: InferenceRuntime;
  readonly fed: Feeds[];
} {
  const fed: Feeds[] = [];
  return {
    fed,
    runtime: {
      ...runtime,
      async createSession(graph, inputShapes) {
        const session = await runtime.createSession(graph, inputShapes);
        return {
          ...session,
          run(feeds) {
            const copies = Object.entries(feeds).map(([name, tensor]) => [
              name,
              { ...tensor, data: tensor.data.slice() },
            ]);
            fed.push(Object.fromEntries(copies) as Feeds);
            return session.run(feeds);
          },
        };
      },
    },
  };
}
