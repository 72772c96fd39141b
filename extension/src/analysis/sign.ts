import type { Analysis } from '@overread/core/analysis';
import { undecidedInArchive } from './review.ts';
import type { Result, StudyRecord } from './state.ts';

/** Unsaved decisions of this sitting under the name that the reader gave, also those made before it was given. */
export function signedBy(
  studies: Readonly<Record<string, StudyRecord>>,
  reviewer: string | null,
): Readonly<Record<string, StudyRecord>> {
  const each = <T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Readonly<Record<string, U>> =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
  return each(studies, (study) => ({
    ...study,
    results: each(study.results, (result) => ({ ...result, analysis: signed(result, reviewer) })),
  }));
}

function signed({ analysis, steps, stored }: Result, reviewer: string | null): Analysis {
  const unsaved = undecidedInArchive(analysis, stored?.analysis ?? null).map(({ trackingUID }) => trackingUID);
  const decided = new Set(steps.map(({ trackingUID }) => trackingUID).filter((uid) => unsaved.includes(uid)));
  return {
    ...analysis,
    findings: analysis.findings.map((finding) =>
      decided.has(finding.trackingUID) && finding.review.state !== 'unreviewed'
        ? { ...finding, review: { ...finding.review, reviewer } }
        : finding,
    ),
  };
}
