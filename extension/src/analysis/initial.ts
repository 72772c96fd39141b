import type { Host } from '../host/types.ts';
import type { ConfigProblem, SiteConfig } from './config.ts';
import { personName, rememberedReader } from './reader.ts';
import type { Reader, RoomState } from './state.ts';

/** The room before it is entered. */
export function initialState(config: SiteConfig, configProblems: readonly ConfigProblem[], host: Host): RoomState {
  return {
    config,
    configProblems,
    catalogue: { kind: 'loading' },
    places: { browser: null, server: null },
    place: config.place,
    study: null,
    studySummary: null,
    visited: [],
    series: [],
    activeSeries: null,
    canStore: host.archive.canStore(),
    reader: { name: null, source: 'none', asked: false },
    marking: null,
    marksInMaking: 0,
    studies: {},
  };
}

/** Whose review it is now: the person logged in, else what was answered in this sitting, else what is remembered. */
export function readerNow(host: Host, storage: Storage | null, before: Reader): Reader {
  const login = host.userName();
  if (login !== null && login !== '') return { name: login, source: 'login', asked: true };
  if (before.asked && before.source !== 'login') return before;
  const typed = personName(rememberedReader(storage) ?? '');
  return typed === null ? { name: null, source: 'none', asked: false } : { name: typed, source: 'typed', asked: true };
}
