import type { Analysis } from '@overread/core/analysis';
import { OverreadError } from '@overread/core/errors';
import type { Host, MarkGesture } from '../../host/types.ts';
import { calmed } from '../calmed.ts';
import { problemOf } from '../problem.ts';
import { withAnalysis } from '../state.ts';
import { changeStudy, type RoomStore } from '../store.ts';
import { createAnswers } from './answers.ts';
import { createBoard } from './board.ts';
import { boxPlace } from './box-place.ts';
import type { PromptPlace } from './prompt-place.ts';
import { calm, holdsMarks, markedThings, openMarking, type MarkingRequest, type OpenMarking } from './state.ts';
import { masksOf, newThing, withoutMark } from './thing.ts';

/** What a person can do while things are marked. */
export interface MarkingActions {
  /** Whether a click without a key marks what is outside. */
  readonly setOutside: (outside: boolean) => void;
  /** Takes back the last mark; where the thing has none, goes back to the one kept before. */
  readonly undo: () => void;
  /** Takes back all marks of the thing at hand. */
  readonly clear: () => void;
  /** Keeps the thing at hand and begins another. */
  readonly keep: () => void;
  /** Makes a result of everything with a mask. */
  readonly done: () => void;
  /** Leaves nothing behind. Where something has a mask it asks first, and does it when called again. */
  readonly cancel: () => void;
  /** Goes on after `cancel` asked. */
  readonly goOn: () => void;
  /** Opens the model again after it failed, with what was marked before. */
  readonly reopen: () => void;
  /** Takes the tool off after it failed, with everything that was marked. */
  readonly discard: () => void;
  /** Leaves clicks to the viewer for as long as nothing on screen says that they are marks. */
  readonly pause: (paused: boolean) => void;
}

/** One model, opened on one series. */
export interface Sitting extends MarkingActions {
  /** The series is left: what has a mask becomes a result, since nobody asked for it to go. It ends by itself then. */
  readonly leave: () => void;
}

export interface SittingParts {
  readonly store: RoomStore;
  readonly host: Pick<Host, 'readVolume' | 'takeMarks'>;
  /** Its own, given back when it ends. */
  readonly place: PromptPlace;
  /** `left`: the series was left with things that had a mask. */
  readonly onDone: (request: MarkingRequest, analysis: Analysis, left: boolean) => void;
  /** The result could not be made after the series was left. */
  readonly onLost: (error: unknown) => void;
  /** It is over. */
  readonly onEnded: () => void;
}

