import { unsavedDecisions } from './select.ts';
import { emptyStudy, type Result, type StudyRecord } from './state.ts';

/** Studies other than the one on screen whose results are kept ready, the latest ones. Masks take tens of MB each. */
const keptStudies = 2;

/**
 * Lets go of what the archive can give again: saved results of studies that were left some time ago. Results that are
 * not in the archive stay, and so does whatever is on its way.
 * @param onScreen Studies that are hung.
 */
export function withoutForgettable(
  studies: Readonly<Record<string, StudyRecord>>,
  onScreen: readonly string[],
): Readonly<Record<string, StudyRecord>> {
  const others = Object.keys(studies).filter((uid) => !onScreen.includes(uid));
  const old = new Set(others.slice(0, Math.max(0, others.length - keptStudies)));
  return Object.fromEntries(
    Object.entries(studies).flatMap(([uid, record]) => {
      if (!old.has(uid)) return [[uid, record] as const];
      const results = Object.fromEntries(Object.entries(record.results).filter(([, result]) => !isSafe(result)));
      const underWay = Object.values(record.runs).some(
        ({ state }) => state.kind === 'queued' || state.kind === 'running',
      );
      return Object.keys(results).length > 0 || underWay
        ? [[uid, { ...record, results, archive: emptyStudy.archive, others: emptyStudy.others }] as const]
        : [];
    }),
  );
}

function isSafe(result: Result): boolean {
  return result.stored !== null && result.saving.kind === 'idle' && unsavedDecisions(result) === 0;
}
