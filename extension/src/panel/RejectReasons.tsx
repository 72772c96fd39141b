import { rejectionReasons } from '@overread/core/dicom';
import { useEffect, useRef } from 'react';
import { useActions } from './room-context.ts';
import { text } from '../text/index.ts';

/** Why a finding is rejected, asked in place; the digits answer too. */
export function RejectReasons({
  name,
  trackingUID,
  onClose,
}: {
  readonly name: string;
  readonly trackingUID: string;
  readonly onClose: () => void;
}) {
  const { decide } = useActions();
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<Element | null>(null);
  /** The focus goes back to where the question came from, lest it be lost with the buttons. */
  const close = () => {
    if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
    onClose();
  };
  const reject = (reason: (typeof rejectionReasons)[number] | null) => {
    decide(trackingUID, { state: 'rejected', reason });
    close();
  };
  useEffect(() => {
    opener.current = document.activeElement;
    // In newer browsers it answers with a promise, which must not be taken for a clean-up.
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div
      ref={box}
      className="ovr-reasons"
      role="group"
      aria-label={text('findings.why', { name })}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      <p className="ovr-note">{text('findings.why', { name })}</p>
      {rejectionReasons.map((reason, index) => (
        <button type="button" key={reason.value} onClick={() => reject(reason)}>
          <kbd aria-hidden="true">{index + 1}</kbd>
          {reason.meaning}
        </button>
      ))}
      <div className="ovr-row">
        <button type="button" onClick={() => reject(null)}>
          {text('findings.whyNone')}
        </button>
        <button type="button" onClick={close}>
          {text('findings.whyBack')}
        </button>
      </div>
    </div>
  );
}
