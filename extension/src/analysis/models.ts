import type { InferenceBackend } from './backend.ts';
import { fetchCatalogue } from './catalogue.ts';
import { problemOf } from './problem.ts';
import type { RoomStore } from './store.ts';

/** Fetches the models and asks the places whether they can compute; what is known stays in sight meanwhile. */
export function lookForModels(
  store: RoomStore,
  backends: readonly InferenceBackend[],
  fetchUrl: typeof fetch,
  signal: AbortSignal,
): void {
  store.setState(({ catalogue }) => (catalogue.kind === 'ready' ? {} : { catalogue: { kind: 'loading' } }));
  fetchCatalogue(store.getState().config.models, fetchUrl, signal).then(
    (value) => store.setState({ catalogue: { kind: 'ready', value } }),
    (error: unknown) => {
      if (!signal.aborted) store.setState({ catalogue: { kind: 'failed', problem: problemOf(error) } });
    },
  );
  for (const backend of backends) {
    void backend.availability(signal).then((answer) => {
      if (signal.aborted) return;
      store.setState(({ places, place }) => ({
        places: { ...places, [backend.location]: answer },
        // A place that the site prefers but that is not there is left for one that is.
        place: !answer.ok && backend.location === place && place === 'server' ? 'browser' : place,
      }));
    });
  }
}
