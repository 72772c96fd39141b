import type { MarkingRequest } from './state.ts';
import { markedThings } from './state.ts';
import { openSitting, type MarkingActions, type Sitting, type SittingParts } from './sitting.ts';

/** Marks things with a promptable model: one model on one series at a time. */
export interface Marker {
  /** Opens the model on a series; nothing happens while another one is open, or failed with things that are not kept yet. */
  readonly start: (request: MarkingRequest) => void;
  /** Of the model that is open; nothing happens where none is. */
  readonly actions: MarkingActions;
  /** The series is left: what has a mask becomes a result. */
  readonly leave: () => void;
}

export function createMarker(parts: Omit<SittingParts, 'onEnded'>): Marker {
  const { store, place } = parts;
  let sitting: Sitting | null = null;
  /** Nothing is left that could go on. */
  const hasFailed = () => {
    const state = store.getState().marking?.state;
    return state?.kind === 'failed' && markedThings(state).length === 0;
  };

  return {
    start(request) {
      if (sitting !== null && !hasFailed()) return;
      const opened = openSitting(request, {
        ...parts,
        onEnded() {
          // One that was opened meanwhile has taken the worker over.
          if (sitting === opened) sitting = null;
          if (sitting === null) place.release();
        },
      });
      sitting = opened;
    },
    actions: {
      setOutside: (outside) => sitting?.setOutside(outside),
      undo: () => sitting?.undo(),
      clear: () => sitting?.clear(),
      keep: () => sitting?.keep(),
      done: () => sitting?.done(),
      cancel: () => sitting?.cancel(),
      goOn: () => sitting?.goOn(),
      reopen: () => sitting?.reopen(),
      discard: () => sitting?.discard(),
      pause: (paused) => sitting?.pause(paused),
    },
    leave() {
      const left = sitting;
      // A new one may be opened while the result of this one is being made.
      sitting = null;
      left?.leave();
    },
  };
}