/** Opens a model and takes marks from then on, until it is done, cancelled, left or fails. */
export function openSitting(request: MarkingRequest, parts: SittingParts): Sitting {
  const { store, host, place, onDone, onLost, onEnded } = parts;
  const board = createBoard(store, request);
  const opening = new AbortController();
  /** The series was left: everything goes on as before, and what has a mask becomes a result as soon as all marks are answered. */
  let left = false;
  let triesAfterLeaving = 0;
  let stopMarks: () => void = () => undefined;
  let isPaused = false;

  const end = () => {
    stopMarks();
    board.close();
    opening.abort(new OverreadError('run.cancelled'));
    place.release();
    onEnded();
  };
  const fail = (error: unknown) => {
    if (left) {
      end();
      onLost(error);
      return;
    }
    stopMarks();
    place.release();
    board.tell({ kind: 'failed', ...board.held(), problem: problemOf(error) });
  };

  const answers = createAnswers(board, {
    onReady() {
      if (left) finish();
    },
    onRefused(error, question) {
      if (left && question === 'result') fail(error);
      else board.change({ problem: problemOf(error), reopened: null });
    },
    onEnded(error, reopened) {
      const isTwice = reopened === 'result' && triesAfterLeaving === 2;
      if (reopened === null || isTwice || !holdsMarks(board.held())) {
        fail(error);
        return;
      }
      stopMarks();
      place.release();
      openModel({ problem: problemOf(error), reopened });
    },
  });

  /** Makes a result of everything with a mask, and ends. */
  const makeResult = () => {
    const masks = markedThings(board.held()).map(masksOf);
    answers.keep(masks, request.seriesNumber, (analysis) => {
      changeStudy(store, request.studyInstanceUID, (record) => withAnalysis(record, analysis));
      end();
      onDone(request, analysis, left);
    });
  };
  /** After the series was left: the answer to the last mark may be that nothing is left. */
  const finish = () => {
    triesAfterLeaving++;
    if (markedThings(board.held()).length > 0) makeResult();
    else end();
  };

  /** The tool's state where something may be changed now. */
  const free = () => {
    const state = board.now();
    return state?.phase === 'keeping' ? null : state;
  };

  const actions: Sitting = {
    setOutside: (outside) => board.change({ outside }),
    undo() {
      const state = free();
      if (state === null) return;
      const { thing, kept } = state;
      const mark = thing.marks.at(-1);
      const before = kept.at(-1);
      if (mark !== undefined) {
        board.change({ ...calm, thing: withoutMark(thing, mark.id) });
        if (mark.slice !== null) answers.renew(thing.id, mark.slice);
      } else if (before !== undefined) board.change({ ...calm, thing: before, kept: kept.slice(0, -1) });
    },
    clear() {
      if (free() !== null) board.change({ ...calm, thing: newThing() });
    },
    keep() {
      const state = board.now();
      if (state?.phase !== 'ready' || masksOf(state.thing).length === 0) return;
      board.change({ ...calm, kept: [...state.kept, state.thing], thing: newThing() });
    },
    done() {
      const state = board.now();
      if (state?.phase !== 'ready' || markedThings(state).length === 0) return;
      board.change(calm);
      makeResult();
    },
    cancel() {
      const state = board.now();
      if (state?.phase === 'keeping') return;
      const hasMarked = markedThings(board.held()).length > 0;
      if (hasMarked && state?.asksToDiscard === false) board.change({ asksToDiscard: true });
      // While the model is not open nobody can be asked.
      else if (state !== null || !hasMarked) end();
    },
    goOn: () => board.change({ asksToDiscard: false }),
    reopen() {
      if (board.state()?.kind === 'failed') openModel(calm);
    },
    discard: end,
    pause(paused) {
      isPaused = paused;
      takeMarks();
    },
    leave() {
      if (markedThings(board.held()).length === 0) {
        end();
        return;
      }
      left = true;
      stopMarks();
      board.hide();
      if (board.state()?.kind === 'failed') openModel(calm);
      // What is asked, made or opened now goes on.
      else if (board.now()?.phase === 'ready') finish();
    },
  };

  const take = (gesture: MarkGesture) => {
    const state = board.now();
    if (state === null) return;
    switch (gesture.kind) {
      case 'point':
        answers.set({ kind: 'point', at: gesture.at, inside: gesture.modified === state.outside });
        break;
      case 'dragging':
        board.change({ dragged: [gesture.from, gesture.to] });
        break;
      case 'dropped':
        board.change({ dragged: null });
        break;
      case 'box':
        board.change({ dragged: null });
        answers.set(boxPlace(gesture.from, gesture.to, request.grid));
        break;
      case 'undo':
        actions.undo();
        break;
      case 'escape':
        actions.cancel();
        break;
    }
  };

  /** Begins to take marks, or stops. */
  const takeMarks = () => {
    stopMarks();
    const isWanted = !isPaused && !left && board.now() !== null;
    stopMarks = isWanted ? host.takeMarks(seriesInstanceUID, take) : () => undefined;
  };

  const { studyInstanceUID, seriesInstanceUID, model } = request;
  const job = {
    ...{ studyInstanceUID, seriesInstanceUID, otherSeries: {}, model },
    readVolume: (...[series, options]: Parameters<Host['readVolume']>) => host.readVolume(series, options),
  };
  const onProgress = calmed((progress) => {
    if (board.state()?.kind === 'opening') board.tell({ kind: 'opening', ...board.held(), progress });
  });
  /** @param why what is told of the model that had to be opened again, or `calm` */
  const openModel = (why: Pick<OpenMarking, 'problem' | 'reopened'>) => {
    const wasLeft = left;
    board.tell({ kind: 'opening', ...board.held(), progress: null });
    place.open(job, { signal: opening.signal, onProgress }).then(
      (prompts) => {
        if (board.state() === null) return;
        board.tell(openMarking(board.held(), why));
        answers.use(prompts);
        takeMarks();
      },
      (error: unknown) => {
        if (board.state() === null) return;
        // Nobody is there to try again where the series was left meanwhile.
        if (left && !wasLeft) openModel(why);
        else fail(error);
      },
    );
  };
  openModel(calm);
  return actions;
}
