import type { Analysis } from '@overread/core/analysis';
import { useEffect, useId, useRef, useState } from 'react';
import { readableName } from './format.ts';
import { NameForm } from './NameForm.tsx';
import { useActions, useRoomState } from './room-context.ts';
import { text } from '../text/index.ts';

/** Opens the question whether to verify. */
export function VerifyButton({ focused, onOpen }: { readonly focused: boolean; readonly onOpen: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  // The focus comes back here when the question is closed.
  useEffect(() => {
    if (focused) button.current?.focus();
  }, [focused]);
  return (
    <button
      ref={button}
      type="button"
      className="ovr-button"
      title={text('verify.openHint')}
      aria-expanded={false}
      onClick={onOpen}
    >
      {text('verify.open')}
    </button>
  );
}

/**
 * The explicit act of verifying: what it says, in whose name, a statement to be ticked, and only then the button. Nothing
 * here is the default of any key.
 */
export function VerifyReport({ analysis, onClose }: { readonly analysis: Analysis; readonly onClose: () => void }) {
  const { verify } = useActions();
  const reader = useRoomState((state) => state.reader);
  const [agreed, agree] = useState(false);
  const heading = useId();
  const effect = useId();
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => group.current?.focus(), []);
  return (
    <div
      ref={group}
      className="ovr-verify"
      role="group"
      tabIndex={-1}
      aria-labelledby={heading}
      aria-describedby={effect}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <h3 id={heading} className="ovr-title">
        {text('verify.heading')}
      </h3>
      <div id={effect}>
        <p>{whatText(analysis)}</p>
        <p className="ovr-note">{text('verify.effect')}</p>
      </div>
      {reader.name === null ? (
        <>
          <p className="ovr-warning">{text('verify.needsName')}</p>
          <NameForm label={text('verify.name')} />
        </>
      ) : (
        <label className="ovr-check">
          <input type="checkbox" checked={agreed} onChange={(event) => agree(event.target.checked)} />
          <span>{text('verify.statement', { name: readableName(reader.name) })}</span>
        </label>
      )}
      <div className="ovr-row ovr-end">
        <button type="button" className="ovr-button" onClick={onClose}>
          {text('verify.cancel')}
        </button>
        <button
          type="button"
          className="ovr-button ovr-primary"
          disabled={!agreed || reader.name === null}
          onClick={() => void verify()}
        >
          {text('verify.confirm')}
        </button>
      </div>
    </div>
  );
}

/** What is verified, in numbers. */
function whatText({ model: { title, version }, findings }: Analysis): string {
  if (findings.length === 0) return text('verify.whatNone', { title, version });
  const rejected = findings.filter(({ review }) => review.state === 'rejected').length;
  return text('verify.what', { title, version, accepted: findings.length - rejected, rejected });
}
