import { Component, type ReactNode } from 'react';
import { problemOf, type Problem } from '../analysis/index.ts';
import { ProblemNote } from './ProblemNote.tsx';
import { text } from '../text/index.ts';

interface Props {
  readonly children: ReactNode;
}

/** A view that cannot be drawn says so and can be drawn again; results and decisions lie in the room, not in the view. */
export class ErrorBoundary extends Component<Props, { readonly problem: Problem | null }> {
  override state: { readonly problem: Problem | null } = { problem: null };

  static getDerivedStateFromError(error: unknown): { readonly problem: Problem } {
    return { problem: problemOf(error) };
  }

  override render(): ReactNode {
    const { problem } = this.state;
    if (problem === null) return this.props.children;
    return (
      <div>
        <ProblemNote title={text('panel.failed')} problem={problem} />
        <p className="ovr-note">{text('save.kept')}</p>
        <button type="button" className="ovr-button" onClick={() => this.setState({ problem: null })}>
          {text('panel.again')}
        </button>
      </div>
    );
  }
}
