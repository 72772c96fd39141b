import type { MarkingRequest } from './state.ts';
import { markedThings } from './state.ts';
import type { PromptPlace } from './prompt-place.ts';
import { openSitting, type MarkingActions, type Sitting, type SittingParts } from './sitting.ts';

/** Marks things with a promptable model: one model on one series at a time. What was left goes on by itself, and reaches no other. */
export interface Marker {
  /** Opens the model on a series; nothing happens while another one is open, or failed with things that are not kept yet. */
  readonly start: (request: MarkingRequest) => void;
  /** Of the model that is open; nothing happens where none is. */
  readonly actions: MarkingActions;
  /** The series is left: what has a mask becomes a result. */
  readonly leave: () => void;
}

interface MarkerParts extends Omit<SittingParts, 'place' | 'onEnded'> {
  /** A place for the prompts of one series, and no other. */
  readonly openPlace: () => PromptPlace;
}

export function createMarker({ openPlace, ...parts }: MarkerParts): Marker {
  const { store } = parts;
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
        place: openPlace(),
        onEnded() {
          if (sitting === opened) sitting = null;
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
      // It needs nobody any more, and a new one may be opened while its result is being made.
      sitting = null;
      left?.leave();
    },
  };
}
