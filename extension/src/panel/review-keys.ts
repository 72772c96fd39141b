import type { Finding } from '@overread/core/analysis';
import { rejectionReasons } from '@overread/core/dicom';
import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { useActions } from './room-context.ts';

export interface ReviewKeys {
  readonly onKeyDown: (event: KeyboardEvent) => void;
  /** Tracking UID of the finding whose reason of rejection is asked for, or null. */
  readonly asking: string | null;
  readonly ask: (trackingUID: string | null) => void;
}

/**
 * The list's keys: arrows, Home and End move; A accepts; R asks why, and a digit answers (Enter: no reason);
 * U undoes; Escape closes the question. A decision moves on to the next finding. The keys stay here: the viewer has
 * meanings of its own for them.
 */
export function useReviewKeys(
  list: RefObject<HTMLOListElement>,
  findings: readonly Finding[],
  selected: string | null,
): ReviewKeys {
  const { select, decide, undo } = useActions();
  const moveFocus = useRef(false);
  const [asking, ask] = useState<string | null>(null);

  useEffect(() => {
    if (!moveFocus.current || selected === null) return;
    moveFocus.current = false;
    const row = list.current?.querySelector<HTMLElement>(`[data-finding="${CSS.escape(selected)}"]`);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  }, [list, selected]);

  const at = findings.findIndex(({ trackingUID }) => trackingUID === selected);
  const goTo = (index: number) => {
    const finding = findings[Math.max(0, Math.min(findings.length - 1, index))];
    if (finding === undefined || finding.trackingUID === selected) return;
    moveFocus.current = true;
    ask(null);
    select(finding.trackingUID);
  };
  const answer = (reason: (typeof rejectionReasons)[number] | null) => {
    if (asking === null) return;
    decide(asking, { state: 'rejected', reason });
    ask(null);
    goTo(at + 1);
  };

  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => goTo(at + 1),
    ArrowUp: () => goTo(at - 1),
    Home: () => goTo(0),
    End: () => goTo(findings.length - 1),
    a: () => {
      if (selected === null) return;
      decide(selected, { state: 'accepted', reason: null });
      goTo(at + 1);
    },
    r: () => ask(selected),
    u: () => undo(),
    Escape: () => ask(null),
    ...(asking === null
      ? {}
      : Object.fromEntries(rejectionReasons.map((reason, index) => [String(index + 1), () => answer(reason)]))),
  };

  return {
    asking,
    ask,
    onKeyDown(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (act === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    },
  };
}
