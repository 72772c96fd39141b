import type { ReactNode } from 'react';
import { currentRecord, currentSeries, resultsOfSeries, unsavedDecisions, type Result } from '../analysis/index.ts';
import { Disclosure } from './Disclosure.tsx';
import { momentText } from './format.ts';
import { ChevronIcon } from './icons.tsx';
import { ProblemNote } from './ProblemNote.tsx';
import { ResultView } from './ResultView.tsx';
import { useActions, useRoomState } from './room-context.ts';
import { text } from '../text/index.ts';
import { Unhurried } from './Unhurried.tsx';

/** The results of the series, from runs of this sitting and from the archive; one is open and drawn. */
export function ResultList() {
  const record = useRoomState(currentRecord);
  const series = useRoomState(currentSeries);
  if (series === null) return null;
  const results = resultsOfSeries(record, series.seriesInstanceUID);
  return (
    <section className="ovr-section" aria-label={text('result.heading')}>
      <h2>{text('result.heading')}</h2>
      {results.map((result) => (
        <ResultCard key={result.analysis.uid} result={result} open={record.open === result.analysis.uid} />
      ))}
      {results.length === 0 && record.archive.kind !== 'looking' && (
        <p className="ovr-empty ovr-quiet">{text('result.none')}</p>
      )}
      <ArchiveNote />
    </section>
  );
}

function ResultCard({ result, open }: { readonly result: Result; readonly open: boolean }) {
  const { open: show } = useActions();
  const { uid, model, finishedAt } = result.analysis;
  const content = `ovr-result-${uid}`;
  return (
    <div className={open ? 'ovr-card ovr-card-open' : 'ovr-card'}>
      <button
        type="button"
        className="ovr-row ovr-disclosure-trigger"
        data-state={open ? 'open' : 'closed'}
        aria-expanded={open}
        aria-controls={content}
        onClick={() => show(open ? null : uid)}
      >
        <ChevronIcon />
        <span className="ovr-grow ovr-title">
          {text('result.version', { title: model.title, version: model.version })}
        </span>
        <span className="ovr-quiet">{momentText(finishedAt, new Date())}</span>
        <StateChip result={result} />
      </button>
      <div id={content}>
        {open && (
          <Unhurried>
            <ResultView result={result} />
          </Unhurried>
        )}
      </div>
    </div>
  );
}

function StateChip({ result }: { readonly result: Result }): ReactNode {
  const count = unsavedDecisions(result);
  if (count > 0) return <span className="ovr-chip ovr-chip-warn">{text('result.changed', { count })}</span>;
  if (result.stored === null) return <span className="ovr-chip ovr-chip-warn">{text('result.notStored')}</span>;
  const state = result.stored.verification === null ? 'result.stored' : 'result.verified';
  return <span className="ovr-chip ovr-chip-good">{text(state)}</span>;
}

/** How the look into the archive went. */
function ArchiveNote(): ReactNode {
  const { lookInArchive } = useActions();
  const archive = useRoomState((state) => currentRecord(state).archive);
  switch (archive.kind) {
    case 'unknown':
      return null;
    case 'looking':
      return (
        <p className="ovr-empty ovr-quiet" role="status">
          {text('result.looking')}
        </p>
      );
    case 'failed':
      return (
        <>
          <ProblemNote title={text('result.lookFailed')} problem={archive.problem} />
          <button type="button" className="ovr-button" onClick={lookInArchive}>
            {text('result.lookAgain')}
          </button>
        </>
      );
    case 'ready':
      return archive.problems.length === 0 ? null : (
        <>
          <Disclosure title={`${text('result.unreadable')} (${archive.problems.length})`} defaultOpen>
            {archive.problems.map((problem) => (
              <p className="ovr-warning" key={problem}>
                {problem}
              </p>
            ))}
          </Disclosure>
          <button type="button" className="ovr-button" onClick={lookInArchive}>
            {text('result.lookAgain')}
          </button>
        </>
      );
  }
}
