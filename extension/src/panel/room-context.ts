import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { ReadingRoom, RoomActions, RoomState } from '../analysis/index.ts';

const RoomContext = createContext<ReadingRoom | null>(null);
export const RoomProvider = RoomContext.Provider;

function useRoom(): ReadingRoom {
  const room = useContext(RoomContext);
  if (room === null) throw new Error('A view of the panel stands outside its RoomProvider');
  return room;
}

/** A part of the room's state; the view is drawn again when that part changes. The part must be a value the state holds. */
export function useRoomState<T>(select: (state: RoomState) => T): T {
  return useStore(useRoom().store, select);
}

export function useActions(): RoomActions {
  return useRoom().actions;
}
