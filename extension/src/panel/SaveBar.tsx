import { currentSeries, openResult, unsavedDecisions, type Result } from '../analysis/index.ts';
import { momentText } from './format.ts';
import { UndoIcon } from './icons.tsx';
import { ProblemNote } from './ProblemNote.tsx';
import { ReaderName } from './ReaderName.tsx';
import { useActions, useRoomState } from './room-context.ts';
import { text } from '../text/index.ts';

/** Saving the open result: what is unsaved, what is going on, what was refused. Always in sight while a result is open. */
export function SaveBar() {
  const { save, undo } = useActions();
  const result = useRoomState(openResult);
  const canStore = useRoomState((state) => state.canStore);
  const isAsked = useRoomState((state) => state.reader.asked);
  const series = useRoomState(currentSeries);
  if (result === null || result.analysis.source.seriesInstanceUID !== series?.seriesInstanceUID) return null;
  const { saving, steps } = result;
  const isReviewed = result.analysis.findings.some(({ review }) => review.state !== 'unreviewed');
  const working = saving.kind === 'working';
  const upToDate = result.stored !== null && unsavedDecisions(result) === 0 && saving.kind === 'idle';
  return (
    <footer className="ovr-foot">
      {saving.kind === 'failed' && <Failed result={result} />}
      {result.stored?.note != null && <p className="ovr-warning">{result.stored.note}</p>}
      {isReviewed && saving.kind !== 'failed' && (isAsked || !upToDate) && <ReaderName />}
      <div className="ovr-row">
        <span className="ovr-grow ovr-quiet" role="status">
          {stateText(result)}
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
        <button
          type="button"
          className={upToDate ? 'ovr-button' : 'ovr-button ovr-primary'}
          disabled={working || upToDate || !canStore.ok}
          onClick={() => void save()}
        >
          {text(saving.kind === 'failed' ? 'save.again' : 'save.button')}
        </button>
      </div>
      {!canStore.ok && <p className="ovr-note">{text('save.cannot', { reason: canStore.reason })}</p>}
    </footer>
  );
}

function Failed({ result }: { readonly result: Result }) {
  const { save } = useActions();
  if (result.saving.kind !== 'failed') return null;
  const { problem, pending } = result.saving;
  // An archive that is down or only reads would not take the report either.
  const isAboutObject = problem.code === 'save.refused' || problem.code === 'save.not-kept';
  const refusedMask = isAboutObject && pending?.objects[0]?.kind === 'SEG';
  return (
    <>
      <ProblemNote problem={problem} />
      <p className="ovr-note">
        {pending !== null && pending.stored.length > 0
          ? text('save.partly', { count: pending.stored.length })
          : text('save.kept')}
      </p>
      {refusedMask && (
        <button type="button" className="ovr-link" onClick={() => void save({ withoutSegmentation: true })}>
          {text('save.withoutMask')}
        </button>
      )}
    </>
  );
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
