import type { RoomStore } from '../store.ts';
import { nothingHeld, type Held, type Marking, type MarkingRequest, type OpenMarking } from './state.ts';
import type { Thing } from './thing.ts';

/** How one sitting stands. The panel shows it until it is hidden: from then on another one may be shown, and this one goes on unseen. */
export interface Board {
  /** null when it is over. */
  readonly state: () => Marking['state'] | null;
  /** What is marked so far, whether the model is open or not. */
  readonly held: () => Held;
  /** null while the model is not open. */
  readonly now: () => OpenMarking | null;
  /** Nothing happens when it is over. */
  readonly tell: (state: Marking['state']) => void;
  /** Nothing happens while the model is not open. */
  readonly change: (part: Partial<OpenMarking>) => void;
  /** Changes a thing while it is the one at hand. */
  readonly changeThing: (id: number, next: (thing: Thing) => Thing) => void;
  /** Off the screen, though it is not over: the store knows that something is still being made. */
  readonly hide: () => void;
  readonly close: () => void;
}

export function createBoard(store: RoomStore, request: MarkingRequest): Board {
  let state: Marking['state'] | null = { kind: 'opening', ...nothingHeld(), progress: null };
  let isHidden = false;
  const now = () => (state?.kind === 'open' ? state : null);
  const tell = (next: Marking['state']) => {
    if (state === null) return;
    state = next;
    if (!isHidden) store.setState({ marking: { ...request, state } });
  };
  const change = (part: Partial<OpenMarking>) => {
    const open = now();
    if (open !== null) tell({ ...open, ...part });
  };
  return {
    state: () => state,
    held() {
      const { thing, kept, outside } = state ?? nothingHeld();
      return { thing, kept, outside };
    },
    now,
    tell,
    change,
    changeThing(id, next) {
      const thing = now()?.thing;
      if (thing?.id === id) change({ thing: next(thing) });
    },
    hide() {
      if (state === null || isHidden) return;
      isHidden = true;
      store.setState(({ marksInMaking }) => ({ marking: null, marksInMaking: marksInMaking + 1 }));
    },
    close() {
      if (state === null) return;
      state = null;
      store.setState(({ marksInMaking }) => (isHidden ? { marksInMaking: marksInMaking - 1 } : { marking: null }));
    },
  };
}
