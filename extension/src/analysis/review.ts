import type { Analysis, Finding, Review, ReviewState } from '@overread/core/analysis';
import type { Code } from '@overread/core/dicom';

/** One decision of the reader; `before` brings the finding back to what it was. */
export interface ReviewStep {
  readonly trackingUID: string;
  readonly before: Review;
}

export interface Decision {
  readonly state: Extract<ReviewState, 'accepted' | 'rejected' | 'unreviewed'>;
  /** From the table of reasons, with a rejection; null: no reason given. */
  readonly reason: Code | null;
}

/**
 * The analysis with one finding reviewed, everything else untouched.
 * Returns the same object when the decision changes nothing or the finding is not in it.
 * @param reviewer DICOM PN of the reader, or null.
 * @param at When, as ISO 8601 with offset.
 */
export function decide(
  analysis: Analysis,
  trackingUID: string,
  decision: Decision,
  reviewer: string | null,
  at: string,
): Analysis {
  const review: Review =
    decision.state === 'unreviewed'
      ? { state: 'unreviewed', reason: null, reviewer: null, at: null }
      : { state: decision.state, reason: decision.reason, reviewer, at };
  const finding = findingOf(analysis, trackingUID);
  if (finding === null || sameDecision(finding.review, review)) return analysis;
  return withReview(analysis, trackingUID, review);
}

/** The analysis with the review of one finding put back. */
export function undo(analysis: Analysis, step: ReviewStep): Analysis {
  return withReview(analysis, step.trackingUID, step.before);
}

export function findingOf(analysis: Analysis, trackingUID: string): Finding | null {
  return analysis.findings.find((finding) => finding.trackingUID === trackingUID) ?? null;
}

/** Findings whose decision differs from the stored one; with nothing stored, those a reader has decided on. */
export function undecidedInArchive(analysis: Analysis, stored: Analysis | null): readonly Finding[] {
  return analysis.findings.filter((finding) => {
    const before = stored === null ? null : findingOf(stored, finding.trackingUID);
    return before === null ? finding.review.state !== 'unreviewed' : !sameDecision(before.review, finding.review);
  });
}

/** Same decision for the same reason, whoever made it and when. */
function sameDecision(a: Review, b: Review): boolean {
  return a.state === b.state && a.reason?.value === b.reason?.value && a.reason?.scheme === b.reason?.scheme;
}

function withReview(analysis: Analysis, trackingUID: string, review: Review): Analysis {
  return {
    ...analysis,
    findings: analysis.findings.map((finding) =>
      finding.trackingUID === trackingUID ? { ...finding, review } : finding,
    ),
  };
}

/** Local time as ISO 8601 with its offset, e.g. `2026-03-01T09:30:00+01:00`. */
export function isoWithOffset(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0');
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 19);
  return `${local}${offset < 0 ? '-' : '+'}${two(offset / 60)}:${two(offset % 60)}`;
}
