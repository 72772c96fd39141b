import type { ShownMarking } from '../../overlay/index.ts';
import type { RoomState } from '../state.ts';
import { holdsMarks } from './state.ts';

/** What is drawn of the things that are being marked. */
export function shownMarking({ marking }: RoomState): ShownMarking | null {
  if (marking === null) return null;
  const { seriesInstanceUID, grid, model, state } = marking;
  const { thing, kept } = state;
  if (state.kind !== 'open' && !holdsMarks(state)) return null;
  const finding = model.manifest.prompts?.finding;
  return {
    seriesInstanceUID,
    grid,
    colour: finding?.colour ?? [255, 255, 255],
    kept,
    thing,
    dragged: state.kind === 'open' ? state.dragged : null,
  };
}
