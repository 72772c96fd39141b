import type { Finding } from '@overread/core/analysis';
import { AcceptIcon, RejectIcon } from './icons.tsx';
import { useActions } from './room-context.ts';
import { text } from '../text/index.ts';

/** Accept and reject. Pressing the one that holds takes the decision back. */
export function ReviewButtons({
  finding,
  name,
  onReject,
}: {
  readonly finding: Finding;
  /** What the finding is called in the labels. */
  readonly name: string;
  /** Asks for the reason. */
  readonly onReject: () => void;
}) {
  const { decide } = useActions();
  const { trackingUID, review } = finding;
  const accepted = review.state === 'accepted';
  const rejected = review.state === 'rejected';
  const takeBack = () => decide(trackingUID, { state: 'unreviewed', reason: null });
  const accept = text(accepted ? 'findings.unreject' : 'findings.accept', { name });
  const reject = text(rejected ? 'findings.unreject' : 'findings.reject', { name });
  return (
    <>
      <button
        type="button"
        className="ovr-icon-button ovr-accept"
        aria-pressed={accepted}
        aria-label={accept}
        title={accept}
        onClick={() => (accepted ? takeBack() : decide(trackingUID, { state: 'accepted', reason: null }))}
      >
        <AcceptIcon />
      </button>
      <button
        type="button"
        className="ovr-icon-button ovr-reject"
        aria-pressed={rejected}
        aria-label={reject}
        title={reject}
        onClick={() => (rejected ? takeBack() : onReject())}
      >
        <RejectIcon />
      </button>
    </>
  );
}
