import type { Problem } from '../analysis/index.ts';
import { Disclosure } from './Disclosure.tsx';
import { text } from '../text/index.ts';

/** What failed, why, and what the person can do; the technical part is folded away. */
export function ProblemNote({ problem, title }: { readonly problem: Problem; readonly title?: string }) {
  return (
    <div className="ovr-problem" role="alert">
      {title !== undefined && <strong>{title}</strong>}
      <p>{problem.message}</p>
      <p className="ovr-note">{problem.remedy}</p>
      <Disclosure title={text('problem.details')}>
        <code>{problem.code}</code>
        {problem.details.map((detail) => (
          <code key={detail}>{detail}</code>
        ))}
      </Disclosure>
    </div>
  );
}
