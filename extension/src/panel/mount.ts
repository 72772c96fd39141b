import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { createReadingRoom, standardParts, type ReadingRoom } from '../analysis/index.ts';
import type { Host } from '../host/types.ts';
import { Panel } from './Panel.tsx';
import { installStyle } from './style.ts';

interface PanelContext {
  readonly host: Host;
  /** `window.config.overread`, as found. */
  readonly settings: unknown;
  /** Address of the folder with the plug-in's own files (workers), with a slash at the end. */
  readonly base: string;
}

/** One room per host: panels come and go, results and runs stay. */
const rooms = new WeakMap<Host, ReadingRoom>();

/**
 * Draws the panel into the container and opens the reading room if it is not open yet.
 * @returns Takes the panel away; the room goes on until `leaveReadingRoom`.
 */
export function mountPanel(container: HTMLElement, context: PanelContext): () => void {
  installStyle(container.ownerDocument);
  const room = rooms.get(context.host) ?? createReadingRoom(standardParts(context));
  rooms.set(context.host, room);
  room.enter();
  const root = createRoot(container);
  root.render(createElement(Panel, { room }));
  return () => root.unmount();
}

/** To be called when the mode is left: our drawings go from the viewports, idle workers end, unsaved work is kept. */
export function leaveReadingRoom(host: Host): void {
  rooms.get(host)?.leave();
}
