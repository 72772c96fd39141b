import type { Analysis } from '@overread/core/analysis';
import { isOverreadError, OverreadError } from '@overread/core/errors';
import type { Host, MarkGesture } from '../../host/types.ts';
import { calmed } from '../calmed.ts';
import type { CatalogueModel } from '../catalogue.ts';
import { problemOf } from '../problem.ts';
import { withAnalysis } from '../state.ts';
import { changeStudy, type RoomStore } from '../store.ts';
import { boxPlace } from './box-place.ts';
import type { OpenPrompts, PromptPlace } from './prompt-place.ts';
import { markedThings, type Marking, type OpenMarking } from './state.ts';
import { anchorOf, emptyThing, masksOf, promptOf, withMark, withMask, withoutMark, withSlice } from './thing.ts';
import type { Mark, MarkPlace, Thing } from './thing.ts';

interface MarkingRequest extends Pick<Marking, 'studyInstanceUID' | 'seriesInstanceUID' | 'seriesNumber' | 'grid'> {
  readonly model: CatalogueModel;
}

/** Marks things with a promptable model: one model on one series at a time. */
export interface Marker {
  /** Opens the model on a series; nothing happens while another one is open. */
  readonly start: (request: MarkingRequest) => void;
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
  /** The series is left: what has a mask becomes a result, as nobody asked for it to go. */
  readonly leave: () => void;
}

/** What takes longer is told, ms. */
const noticeable = 150;

/** What is open, beside what the panel shows of it. */
interface Sitting {
  readonly request: MarkingRequest;
  readonly opening: AbortController;
  prompts: OpenPrompts | null;
  stopGestures: () => void;
  /** Answers follow one another. */
  work: Promise<void>;
  waiting: number;
}

