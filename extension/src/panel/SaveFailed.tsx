import type { Result } from '../analysis/index.ts';
import { ProblemNote } from './ProblemNote.tsx';
import { useActions } from './room-context.ts';
import { text } from '../text/index.ts';

/** What was refused, what is safe, and how to go on without the object that was refused. */
export function SaveFailed({ saving }: { readonly saving: Extract<Result['saving'], { kind: 'failed' }> }) {
  const { save } = useActions();
  const { problem, pending } = saving;
  // An archive that is down or only reads would not take the report either.
  const isAboutObject = problem.code === 'save.refused' || problem.code === 'save.not-kept';
  const refused = isAboutObject ? pending?.objects[0]?.kind : undefined;
  const isReport = refused === 'SR' || refused === 'SR-PART';
  return (
    <>
      <ProblemNote problem={problem} />
      <p className="ovr-note">
        {pending !== null && pending.stored.length > 0
          ? text('save.partly', { count: pending.stored.length })
          : text('save.kept')}
      </p>
      {refused !== undefined && !isReport && (
        <button type="button" className="ovr-link ovr-wrap" onClick={() => void save({ leaveOut: refused })}>
          {text('save.without', { object: text(`save.object.${refused}`) })}
        </button>
      )}
    </>
  );
}
