import type { Analysis, Finding, Presence } from '@overread/core/analysis';
import { useRef, useState } from 'react';
import { currentRecord } from '../analysis/index.ts';
import { FindingRow } from './FindingRow.tsx';
import { useReviewKeys } from './review-keys.ts';
import { useRoomState } from './room-context.ts';
import { text } from '../text/index.ts';

/** How many findings are listed before the reader asks for more. */
const best = 10;

/** The findings, best first, reviewed by mouse or keyboard. */
export function FindingList({
  findings,
  analysis,
}: {
  readonly findings: readonly Finding[];
  readonly analysis: Analysis;
}) {
  const [all, setAll] = useState(false);
  const selected = useRoomState((state) => currentRecord(state).selected);
  const listed = all ? findings : findings.slice(0, best);
  const list = useRef<HTMLOListElement>(null);
  const keys = useReviewKeys(list, listed, selected);
  const done = findings.filter(({ review }) => review.state !== 'unreviewed').length;
  const heading = headingOf(findings);
  return (
    <section className="ovr-findings" aria-label={heading}>
      <div className="ovr-finding-line">
        <h3 className="ovr-title">{heading}</h3>
        <span className="ovr-quiet" role="status">
          {text('findings.progress', { done, total: findings.length })}
        </span>
      </div>
      <p className="ovr-note">{text('findings.keys')}</p>
      <ol ref={list} onKeyDown={keys.onKeyDown}>
        {listed.map((finding, index) => (
          <FindingRow
            key={finding.trackingUID}
            finding={finding}
            number={index + 1}
            analysis={analysis}
            selected={finding.trackingUID === selected}
            reachable={selected === null ? index === 0 : finding.trackingUID === selected}
            asking={keys.asking === finding.trackingUID}
            onAsk={keys.ask}
          />
        ))}
      </ol>
      {findings.length > best && (
        <button type="button" className="ovr-link" onClick={() => setAll(!all)}>
          {all ? text('findings.showBest', { count: best }) : text('findings.showAll', { count: findings.length })}
        </button>
      )}
    </section>
  );
}

/** How many there are; where all are statements, how many of them say that something is there. */
function headingOf(findings: readonly Finding[]): string {
  const count = (wanted: Presence | null) => findings.filter(({ presence }) => presence === wanted).length;
  const total = findings.length;
  if (count(null) > 0) return text('findings.heading', { count: total - count('absent') });
  const [present, unsure] = [count('present'), count('undetermined')];
  return unsure === 0
    ? text('findings.stated', { present, total })
    : text('findings.statedUnsure', { present, total, unsure });
}
