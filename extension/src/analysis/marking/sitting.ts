import type { Analysis } from '@overread/core/analysis';
import { OverreadError } from '@overread/core/errors';
import type { Host, MarkGesture } from '../../host/types.ts';
import { calmed } from '../calmed.ts';
import { problemOf, type Problem } from '../problem.ts';
import { withAnalysis } from '../state.ts';
import { changeStudy, type RoomStore } from '../store.ts';
import { createAnswers, type Answers } from './answers.ts';
import { createBoard } from './board.ts';
import { boxPlace } from './box-place.ts';
import type { OpenPrompts, PromptPlace } from './prompt-place.ts';
import { calm, markedThings, openMarking, type MarkingRequest } from './state.ts';
import { masksOf, newThing, withoutMark, type Thing } from './thing.ts';

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
  /** The series is left: what has a mask becomes a result, since nobody asked for it to go. */
  readonly leave: () => void;
}

export interface SittingParts {
  readonly store: RoomStore;
  readonly host: Pick<Host, 'readVolume' | 'takeMarks'>;
  readonly place: PromptPlace;
  /** `left`: the series was left with things that had a mask. */
  readonly onDone: (request: MarkingRequest, analysis: Analysis, left: boolean) => void;
  /** The result could not be made after the series was left. */
  readonly onLost: (error: unknown) => void;
  /** It is over, and the model is no longer needed. */
  readonly onEnded: () => void;
}

/** Opens a model and takes marks from then on, until it is done, cancelled, left or fails. */
export function openSitting(request: MarkingRequest, parts: SittingParts): Sitting {
  const { store, host, place, onDone, onLost, onEnded } = parts;
  const board = createBoard(store, request);
  const opening = new AbortController();
  let open: { readonly prompts: OpenPrompts; readonly answers: Answers } | null = null;
  /** The model that is being opened, or was. */
  let opened: Promise<OpenPrompts> | null = null;
  let stopMarks: () => void = () => undefined;
  let isPaused = false;

  const end = () => {
    stopMarks();
    board.leave();
    opening.abort(new OverreadError('run.cancelled'));
    onEnded();
  };
  const fail = (error: unknown) => {
    stopMarks();
    open = null;
    place.release();
    board.tell({ kind: 'failed', ...board.held(), problem: problemOf(error) });
  };
  /** The model ended while marks were set: it is opened again where there is something to go on with. */
  const failOpen = (error: unknown) => {
    const goesOn = markedThings(board.held()).length > 0;
    fail(error);
    if (goesOn) openModel(problemOf(error));
  };
  /** The tool's state where something may be changed now. */
  const free = () => {
    const state = board.now();
    return state?.phase === 'keeping' ? null : state;
  };

  const result = async (prompts: OpenPrompts, things: readonly Thing[]) => {
    const analysis = await prompts.keep(things.map(masksOf), request.seriesNumber);
    changeStudy(store, request.studyInstanceUID, (record) => withAnalysis(record, analysis));
    return analysis;
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
        if (mark.slice !== null) open?.answers.renew(thing.id, mark.slice);
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
      if (state?.phase !== 'ready' || open === null) return;
      const { prompts, answers } = open;
      const things = markedThings(state);
      if (things.length === 0) return;
      board.change(calm);
      answers.inTurn('keeping', async () => {
        const analysis = await result(prompts, things);
        end();
        onDone(request, analysis, false);
      });
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
      if (store.getState().marking?.state.kind === 'failed') openModel(null);
    },
    discard: end,
    pause(paused) {
      isPaused = paused;
      takeMarks();
    },
    leave() {
      const state = board.now();
      // What `done` is at goes on and needs no help.
      if (state?.phase === 'keeping') return;
      const things = markedThings(board.held());
      if (things.length === 0) {
        end();
        return;
      }
      stopMarks();
      board.leave();
      const prompts = open?.prompts ?? opened?.catch(() => askForModel()) ?? askForModel();
      Promise.resolve(prompts)
        .then((model) => result(model, things))
        .then((analysis) => onDone(request, analysis, true), onLost)
        .finally(onEnded);
    },
  };

  const take = (gesture: MarkGesture) => {
    const state = board.now();
    if (state === null) return;
    switch (gesture.kind) {
      case 'point':
        open?.answers.set({ kind: 'point', at: gesture.at, inside: gesture.modified === state.outside });
        break;
      case 'dragging':
        board.change({ dragged: [gesture.from, gesture.to] });
        break;
      case 'dropped':
        board.change({ dragged: null });
        break;
      case 'box':
        board.change({ dragged: null });
        open?.answers.set(boxPlace(gesture.from, gesture.to, request.grid));
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
    const isWanted = !isPaused && board.now() !== null;
    stopMarks = isWanted ? host.takeMarks(seriesInstanceUID, take) : () => undefined;
  };

  const { studyInstanceUID, seriesInstanceUID, model } = request;
  const job = {
    ...{ studyInstanceUID, seriesInstanceUID, otherSeries: {}, model },
    readVolume: (...[series, options]: Parameters<Host['readVolume']>) => host.readVolume(series, options),
  };
  const onProgress = calmed((progress) => {
    if (open === null) board.tell({ kind: 'opening', ...board.held(), progress });
  });
  const askForModel = () => place.open(job, { signal: opening.signal, onProgress });
  /** @param problem why it is opened again, or null */
  const openModel = (problem: Problem | null) => {
    board.tell({ kind: 'opening', ...board.held(), progress: null });
    opened = askForModel();
    opened.then(
      (prompts) => {
        if (board.isLeft()) return;
        open = { prompts, answers: createAnswers(prompts, board, failOpen) };
        board.tell(openMarking(board.held(), problem));
        takeMarks();
      },
      (error: unknown) => {
        if (!board.isLeft()) fail(error);
      },
    );
  };
  openModel(null);
  return actions;
}
