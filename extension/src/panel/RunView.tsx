import { Progress } from 'radix-ui';
import type { Progress as RunProgress } from '@overread/core/pipeline';
import type { Run } from '../analysis/index.ts';
import { timeLeftText } from './format.ts';
import { ProblemNote } from './ProblemNote.tsx';
import { useActions } from './room-context.ts';
import { text } from '../text/index.ts';

/** A run on its way, or how it ended where it gave no result. */
export function RunView({ run }: { readonly run: Run }) {
  const { cancel, dismiss } = useActions();
  const { title } = run.model;
  switch (run.state.kind) {
    case 'done':
      return null;
    case 'queued':
    case 'running':
      return (
        <div>
          {run.state.kind === 'queued' ? (
            <p className="ovr-note">{text('run.queued')}</p>
          ) : (
            <StageView progress={run.state.progress} title={title} />
          )}
          <button
            type="button"
            className="ovr-button"
            aria-label={text('run.cancelLabel', { title })}
            onClick={() => cancel(run)}
          >
            {text('run.cancel')}
          </button>
        </div>
      );
    case 'cancelled':
      return (
        <p className="ovr-note" role="status">
          {text('run.cancelled')}{' '}
          <button type="button" className="ovr-link" onClick={() => dismiss(run)}>
            {text('run.dismiss')}
          </button>
        </p>
      );
    case 'failed':
      return (
        <>
          <ProblemNote problem={run.state.problem} />
          <button type="button" className="ovr-link" onClick={() => dismiss(run)}>
            {text('run.dismiss')}
          </button>
        </>
      );
  }
}

/** What a run is at, how far, and how long it takes from here. */
export function StageView({
  progress,
  title,
  covering = false,
}: {
  readonly progress: RunProgress | null;
  readonly title: string;
  /** Whether what runs of the graph count is blocks that are covered, not tiles. */
  readonly covering?: boolean;
}) {
  const isCovering = covering && progress?.stage === 'tile';
  const named = progress === null ? text('run.starting') : text(`run.${progress.stage}`);
  const stage = isCovering ? text('explain.running') : named;
  const left = progress === null ? null : timeLeftText(progress.remainingMilliseconds);
  const share = progress === null || progress.total === 0 ? null : Math.min(1, progress.done / progress.total);
  return (
    <>
      <div className="ovr-finding-line ovr-quiet">
        <span>
          {stage}
          {progress !== null &&
            progress.total > 0 &&
            ` · ${isCovering ? text('explain.count', { done: progress.done, total: progress.total }) : countText(progress)}`}
        </span>
        {left !== null && <span>{left}</span>}
      </div>
      {/* Only the stage is spoken: a screen reader that counts tiles is of no help. */}
      <span className="ovr-hidden" role="status">
        {`${title}: ${stage}`}
      </span>
      <Progress.Root
        className="ovr-progress"
        value={share === null ? null : Math.round(share * 100)}
        aria-label={`${title}: ${stage}`}
      >
        <Progress.Indicator style={share === null ? {} : { width: `${(share * 100).toFixed(1)}%` }} />
      </Progress.Root>
    </>
  );
}

function countText({ unit, done, total }: RunProgress): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  return unit === 'bytes'
    ? text('run.count.bytes', { done: megabytes(done), total: megabytes(total) })
    : text(`run.count.${unit}`, { done, total });
}
