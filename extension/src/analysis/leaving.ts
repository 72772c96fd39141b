import { hasUnsavedMarks, unsavedEverywhere } from './select.ts';
import type { RoomStore } from './store.ts';

/**
 * Asks the browser to warn before the page closes, for as long as decisions or marks are unsaved in any study. The browser
 * shows its own words. With nothing unsaved no listener stands, so the page may be kept for going back.
 * @returns Ends the watch.
 */
export function warnBeforeClosing(
  store: RoomStore,
  page: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>,
): () => void {
  let watching = false;
  const ask = (event: Event) => event.preventDefault();
  const follow = () => {
    const state = store.getState();
    const needed = unsavedEverywhere(state) > 0 || hasUnsavedMarks(state);
    if (needed === watching) return;
    watching = needed;
    if (needed) page.addEventListener('beforeunload', ask);
    else page.removeEventListener('beforeunload', ask);
  };
  follow();
  const stop = store.subscribe(follow);
  return () => {
    stop();
    page.removeEventListener('beforeunload', ask);
  };
}
