import { unsavedElsewhere, type ReadingRoom } from '../analysis/index.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { ModelList } from './ModelList.tsx';
import { OtherResults } from './OtherResults.tsx';
import { ResultList } from './ResultList.tsx';
import { RoomProvider, useRoomState } from './room-context.ts';
import { SaveBar } from './SaveBar.tsx';
import { SeriesHead } from './SeriesHead.tsx';
import { text } from '../text/index.ts';

/**
 * Keys by which controls are operated. The viewer binds some of them on the whole page (Enter, arrows) and would
 * press no button of ours with them, or scroll the images too; its other shortcuts work from within the panel.
 */
const controlKeys: ReadonlySet<string> = new Set([
  ...['Enter', ' ', 'Escape', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'],
  ...['Home', 'End', 'PageUp', 'PageDown'],
]);

/** The whole panel: which series, what was found, what can be run, what is saved. */
export function Panel({ room }: { readonly room: ReadingRoom }) {
  return (
    <RoomProvider value={room}>
      <div
        className="ovr-root"
        onKeyDown={(event) => {
          if (controlKeys.has(event.key)) event.stopPropagation();
        }}
      >
        <header className="ovr-head">
          <h2 className="ovr-title">{text('panel.title')}</h2>
          <span className="ovr-pill">{text('panel.researchOnly')}</span>
        </header>
        <SeriesHead />
        <div className="ovr-body">
          <Notes />
          <ErrorBoundary>
            <ResultList />
          </ErrorBoundary>
          <ErrorBoundary>
            <ModelList />
          </ErrorBoundary>
          <ErrorBoundary>
            <OtherResults />
          </ErrorBoundary>
        </div>
        <ErrorBoundary>
          <SaveBar />
        </ErrorBoundary>
      </div>
    </RoomProvider>
  );
}

/** What concerns more than this series: faults of the settings, unsaved work in other studies. */
function Notes() {
  const problems = useRoomState((state) => state.configProblems);
  const count = useRoomState(unsavedElsewhere);
  return (
    <>
      {count > 0 && <p className="ovr-warning">{text('panel.elsewhere', { count })}</p>}
      {problems.length > 0 && (
        <div className="ovr-problem" role="alert">
          <strong>{text('panel.settings')}</strong>
          {problems.map(({ field, why }) => (
            <p key={`${field} ${why}`}>{`${field}: ${why}`}</p>
          ))}
          <p className="ovr-note">{text('panel.settingsHint')}</p>
        </div>
      )}
    </>
  );
}
