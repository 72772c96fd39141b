import type { Analysis, Finding } from '@overread/core/analysis';
import { Explanation } from './Explanation.tsx';
import { imageText, placeText, readableName, sizeText, statementText, volumeText } from './format.ts';
import { RejectReasons } from './RejectReasons.tsx';
import { ReviewButtons } from './ReviewButtons.tsx';
import { useActions } from './room-context.ts';
import { text } from '../text/index.ts';

interface Props {
  readonly finding: Finding;
  readonly number: number;
  readonly analysis: Analysis;
  readonly selected: boolean;
  /** Whether Tab reaches this row; one row of a list is reachable, arrows lead to the others. */
  readonly reachable: boolean;
  /** Whether the reason of a rejection is asked for. */
  readonly asking: boolean;
  readonly onAsk: (trackingUID: string | null) => void;
}

/** One finding: what, how large, where, and what the reader decided. */
export function FindingRow({ finding, number, analysis, selected, reachable, asking, onAsk }: Props) {
  const { select } = useActions();
  const { trackingUID, review, label } = finding;
  const name = text('findings.name', { label, number });
  const statement = statementText(finding);
  // What says whether something is there comes before its size, and may be long.
  const isStated = finding.presence !== null;
  const facts = [isStated ? statement : null, sizeText(finding), volumeText(finding)].filter((fact) => fact !== null);
  const place = placeText(finding);
  const where = [place, imageText(finding, analysis.source, 'short')].filter((fact) => fact !== null);
  const spoken = [
    ...(isStated ? [] : [statement]),
    ...facts,
    place,
    imageText(finding, analysis.source, 'long'),
    reviewText(finding),
  ];
  return (
    <li>
      <div className="ovr-finding" data-selected={selected} data-review={review.state}>
        <span className="ovr-number" data-review={review.state} aria-hidden="true">
          {number}
        </span>
        <button
          type="button"
          className="ovr-finding-text"
          data-finding={trackingUID}
          tabIndex={reachable ? 0 : -1}
          aria-current={selected}
          aria-label={[text('findings.goTo', { name }), ...spoken].filter((part) => part !== null).join(', ')}
          onClick={() => select(trackingUID)}
        >
          <span className="ovr-finding-line">
            <span className="ovr-title">{label}</span>
            {!isStated && <span className="ovr-quiet">{statement}</span>}
          </span>
          {facts.length > 0 && (
            <span className="ovr-size" data-presence={finding.presence ?? undefined}>
              {facts.join(' · ')}
            </span>
          )}
          <span className="ovr-note" style={{ display: 'block' }}>
            {where.join(' · ')}
          </span>
          {review.state !== 'unreviewed' && (
            <span className="ovr-note" style={{ display: 'block' }}>
              {reviewText(finding)}
            </span>
          )}
        </button>
        <div className="ovr-finding-actions">
          <ReviewButtons finding={finding} name={name} onReject={() => onAsk(asking ? null : trackingUID)} />
        </div>
      </div>
      <Explanation finding={finding} analysis={analysis} name={name} />
      {asking && <RejectReasons name={name} trackingUID={trackingUID} onClose={() => onAsk(null)} />}
    </li>
  );
}

/** `accepted by …`, `rejected: vessel`. */
function reviewText({ review }: Finding): string {
  const state = text(`findings.state.${review.state}`);
  const reason = review.reason === null ? '' : `: ${review.reason.meaning}`;
  const by = review.reviewer === null ? '' : ` ${text('findings.by', { name: readableName(review.reviewer) })}`;
  return `${state}${reason}${by}`;
}
