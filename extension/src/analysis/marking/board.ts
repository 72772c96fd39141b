import type { RoomStore } from '../store.ts';
import { nothingHeld, type Held, type Marking, type MarkingRequest, type OpenMarking } from './state.ts';
import type { Thing } from './thing.ts';

/** What the panel shows of one sitting. Once left, it neither tells nor takes anything: another sitting may be shown by then. */
export interface Board {
  /** What is marked so far, whether the model is open or not. */
  readonly held: () => Held;
  /** null while the model is not open. */
  readonly now: () => OpenMarking | null;
  readonly tell: (state: Marking['state']) => void;
  /** Nothing happens while the model is not open. */
  readonly change: (part: Partial<OpenMarking>) => void;
  /** Changes a thing while it is the one at hand. */
  readonly changeThing: (id: number, next: (thing: Thing) => Thing) => void;
  readonly leave: () => void;
  readonly isLeft: () => boolean;
}

export function createBoard(store: RoomStore, request: MarkingRequest): Board {
  let left = false;
  const now = () => {
    const state = left ? undefined : store.getState().marking?.state;
    return state?.kind === 'open' ? state : null;
  };
  const tell = (state: Marking['state']) => {
    if (!left) store.setState({ marking: { ...request, state } });
  };
  const change = (part: Partial<OpenMarking>) => {
    const state = now();
    if (state !== null) tell({ ...state, ...part });
  };
  return {
    held() {
      const { thing, kept } = (left ? undefined : store.getState().marking?.state) ?? nothingHeld();
      return { thing, kept };
    },
    now,
    tell,
    change,
    changeThing(id, next) {
      const thing = now()?.thing;
      if (thing?.id === id) change({ thing: next(thing) });
    },
    leave() {
      if (left) return;
      left = true;
      store.setState({ marking: null });
    },
    isLeft: () => left,
  };
}
