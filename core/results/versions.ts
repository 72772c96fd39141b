import { listedInstances, writtenAt, type StoredObject } from './stored-object.ts';

/** A report as one version of an analysis. */
interface Version extends StoredObject {
  readonly open: { readonly analysisUID: string };
}

/** The version of each analysis that no other one replaces; of several such the one written last. */
export function newest<T extends Version>(reports: readonly T[]): readonly T[] {
  const replaced = replacedBy(reports);
  const best = new Map<string, T>();
  const rank = (report: T) =>
    [
      replaced.has(report.reference.sopInstanceUID) ? 0 : 1,
      writtenAt(report.dataset),
      report.reference.sopInstanceUID,
    ] as const;
  for (const report of reports) {
    const rival = best.get(report.open.analysisUID);
    if (rival === undefined || isAfter(rank(report), rank(rival))) best.set(report.open.analysisUID, report);
  }
  return [...best.values()];
}

/** Those of `reports` that no document in `all` replaces. */
export function current<T extends StoredObject>(all: readonly StoredObject[], reports: readonly T[]): readonly T[] {
  const replaced = replacedBy(all);
  return reports.filter(({ reference }) => !replaced.has(reference.sopInstanceUID));
}

function replacedBy(reports: readonly StoredObject[]): ReadonlySet<string> {
  return new Set(
    reports.flatMap(({ dataset }) =>
      listedInstances(dataset, 'PredecessorDocumentsSequence').map((one) => one.sopInstanceUID),
    ),
  );
}

type Rank = readonly [number, number, string];

function isAfter(a: Rank, b: Rank): boolean {
  if (a[0] !== b[0]) return a[0] > b[0];
  if (a[1] !== b[1]) return a[1] > b[1];
  return a[2] > b[2];
}
