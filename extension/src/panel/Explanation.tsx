import type { Analysis, Finding } from '@overread/core/analysis';
import { explainable, greatestFall, openResult, type Explained, type Explaining } from '../analysis/index.ts';
import { changeText, leastSeen } from './format.ts';
import { HeatLegend } from './HeatLegend.tsx';
import { ProblemNote } from './ProblemNote.tsx';
import { StageView } from './RunView.tsx';
import { useActions, useRoomState } from './room-context.ts';
import { text } from '../text/index.ts';

interface Props {
  readonly finding: Finding;
  readonly analysis: Analysis;
  /** What the finding is called in the labels of controls. */
  readonly name: string;
}

/** What the score of a finding rests on: a way to ask for it, how far it is, and what the map on the images means. */
export function Explanation({ finding, analysis, name }: Props) {
  const explained = useRoomState((state) => openResult(state)?.explained ?? null);
  const explaining = useRoomState((state) => openResult(state)?.explaining ?? null);
  const { trackingUID } = finding;
  if (explaining?.trackingUID === trackingUID) return <Underway explaining={explaining} name={name} />;
  if (explained?.trackingUID === trackingUID) return <Shown explained={explained} finding={finding} />;
  return <Ask finding={finding} analysis={analysis} name={name} />;
}

function Ask({ finding, analysis, name }: Props) {
  const { explain } = useActions();
  const canBe = useRoomState((state) => explainable(state, analysis, finding) !== null);
  const place = useRoomState((state) => state.places[state.place]);
  if (!canBe) return null;
  const why = place?.ok === false ? text('explain.noPlace', { reason: place.reason }) : undefined;
  return (
    <div className="ovr-explain">
      <button
        type="button"
        className="ovr-link"
        aria-label={text('explain.showLabel', { name })}
        disabled={why !== undefined}
        title={why}
        onClick={() => explain(finding.trackingUID)}
      >
        {text('explain.show')}
      </button>
    </div>
  );
}

function Underway({ explaining: { state }, name }: { readonly explaining: Explaining; readonly name: string }) {
  const { cancelExplaining } = useActions();
  if (state.kind === 'failed') {
    return (
      <div className="ovr-explain">
        <ProblemNote title={text('explain.failed')} problem={state.problem} />
        <button type="button" className="ovr-link" onClick={cancelExplaining}>
          {text('run.dismiss')}
        </button>
      </div>
    );
  }
  return (
    <div className="ovr-explain">
      {state.kind === 'queued' ? (
        <p className="ovr-note">{text('run.queued')}</p>
      ) : (
        <StageView progress={state.progress} title={name} covering />
      )}
      <div className="ovr-row">
        <span className="ovr-grow ovr-quiet">{text('explain.leaving')}</span>
        <button
          type="button"
          className="ovr-button"
          aria-label={text('explain.cancelLabel', { name })}
          onClick={cancelExplaining}
        >
          {text('run.cancel')}
        </button>
      </div>
    </div>
  );
}

function Shown({ explained: { heatMap }, finding }: { readonly explained: Explained; readonly finding: Finding }) {
  const { goToExplanation, dropExplanation } = useActions();
  const { label } = finding;
  const fall = greatestFall(heatMap);
  const heading = text('explain.heading', { label });
  return (
    <section className="ovr-explain" aria-label={heading}>
      <h4 className="ovr-title">{heading}</h4>
      <div role="status">
        {fall > 0 ? (
          <>
            <HeatLegend heatMap={heatMap} says="explain.legend" />
            <p className="ovr-note">{text('explain.meaning', { fall: changeText(fall) })}</p>
            {fall < leastSeen(finding) && <p className="ovr-warning">{text('explain.hardly')}</p>}
          </>
        ) : (
          <p className="ovr-note">{text('explain.nowhere')}</p>
        )}
        <p className="ovr-note">{text('explain.kept')}</p>
      </div>
      <div className="ovr-row">
        <span className="ovr-grow">
          {fall > 0 && (
            <button type="button" className="ovr-link" onClick={goToExplanation}>
              {text('explain.goTo')}
            </button>
          )}
        </span>
        <button
          type="button"
          className="ovr-link"
          aria-label={text('explain.dropLabel', { label })}
          onClick={dropExplanation}
        >
          {text('explain.drop')}
        </button>
      </div>
    </section>
  );
}
