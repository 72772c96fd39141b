import { ToggleGroup } from 'radix-ui';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { markedThings, type Marking, type OpenMarking } from '../analysis/index.ts';
import { AcceptIcon, UndoIcon } from './icons.tsx';
import { ProblemNote } from './ProblemNote.tsx';
import { useActions } from './room-context.ts';
import { StageView } from './RunView.tsx';
import { text } from '../text/index.ts';

/** The marking tool while it is on. */
export function MarkingView({ marking }: { readonly marking: Marking }) {
  const { marking: act } = useActions();
  const { title } = marking.model.manifest;
  const { state } = marking;
  const held = markedThings(state).length;
  const view = useRef<HTMLDivElement>(null);

  // The viewer may put another panel in place of this one: then its own tools are meant.
  useEffect(() => {
    act.pause(false);
    return () => act.pause(true);
  }, [act]);

  // The button that opened it is gone: the focus would be lost with it.
  useEffect(() => view.current?.focus({ preventScroll: true }), []);

  return (
    <div
      ref={view}
      className="ovr-marking"
      role="group"
      aria-label={text('marking.heading', { title })}
      tabIndex={-1}
      onKeyDown={(event) => onKey(event, act)}
    >
      {state.kind === 'opening' && <StageView progress={state.progress} title={title} />}
      {state.kind === 'open' && <OpenView state={state} />}
      {state.kind === 'failed' && <ProblemNote title={text('marking.failed')} problem={state.problem} />}
      {state.kind !== 'open' && held > 0 && <HeldKeys count={held} canReopen={state.kind === 'failed'} />}
      {(state.kind === 'open' ? !state.asksToDiscard : held === 0) && (
        <div className="ovr-marking-keys">
          {state.kind === 'open' && <DoneButton state={state} />}
          <button
            type="button"
            className="ovr-button"
            aria-label={text('marking.cancelLabel', { title })}
            onClick={act.cancel}
          >
            {text(state.kind === 'failed' ? 'run.dismiss' : 'marking.cancel')}
          </button>
        </div>
      )}
    </div>
  );
}

/** What was marked is still there while the model is not. */
function HeldKeys({ count, canReopen }: { readonly count: number; readonly canReopen: boolean }) {
  const { marking: act } = useActions();
  return (
    <>
      <p className="ovr-quiet">{text('marking.held', { count })}</p>
      <div className="ovr-marking-keys">
        {canReopen && (
          <button type="button" className="ovr-button ovr-primary" onClick={act.reopen}>
            {text('models.retry')}
          </button>
        )}
        <button type="button" className="ovr-button" onClick={act.discard}>
          {text('marking.discardHeld', { count })}
        </button>
      </div>
    </>
  );
}

/** The keys that the viewports know too, with the focus in the panel. */
function onKey(event: KeyboardEvent, act: ReturnType<typeof useActions>['marking']): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const isUndo = event.key === 'Backspace' || event.key === 'Delete';
  if (!isUndo && event.key !== 'Escape') return;
  event.preventDefault();
  event.stopPropagation();
  if (isUndo) act.undo();
  else act.cancel();
}

function OpenView({ state }: { readonly state: OpenMarking }) {
  const { marking: act } = useActions();
  const { thing, kept, problem, phase, isEmpty, asksToDiscard } = state;
  const isFree = phase !== 'keeping';
  const hasMarks = thing.marks.length > 0;
  return (
    <>
      <div>
        <p>{text('marking.hint')}</p>
        <p className="ovr-note">{text('marking.hintKeys')}</p>
      </div>
      <ClickChoice outside={state.outside} />
      <div>
        <p role="status">{text(`marking.${phase}`)}</p>
        <p className="ovr-quiet">{countText(state)}</p>
      </div>
      {isEmpty && problem === null && (
        <p className="ovr-warning" role="status">
          {text('marking.empty')}
        </p>
      )}
      {problem !== null && (
        <ProblemNote
          problem={
            state.reopened === null ? problem : { ...problem, remedy: text(`marking.reopened.${state.reopened}`) }
          }
        />
      )}
      {asksToDiscard ? (
        <DiscardQuestion count={markedThings(state).length} />
      ) : (
        <div className="ovr-marking-keys">
          <button
            type="button"
            className="ovr-button"
            title={text('marking.undoLabel')}
            disabled={!isFree || (!hasMarks && kept.length === 0)}
            onClick={act.undo}
          >
            <UndoIcon />
            {text('marking.undo')}
          </button>
          <button
            type="button"
            className="ovr-button"
            title={text('marking.clearLabel')}
            disabled={!isFree || !hasMarks}
            onClick={act.clear}
          >
            {text('marking.clear')}
          </button>
          <button
            type="button"
            className="ovr-button"
            aria-label={text('marking.keepLabel')}
            title={text('marking.keepLabel')}
            disabled={phase !== 'ready' || thing.masks.length === 0}
            onClick={act.keep}
          >
            {text('marking.keep')}
          </button>
        </div>
      )}
    </>
  );
}

/** What a click without a key means: for whoever has no keyboard at hand. */
function ClickChoice({ outside }: { readonly outside: boolean }) {
  const { marking: act } = useActions();
  return (
    <div className="ovr-row">
      <span className="ovr-quiet" id="ovr-click">
        {text('marking.click')}
      </span>
      <ToggleGroup.Root
        className="ovr-segmented"
        type="single"
        value={outside ? 'outside' : 'inside'}
        aria-labelledby="ovr-click"
        onValueChange={(value) => {
          if (value !== '') act.setOutside(value === 'outside');
        }}
      >
        <ToggleGroup.Item value="inside">{text('marking.inside')}</ToggleGroup.Item>
        <ToggleGroup.Item value="outside">{text('marking.outside')}</ToggleGroup.Item>
      </ToggleGroup.Root>
    </div>
  );
}

function DoneButton({ state }: { readonly state: OpenMarking }) {
  const { marking: act } = useActions();
  const count = markedThings(state).length;
  return (
    <button
      type="button"
      className="ovr-button ovr-primary"
      disabled={count === 0 || state.phase !== 'ready'}
      onClick={act.done}
    >
      <AcceptIcon />
      {count === 0 ? text('marking.doneNone') : text('marking.done', { count })}
    </button>
  );
}

function DiscardQuestion({ count }: { readonly count: number }) {
  const { marking: act } = useActions();
  const question = text('marking.discardAsk', { count });
  return (
    <div className="ovr-warning" role="group" aria-label={question}>
      <p role="alert">{question}</p>
      <div className="ovr-marking-keys ovr-end">
        <button type="button" className="ovr-button" onClick={act.cancel}>
          {text('marking.discard')}
        </button>
        <button type="button" className="ovr-button ovr-primary" autoFocus onClick={act.goOn}>
          {text('marking.goOn')}
        </button>
      </div>
    </div>
  );
}

/** `2 marks on 1 slice · 3 kept`. */
function countText({ thing, kept }: OpenMarking): string {
  const slices = new Set(thing.marks.map(({ slice }) => slice).filter((slice) => slice !== null)).size;
  const marks = thing.marks.length;
  const parts = [
    marks === 0
      ? null
      : [text('marking.marks', { count: marks }), slices === 0 ? null : text('marking.slices', { count: slices })]
          .filter((part) => part !== null)
          .join(' '),
    kept.length === 0 ? null : text('marking.kept', { count: kept.length }),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
