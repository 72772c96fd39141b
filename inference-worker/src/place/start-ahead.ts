import type { LoadedModel } from '@overread/core/model';
import { inputShapes, type InferenceRuntime, type InferenceSession } from '@overread/core/pipeline';

/** A runtime of one model whose next session stands ready. */
export interface ReadyRuntime extends InferenceRuntime {
  /** Lets the session go that nobody asked for. */
  discard(): Promise<void>;
}

/**
 * Makes the model's session now, while the page still reads the images; the first `createSession` takes it, later ones make
 * their own.
 *
 * @throws OverreadError what `createSession` throws
 */
export async function startAhead(runtime: InferenceRuntime, model: LoadedModel): Promise<ReadyRuntime> {
  const first = await runtime.createSession(model.graph, inputShapes(model.manifest.input));
  let ready: InferenceSession | null = first;
  const take = () => {
    const session = ready;
    ready = null;
    return session;
  };
  return {
    ...runtime,
    createSession: async (graph, shapes) => take() ?? runtime.createSession(graph, shapes),
    discard: async () => take()?.release(),
  };
}
