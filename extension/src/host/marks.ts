import type { Vec3 } from '@overread/core/geometry';
import { panelElementName } from '../names.ts';
import { ownCursor } from './marks-cursor.ts';
import type { MarkGesture } from './types.ts';

/** A viewport that can be marked in. */
export interface MarkableView {
  readonly element: HTMLElement;
  /** Voxel index under a place of the element, CSS pixels from its top left corner; null where nothing of the series is shown. */
  indexAt(x: number, y: number): Vec3 | null;
}

/** The left button from its going down on. */
interface Press {
  readonly pointerId: number;
  readonly view: MarkableView;
  readonly at: readonly [number, number];
  readonly from: Vec3;
  readonly modified: boolean;
  /** Corner of the rectangle; null while it may still be a click. */
  to: Vec3 | null;
}

/** A hand moves that far in a click, CSS pixels. */
const slack = 4;

/**
 * Listens on the window, ahead of the viewer: what is taken here never reaches its tools, which stay as they are, and with the listeners
 * everything of ours is gone. No tool is registered with the viewer, so there is nothing that differs between its versions.
 * @param viewUnder the viewport that an event on this node is for; null where it is none to be marked in
 * @returns stops it
 */
export function watchMarks(
  viewUnder: (target: Node) => MarkableView | null,
  tell: (gesture: MarkGesture) => void,
): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const cursor = ownCursor();
  let press: Press | null = null;

  const viewOf = ({ target }: Event): MarkableView | null => (target instanceof Node ? viewUnder(target) : null);
  const on = <T extends keyof WindowEventMap>(type: T, listener: (event: WindowEventMap[T]) => void): void =>
    addEventListener(type, listener, { capture: true, passive: false, signal });
  const drop = (): void => {
    if (press?.to != null) tell({ kind: 'dropped' });
    press = null;
  };

  on('pointerdown', (event) => {
    // A second finger means the viewer's zoom, not a mark.
    if (press !== null && event.pointerId !== press.pointerId) drop();
    if (event.button !== 0 || !event.isPrimary) return;
    const view = viewOf(event);
    const at = placeOf(event, view);
    const from = at && view?.indexAt(...at);
    if (view === null || at === null || from == null) return;
    // No mouse events follow a pointer event that was prevented: that is what the viewer's tools listen to.
    take(event);
    capturePointer(view.element, event.pointerId);
    const { pointerId, altKey, ctrlKey, metaKey } = event;
    press = { pointerId, view, at, from, modified: altKey || ctrlKey || metaKey, to: null };
  });
  on('pointermove', (event) => {
    if (event.pointerId !== press?.pointerId) return;
    take(event);
    const at = placeOf(event, press.view);
    if (at === null || (press.to === null && Math.hypot(at[0] - press.at[0], at[1] - press.at[1]) < slack)) return;
    const to = press.view.indexAt(...at);
    if (to === null) return;
    press.to = to;
    tell({ kind: 'dragging', from: press.from, to });
  });
  on('pointerup', (event) => {
    if (event.pointerId !== press?.pointerId) return;
    take(event);
    const { from, to, modified } = press;
    press = null;
    tell(to === null ? { kind: 'point', at: from, modified } : { kind: 'box', from, to });
  });
  on('pointercancel', (event) => {
    if (event.pointerId === press?.pointerId) drop();
  });
  on('pointerover', (event) => cursor.over(viewOf(event)?.element ?? null));

  // Of one finger, which has events of its own beside the pointer's; of a mouse whose prevented pointer sent them all the same.
  on('touchstart', (event) => {
    if (event.touches.length === 1 && viewOf(event) !== null) take(event);
  });
  on('mousedown', (event) => {
    if (event.button === 0 && viewOf(event) !== null) take(event);
  });
  // Two marks in quick succession: the viewer would enlarge the viewport.
  on('dblclick', (event) => {
    if (viewOf(event) !== null) take(event);
  });
  // Ctrl and the left button are a right click on a Mac; here they are a mark.
  on('contextmenu', (event) => {
    if (event.ctrlKey && viewOf(event) !== null) take(event);
  });

  on('keydown', (event) => {
    if (event.key === 'Escape' && press !== null) {
      take(event);
      drop();
      return;
    }
    const gesture = gestureOfKey(event);
    if (gesture === null || isElsewhere(event)) return;
    take(event);
    tell(gesture);
  });

  return () => {
    drop();
    ended.abort();
    cursor.remove();
  };
}

function gestureOfKey({ key, repeat, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): MarkGesture | null {
  if (repeat || altKey || ctrlKey || metaKey || shiftKey) return null;
  if (key === 'Backspace' || key === 'Delete') return { kind: 'undo' };
  return key === 'Escape' ? { kind: 'escape' } : null;
}

/** Keys that are typed, that answer a dialog of the viewer, or that our panel sees to itself. */
function isElsewhere({ target }: Event): boolean {
  const there = `input, textarea, select, [contenteditable], [role=dialog], [role=menu], ${panelElementName}`;
  return target instanceof Element && target.closest(there) !== null;
}

/** Place of an event in the element, CSS pixels from its top left corner. */
function placeOf(
  { clientX, clientY }: MouseEvent,
  view: Pick<MarkableView, 'element'> | null,
): readonly [number, number] | null {
  if (view === null) return null;
  const { left, top } = view.element.getBoundingClientRect();
  return [clientX - left, clientY - top];
}

function take(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** So that a rectangle may be drawn beyond the edge of the viewport. */
function capturePointer(element: HTMLElement, pointerId: number): void {
  try {
    element.setPointerCapture(pointerId);
  } catch {
    // A pointer that is gone already, or one that a program made: its events come without capture too.
  }
}