export function createMarker(
  store: RoomStore,
  host: Pick<Host, 'readVolume' | 'takeMarks'>,
  place: PromptPlace,
  told: {
    /** `left`: the series was left with things that had a mask. */
    readonly onDone: (request: MarkingRequest, analysis: Analysis, left: boolean) => void;
    /** The result could not be made after the series was left. */
    readonly onLost: (error: unknown) => void;
  },
): Marker {
  let sitting: Sitting | null = null;
  let lastId = 0;

  const stateNow = (): OpenMarking | null => {
    const state = store.getState().marking?.state;
    return state?.kind === 'open' ? state : null;
  };
  const tell = (state: Marking['state']) => {
    if (sitting !== null) store.setState({ marking: { ...sitting.request, state } });
  };
  const change = (part: Partial<OpenMarking>) => {
    const state = stateNow();
    if (state !== null) tell({ ...state, ...part });
  };
  /** Changes a thing while it is the one at hand. */
  const changeThing = (id: number, next: (thing: Thing) => Thing) => {
    const thing = stateNow()?.thing;
    if (thing?.id === id) change({ thing: next(thing) });
  };

  /** Takes the tool away from the viewer and the panel, and gives the model back. */
  const end = (ending: Sitting) => {
    if (sitting !== ending) return;
    ending.stopGestures();
    ending.opening.abort(new OverreadError('run.cancelled'));
    sitting = null;
    store.setState({ marking: null });
    place.release();
  };

  const fail = (failed: Sitting, error: unknown) => {
    if (sitting !== failed) return;
    failed.stopGestures();
    tell({ kind: 'failed', problem: problemOf(error) });
    place.release();
  };

  /** Runs work of the open model after what came before; `ready` again when nothing waits. */
  const queue = (work: (open: OpenPrompts) => Promise<void>) => {
    const mine = sitting;
    if (mine?.prompts == null) return;
    const { prompts } = mine;
    mine.waiting++;
    mine.work = mine.work
      .then(() => (sitting === mine ? work(prompts) : undefined))
      .catch((error: unknown) => fail(mine, error))
      .then(() => {
        mine.waiting--;
        if (sitting === mine && mine.waiting === 0) change({ phase: 'ready' });
      });
  };

  /** A slice that is encoded already is answered at once, and nothing flickers. */
  const toldWhenSlow = async (encoding: Promise<number>) => {
    change({ phase: 'asking' });
    const timer = setTimeout(() => change({ phase: 'encoding' }), noticeable);
    try {
      return await encoding;
    } finally {
      clearTimeout(timer);
    }
  };

  const answer = async (open: OpenPrompts, thingId: number, slice: number) => {
    const thing = stateNow()?.thing;
    if (thing?.id !== thingId) return;
    const prompt = promptOf(thing, slice);
    change({ phase: 'asking' });
    const mask = prompt === null ? null : await open.decode(prompt);
    changeThing(thingId, (now) => withMask(now, slice, mask));
    if (stateNow()?.thing.id === thingId) change({ isEmpty: prompt !== null && mask === null });
  };

  const set = (markPlace: MarkPlace) => {
    const state = stateNow();
    if (state === null || state.phase === 'keeping') return;
    const mark: Mark = { id: ++lastId, place: markPlace, slice: null };
    const { id } = state.thing;
    change({ thing: withMark(state.thing, mark), problem: null, isEmpty: false, asksToDiscard: false });
    const isThere = () => stateNow()?.thing.marks.some((one) => one.id === mark.id) === true;
    queue(async (open) => {
      if (!isThere()) return;
      try {
        const slice = await toldWhenSlow(open.encode(anchorOf(mark)));
        changeThing(id, (thing) => withSlice(thing, mark.id, slice));
        if (isThere()) await answer(open, id, slice);
      } catch (error) {
        // A mark that the model cannot answer goes, and the rest stands; a worker that has ended answers nothing any more.
        if (!isOverreadError(error) || isEnded(error)) throw error;
        changeThing(id, (thing) => withoutMark(thing, mark.id));
        change({ problem: problemOf(error) });
      }
    });
  };

  const take = (gesture: MarkGesture) => {
    const state = stateNow();
    if (state === null) return;
    switch (gesture.kind) {
      case 'point':
        set({ kind: 'point', at: gesture.at, inside: gesture.modified === state.outside });
        break;
      case 'dragging':
        change({ dragged: [gesture.from, gesture.to] });
        break;
      case 'dropped':
        change({ dragged: null });
        break;
      case 'box':
        change({ dragged: null });
        if (sitting !== null) set(boxPlace(gesture.from, gesture.to, sitting.request.grid));
        break;
      case 'undo':
        undo();
        break;
      case 'escape':
        cancel();
        break;
    }
  };

  const undo = () => {
    const state = stateNow();
    if (state === null || state.phase === 'keeping') return;
    const { thing, kept } = state;
    const last = thing.marks.at(-1);
    const before = kept.at(-1);
    const calm = { problem: null, isEmpty: false, asksToDiscard: false };
    if (last === undefined) {
      if (before !== undefined) change({ ...calm, thing: before, kept: kept.slice(0, -1) });
      return;
    }
    change({ ...calm, thing: withoutMark(thing, last.id) });
    const { slice } = last;
    if (slice !== null) queue((open) => answer(open, thing.id, slice));
  };

  /** One result of everything with a mask. */
  const finish = async (ending: Sitting, open: OpenPrompts, things: readonly Thing[]) => {
    const { studyInstanceUID, seriesNumber } = ending.request;
    const analysis = await open.keep(things.map(masksOf), seriesNumber);
    changeStudy(store, studyInstanceUID, (record) => withAnalysis(record, analysis));
    return analysis;
  };

  const cancel = () => {
    if (sitting === null) return;
    const state = stateNow();
    const mustAsk = state !== null && !state.asksToDiscard && markedThings(state).length > 0;
    if (state?.phase === 'keeping') return;
    if (mustAsk) change({ asksToDiscard: true });
    else end(sitting);
  };

  return {
    start(request) {
      if (sitting !== null && store.getState().marking?.state.kind !== 'failed') return;
      const { studyInstanceUID, seriesInstanceUID, model } = request;
      const mine: Sitting = {
        request,
        opening: new AbortController(),
        prompts: null,
        stopGestures: () => undefined,
        work: Promise.resolve(),
        waiting: 0,
      };
      sitting = mine;
      tell({ kind: 'opening', progress: null });
      const job = {
        ...{ studyInstanceUID, seriesInstanceUID, otherSeries: {}, model },
        readVolume: (...[series, options]: Parameters<Host['readVolume']>) => host.readVolume(series, options),
      };
      const onProgress = calmed((progress) => {
        if (sitting === mine && mine.prompts === null) tell({ kind: 'opening', progress });
      });
      place.open(job, { signal: mine.opening.signal, onProgress }).then(
        (prompts) => {
          if (sitting !== mine) return;
          mine.prompts = prompts;
          tell(freshState(emptyThing(++lastId)));
          mine.stopGestures = host.takeMarks(seriesInstanceUID, take);
        },
        (error: unknown) => fail(mine, error),
      );
    },
    setOutside: (outside) => change({ outside }),
    undo,
    clear() {
      const state = stateNow();
      if (state !== null && state.phase !== 'keeping')
        change({ thing: emptyThing(++lastId), problem: null, isEmpty: false, asksToDiscard: false });
    },
    keep() {
      const state = stateNow();
      if (state?.phase !== 'ready' || masksOf(state.thing).length === 0) return;
      change({ kept: [...state.kept, state.thing], thing: emptyThing(++lastId), problem: null, asksToDiscard: false });
    },
    done() {
      const state = stateNow();
      const mine = sitting;
      if (state?.phase !== 'ready' || mine === null || markedThings(state).length === 0) return;
      queue(async (open) => {
        change({ phase: 'keeping', problem: null, asksToDiscard: false });
        try {
          const analysis = await finish(mine, open, markedThings(state));
          end(mine);
          told.onDone(mine.request, analysis, false);
        } catch (error) {
          if (!isOverreadError(error) || isEnded(error)) throw error;
          change({ problem: problemOf(error) });
        }
      });
    },
    cancel,
    goOn: () => change({ asksToDiscard: false }),
    leave() {
      const mine = sitting;
      const state = stateNow();
      if (mine === null) return;
      const things = state === null || state.phase === 'keeping' ? [] : markedThings(state);
      if (mine.prompts === null || things.length === 0) {
        // What `done` is at goes on and needs no help.
        if (state?.phase !== 'keeping') end(mine);
        return;
      }
      const open = mine.prompts;
      mine.stopGestures();
      sitting = null;
      store.setState({ marking: null });
      finish(mine, open, things)
        .then((analysis) => told.onDone(mine.request, analysis, true), told.onLost)
        .finally(() => {
          // Another one that was opened meanwhile has taken the worker over.
          if (sitting === null) place.release();
        });
    },
  };
}

function freshState(thing: Thing): OpenMarking {
  const nothing = { problem: null, isEmpty: false, asksToDiscard: false };
  return { kind: 'open', phase: 'ready', thing, kept: [], outside: false, dragged: null, ...nothing };
}

/** Whether nothing more is to be expected from the worker. */
function isEnded({ code }: OverreadError): boolean {
  return code === 'worker.crashed' || code === 'run.cancelled' || code === 'protocol.malformed';
}
