import { useState } from 'react';
import {
  canBeVerified,
  currentSeries,
  openResult,
  undecided,
  unsavedDecisions,
  type Result,
} from '../analysis/index.ts';
import { momentText, readableName } from './format.ts';
import { AcceptIcon, UndoIcon } from './icons.tsx';
import { ReaderName } from './ReaderName.tsx';
import { useActions, useRoomState } from './room-context.ts';
import { SaveFailed } from './SaveFailed.tsx';
import { text } from '../text/index.ts';
import { VerifyButton, VerifyReport } from './VerifyReport.tsx';

/** Saving the open result: what is unsaved, what is going on, what was refused. Always in sight while a result is open. */
export function SaveBar() {
  const result = useRoomState(openResult);
  const series = useRoomState(currentSeries);
  if (result === null || result.analysis.source.seriesInstanceUID !== series?.seriesInstanceUID) return null;
  return <Saving key={result.analysis.uid} result={result} />;
}

function Saving({ result }: { readonly result: Result }) {
  const { save, undo } = useActions();
  const canStore = useRoomState((state) => state.canStore);
  const isAsked = useRoomState((state) => state.reader.asked);
  const { saving, steps, stored } = result;
  const isReviewed = result.analysis.findings.some(({ review }) => review.state !== 'unreviewed');
  const working = saving.kind === 'working';
  const upToDate = stored !== null && unsavedDecisions(result) === 0 && saving.kind === 'idle';
  const isVerified = upToDate && stored.verification !== null;
  const canVerify = canStore.ok && saving.kind === 'idle' && !isVerified && canBeVerified(result);
  const [question, setQuestion] = useState<'closed' | 'open' | 'cancelled'>('closed');
  // Where verifying is no longer possible the question goes, and does not come back by itself.
  if (!canVerify && question !== 'closed') setQuestion('closed');
  const isAsking = canVerify && question === 'open';
  const saveButton = (
    <button
      type="button"
      className={upToDate ? 'ovr-button' : 'ovr-button ovr-primary'}
      disabled={working || upToDate || !canStore.ok}
      onClick={() => void save()}
    >
      {text(saving.kind === 'failed' ? 'save.again' : 'save.button')}
    </button>
  );
  return (
    <footer className="ovr-foot">
      {saving.kind === 'failed' && <SaveFailed saving={saving} />}
      {stored?.notes.map((note) => (
        <p className="ovr-warning" key={note}>
          {note}
        </p>
      ))}
      {isAsking ? (
        <VerifyReport analysis={result.analysis} onClose={() => setQuestion('cancelled')} />
      ) : (
        <>
          {isReviewed && saving.kind !== 'failed' && (isAsked || !upToDate) && <ReaderName />}
          <VerifiedBefore result={result} />
        </>
      )}
      {!isAsking && (
        <>
          <div className="ovr-row">
            <span className="ovr-grow ovr-quiet" role="status">
              {isVerified ? <Verified result={result} /> : stateText(result)}
            </span>
            {steps.length > 0 && (
              <button
                type="button"
                className="ovr-icon-button"
                aria-label={text('save.undoLabel')}
                title={text('save.undoLabel')}
                onClick={undo}
              >
                <UndoIcon />
              </button>
            )}
            {!canVerify && saveButton}
          </div>
          {canVerify && (
            <div className="ovr-row ovr-end">
              <VerifyButton focused={question === 'cancelled'} onOpen={() => setQuestion('open')} />
              {saveButton}
            </div>
          )}
        </>
      )}
      {isReviewed && undecided(result) > 0 && saving.kind === 'idle' && (
        <p className="ovr-note">{text('verify.left', { count: undecided(result) })}</p>
      )}
      {!canStore.ok && <p className="ovr-note">{text('save.cannot', { reason: canStore.reason })}</p>}
    </footer>
  );
}

/** Whose act stands in the archive, and when it was. */
function Verified({ result }: { readonly result: Result }) {
  const verification = result.stored?.verification;
  if (verification == null) return null;
  const { observer, at } = verification;
  return (
    <span className="ovr-verified">
      <AcceptIcon />
      {text('save.verified', { name: readableName(observer), time: momentText(at, new Date()) })}
    </span>
  );
}

/** What was verified before stays so; what was decided since is not. */
function VerifiedBefore({ result }: { readonly result: Result }) {
  const verification = result.stored?.verification;
  if (verification == null || unsavedDecisions(result) === 0) return null;
  return <p className="ovr-note">{text('save.verifiedBefore', { name: readableName(verification.observer) })}</p>;
}

function stateText(result: Result): string {
  const { saving, stored } = result;
  if (saving.kind === 'working') return text(`save.${saving.step}`, { object: saving.object ?? '' });
  const count = unsavedDecisions(result);
  if (count > 0) return text('save.unsaved', { count });
  if (stored === null) return text('save.unsavedResult');
  return stored.savedAt === null
    ? text('save.stored')
    : text('save.saved', { time: momentText(stored.savedAt, new Date()) });
}
