import { createStore, type StoreApi } from 'zustand/vanilla';
import { emptyStudy, type Result, type RoomState, type Run, type StudyRecord } from './state.ts';

export type RoomStore = StoreApi<RoomState>;

export function createRoomStore(initial: RoomState): RoomStore {
  return createStore<RoomState>()(() => initial);
}

/** Changes the record of one study, whichever study is on screen. */
export function changeStudy(store: RoomStore, studyUID: string, change: (record: StudyRecord) => StudyRecord): void {
  store.setState((state) => ({
    studies: { ...state.studies, [studyUID]: change(state.studies[studyUID] ?? emptyStudy) },
  }));
}

/** Changes one result; nothing happens when the study no longer holds it. */
export function changeResult(
  store: RoomStore,
  studyUID: string,
  analysisUID: string,
  change: (result: Result) => Result,
): void {
  const result = store.getState().studies[studyUID]?.results[analysisUID];
  if (result === undefined) return;
  changeStudy(store, studyUID, (record) => ({
    ...record,
    results: { ...record.results, [analysisUID]: change(result) },
  }));
}

/** Opens a result of a study to be read and drawn, or closes the one that is open. */
export function openResultOf(store: RoomStore, studyUID: string, analysisUID: string | null): void {
  changeStudy(store, studyUID, (record) => ({ ...record, open: analysisUID, selected: null }));
}

export function putRun(store: RoomStore, run: Run): void {
  changeStudy(store, run.studyInstanceUID, (record) => ({ ...record, runs: { ...record.runs, [run.key]: run } }));
}
