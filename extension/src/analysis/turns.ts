import type { Location } from './backend.ts';

/** Work for a place. It deals with its own failures, and ends soon after its controller was aborted. */
export interface Turn {
  readonly location: Location;
  readonly controller: AbortController;
  readonly work: () => Promise<void>;
}

/** Takes work in turns: one thing at a time per place, in the order it came. */
export interface Turns {
  /** Begins it at once where its place is free. */
  take(turn: Turn): void;
  /** Aborts it. The next one begins as soon as it has ended, or at once where it had not begun. */
  cancel(turn: Turn, reason: Error): void;
  /** Whether any work of that place is on its way. */
  busy(location: Location): boolean;
}

/** @param onIdle A place has nothing more to do. */
export function createTurns(onIdle: (location: Location) => void): Turns {
  const queues: Record<Location, Turn[]> = { browser: [], server: [] };

  const leave = (turn: Turn) => {
    const queue = queues[turn.location];
    const place = queue.indexOf(turn);
    if (place >= 0) queue.splice(place, 1);
    if (queue[0] === undefined) onIdle(turn.location);
    else if (place === 0) begin(queue[0]);
  };
  const begin = (turn: Turn) => void turn.work().finally(() => leave(turn));

  return {
    take(turn) {
      const queue = queues[turn.location];
      queue.push(turn);
      if (queue.length === 1) begin(turn);
    },
    cancel(turn, reason) {
      turn.controller.abort(reason);
      if (queues[turn.location][0] !== turn) leave(turn);
    },
    busy: (location) => queues[location].length > 0,
  };
}
