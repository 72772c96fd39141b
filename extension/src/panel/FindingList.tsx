import type { Analysis, Finding } from '@overread/core/analysis';
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
  const present = findings.filter(({ presence }) => presence !== 'absent').length;
  const heading = text('findings.heading', { count: present });
  return (
    <section aria-label={heading}>
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
