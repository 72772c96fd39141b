import type { Analysis } from '@overread/core/analysis';
import type { OverreadError } from '@overread/core/errors';
import type { PromptMask } from '@overread/core/pipeline';
import type { Board } from './board.ts';
import type { OpenPrompts } from './prompt-place.ts';
import { isRefusal } from './refusal.ts';
import { calm, type OpenMarking, type Reopened } from './state.ts';
import {
  anchorOf,
  newMark,
  promptOf,
  slicesOf,
  withMark,
  withMask,
  withoutMark,
  withSlice,
  type Mark,
  type MarkPlace,
} from './thing.ts';

/** What takes longer is told, ms. */
const noticeable = 150;

/** What a model was asked: to answer a mark, the newest of its slice, by its id; or to make the result. */
type Question = number | 'result';

/** Asks the model, one question after the other. */
export interface Answers {
  /** Asks this model from now on, and answers anew whatever marks the thing at hand has. */
  readonly use: (prompts: OpenPrompts) => void;
  /** Sets a mark on the thing at hand; one that the model refuses goes again. */
  readonly set: (place: MarkPlace) => void;
  /** Answers the marks that a slice of the thing has now. */
  readonly renew: (thingId: number, slice: number) => void;
  /** Makes a result of the masks of each thing. */
  readonly keep: (
    things: readonly (readonly PromptMask[])[],
    seriesNumber: number | null,
    onKept: (analysis: Analysis) => void,
  ) => void;
}

interface AnswerEvents {
  /** Every question is answered. */
  readonly onReady: () => void;
  /** The model refused what it was asked, and goes on. */
  readonly onRefused: (error: OverreadError, question: Question | null) => void;
  /** The model answers no more. `reopened`: what it ended over, to go on with in another one; null where the fault is not the model's. */
  readonly onEnded: (error: unknown, reopened: Reopened | null) => void;
}

export function createAnswers(board: Board, { onReady, onRefused, onEnded }: AnswerEvents): Answers {
  let model: OpenPrompts | null = null;
  let last = Promise.resolve();
  let waiting = 0;
  let asked: Question | null = null;
  /** Marks over which a model ended, and that were not answered since. */
  const endedOver = new Set<number>();

  const settle = () => {
    if (waiting > 0 || board.now() === null) return;
    board.change({ phase: 'ready' });
    onReady();
  };

  const inTurn = (phase: OpenMarking['phase'], work: (prompts: OpenPrompts) => Promise<void>) => {
    const prompts = model;
    if (prompts === null) return;
    board.change({ phase });
    waiting++;
    last = last
      .then(() => {
        asked = null;
        return prompts === model ? work(prompts) : undefined;
      })
      .catch((error: unknown) => {
        // What was cancelled ends with its worker.
        if (board.state() === null) return;
        if (isRefusal(error)) onRefused(error, asked);
        else end(error);
      })
      .then(() => {
        waiting--;
        settle();
      });
  };

  const end = (error: unknown) => {
    model = null;
    if (asked === null || asked === 'result') onEnded(error, asked);
    else if (!endedOver.has(asked)) {
      endedOver.add(asked);
      onEnded(error, 'marks');
    } else {
      // Once may be chance; what ended two models in a row would end the next.
      const mark = asked;
      board.changeThing(board.held().thing.id, (thing) => withoutMark(thing, mark));
      onEnded(error, 'without-mark');
    }
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

  const answer = async (prompts: OpenPrompts, thingId: number, slice: number) => {
    const thing = board.now()?.thing;
    if (thing?.id !== thingId) return;
    const newest = thing.marks.findLast((mark) => mark.slice === slice);
    const prompt = promptOf(thing, slice);
    let mask: PromptMask | null = null;
    if (newest !== undefined && prompt !== null) {
      asked = newest.id;
      mask = await prompts.decode(prompt);
      endedOver.delete(newest.id);
    }
    board.changeThing(thingId, (now) => withMask(now, slice, mask));
    if (board.now()?.thing.id === thingId) board.change({ isEmpty: prompt !== null && mask === null });
  };

  const answerMark = (thingId: number, mark: Mark) => {
    const isThere = () => board.now()?.thing.marks.some((one) => one.id === mark.id) === true;
    inTurn('asking', async (prompts) => {
      if (!isThere()) return;
      try {
        asked = mark.id;
        const slice = await toldWhenSlow(prompts.encode(anchorOf(mark)));
        board.changeThing(thingId, (thing) => withSlice(thing, mark.id, slice));
        if (isThere()) await answer(prompts, thingId, slice);
      } catch (error) {
        // The next model may well answer what this one ended over.
        if (isRefusal(error)) board.changeThing(thingId, (thing) => withoutMark(thing, mark.id));
        throw error;
      }
    });
  };

  const renew = (thingId: number, slice: number) =>
    inTurn('asking', async (prompts) => {
      try {
        await answer(prompts, thingId, slice);
      } catch (error) {
        // What was there before answered other marks.
        if (isRefusal(error)) board.changeThing(thingId, (thing) => withMask(thing, slice, null));
        throw error;
      }
    });

  return {
    use(prompts) {
      model = prompts;
      const { thing } = board.held();
      for (const slice of slicesOf(thing)) renew(thing.id, slice);
      for (const mark of thing.marks) if (mark.slice === null) answerMark(thing.id, mark);
      settle();
    },
    set(place) {
      const state = board.now();
      if (state === null || state.phase === 'keeping') return;
      const mark = newMark(place);
      board.change({ ...calm, thing: withMark(state.thing, mark) });
      answerMark(state.thing.id, mark);
    },
    renew,
    keep(things, seriesNumber, onKept) {
      inTurn('keeping', async (prompts) => {
        asked = 'result';
        onKept(await prompts.keep(things, seriesNumber));
      });
    },
  };
}
