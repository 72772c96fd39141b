import { isOverreadError, type OverreadError } from '@overread/core/errors';
import { problemOf } from '../problem.ts';
import type { Board } from './board.ts';
import type { OpenPrompts } from './prompt-place.ts';
import { calm, type OpenMarking } from './state.ts';
import { anchorOf, newMark, promptOf, withMark, withMask, withoutMark, withSlice, type MarkPlace } from './thing.ts';

/** What takes longer is told, ms. */
const noticeable = 150;

/** Asks the model, one question after the other. */
export interface Answers {
  /** Sets a mark on the thing at hand; one that the model cannot answer goes again, with the reason. */
  readonly set: (place: MarkPlace) => void;
  /** Answers the marks that a slice of the thing has now. */
  readonly renew: (thingId: number, slice: number) => void;
  /** Further work in its turn; what the model refuses is told, and the rest stands. */
  readonly inTurn: (phase: OpenMarking['phase'], work: () => Promise<void>) => void;
}

/** @param onEnded nothing more is to be expected of the model */
export function createAnswers(prompts: OpenPrompts, board: Board, onEnded: (error: unknown) => void): Answers {
  let last = Promise.resolve();
  let waiting = 0;

  const inTurn = (phase: OpenMarking['phase'], work: () => Promise<void>) => {
    board.change({ phase });
    waiting++;
    last = last
      .then(() => (board.isLeft() ? undefined : work()))
      .catch((error: unknown) => {
        if (isOverreadError(error) && !isEnd(error)) board.change({ problem: problemOf(error), wasReopened: false });
        else onEnded(error);
      })
      .then(() => {
        waiting--;
        if (waiting === 0) board.change({ phase: 'ready' });
      });
  };

  /** A slice that is encoded already is answered at once, and nothing flickers. */
  const toldWhenSlow = async (encoding: Promise<number>) => {
    const timer = setTimeout(() => board.change({ phase: 'encoding' }), noticeable);
    try {
      return await encoding;
    } finally {
      clearTimeout(timer);
      board.change({ phase: 'asking' });
    }
  };

  const answer = async (thingId: number, slice: number) => {
    const thing = board.now()?.thing;
    if (thing?.id !== thingId) return;
    const prompt = promptOf(thing, slice);
    const mask = prompt === null ? null : await prompts.decode(prompt);
    board.changeThing(thingId, (now) => withMask(now, slice, mask));
    if (board.now()?.thing.id === thingId) board.change({ isEmpty: prompt !== null && mask === null });
  };

  return {
    set(place) {
      const state = board.now();
      if (state === null || state.phase === 'keeping') return;
      const { id } = state.thing;
      const mark = newMark(place);
      board.change({ ...calm, thing: withMark(state.thing, mark) });
      const isThere = () => board.now()?.thing.marks.some((one) => one.id === mark.id) === true;
      inTurn('asking', async () => {
        if (!isThere()) return;
        try {
          const slice = await toldWhenSlow(prompts.encode(anchorOf(mark)));
          board.changeThing(id, (thing) => withSlice(thing, mark.id, slice));
          if (isThere()) await answer(id, slice);
        } catch (error) {
          board.changeThing(id, (thing) => withoutMark(thing, mark.id));
          throw error;
        }
      });
    },
    renew: (thingId, slice) => inTurn('asking', () => answer(thingId, slice)),
    inTurn,
  };
}

/** Whether the worker is gone, or no longer what was asked. */
function isEnd({ code }: OverreadError): boolean {
  return code === 'worker.crashed' || code === 'run.cancelled' || code === 'protocol.malformed';
}
