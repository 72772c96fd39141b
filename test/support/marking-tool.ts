import type { Vec3 } from '@overread/core/geometry';
import type { OpenMarking } from '../../extension/src/analysis/index.ts';
import { ctSeries } from './ct-series.ts';
import { MemoryHost } from './memory-host.ts';
import { NodePrompts } from './node-prompts.ts';
import { otherStudy } from './other-study.ts';
import { promptModel } from './prompt-model.ts';
import { openRoom, until } from './reading-room.ts';

// The marking tool in a reading room, over the engine itself.

const dims: Vec3 = [32, 20, 6];
/** What is on screen, and what can be gone to. */
export const first = ctSeries({ dims });
export const beside = ctSeries({ dims, number: 2 });
export const elsewhere = otherStudy(first, '2.25.777');
const { studyInstanceUID } = first.geometry;
const loaded = promptModel([20, 32]);
export const markingModel = {
  manifest: loaded.manifest,
  url: 'https://viewer.example/overread/models/marking/model.json',
};

/** Columns 8 to 21, rows 4 to 15, slices 2 to 4: edges that halving the image does not move. */
const isBright = ([i, j, k]: Vec3) => i >= 8 && i <= 21 && j >= 4 && j <= 15 && k >= 2 && k <= 4;

/** A room with the first series on screen. */
export function enter(page: EventTarget | null = null) {
  const host = new MemoryHost([first, beside, elsewhere]);
  host.valueAt = (ijk) => (isBright(ijk) ? 1 : 0);
  host.openStudy(studyInstanceUID);
  const prompts = new NodePrompts([loaded]);
  const { room } = openRoom(host, { prompts, ...(page && { page }) });
  return { host, prompts, room, act: room.actions.marking };
}

/** The same with the tool on. */
export async function openTool(page: EventTarget | null = null) {
  const parts = enter(page);
  const { room, host } = parts;
  room.actions.mark(markingModel);
  await until(() => room.store.getState().marking?.state.kind === 'open', 'the tool is on');
  const now = (): OpenMarking => {
    const state = room.store.getState().marking?.state;
    if (state?.kind !== 'open') throw new Error(`the tool is ${state?.kind ?? 'off'}`);
    return state;
  };
  const settled = () => until(() => now().phase === 'ready', 'the model has answered');
  /** A click, and the answer to it. */
  const click = async (at: Vec3, modified = false) => {
    host.gesture!({ kind: 'point', at, modified });
    await settled();
  };
  const drag = async (from: Vec3, to: Vec3) => {
    host.gesture!({ kind: 'dragging', from, to });
    host.gesture!({ kind: 'box', from, to });
    await settled();
  };
  return { ...parts, now, settled, click, drag };
}

export type OpenTool = Awaited<ReturnType<typeof openTool>>;

/** Voxels of the thing at hand. */
export const marked = ({ now }: OpenTool) =>
  now().thing.masks.reduce((sum, { mask }) => sum + mask.bits.reduce((bits, bit) => bits + bit, 0), 0);
/** Of the study of the first series, whatever is on screen. */
export const resultsOfFirst = ({ room }: Pick<OpenTool, 'room'>) =>
  Object.values(room.store.getState().studies[studyInstanceUID]?.results ?? {});
/** Nothing of it is left, on screen or in memory. */
export const isOff = ({ room, host, prompts }: OpenTool) =>
  room.store.getState().marking === null && host.gesture === null && host.drawn.size === 0 && prompts.bytes === 0;
