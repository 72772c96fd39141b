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

  const placeOf = (uid: string | null) => findings.findIndex(({ trackingUID }) => trackingUID === uid);
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
    goTo(placeOf(asking) + 1);
  };

  /** @param current Tracking UID of the finding that the keys are meant for, or null. */
  const keysFor = (current: string | null): Readonly<Record<string, () => void>> => ({
    // Where none is marked yet, the first.
    ArrowDown: () => goTo(selected === null ? 0 : placeOf(current) + 1),
    ArrowUp: () => goTo(placeOf(current) - 1),
    Home: () => goTo(0),
    End: () => goTo(findings.length - 1),
    a: () => {
      if (current === null) return;
      decide(current, { state: 'accepted', reason: null });
      ask(null);
      goTo(placeOf(current) + 1);
    },
    r: () => ask(current),
    u: () => undo(),
    Escape: () => ask(null),
    ...(asking === null
      ? {}
      : Object.fromEntries(rejectionReasons.map((reason, index) => [String(index + 1), () => answer(reason)]))),
  });

  return {
    asking,
    ask,
    onKeyDown(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      // Enter presses whatever button has the focus; it answers only where that is the finding asked about.
      const isAsked = event.target instanceof HTMLElement && event.target.dataset['finding'] === asking;
      const act =
        event.key === 'Enter' && isAsked
          ? () => answer(null)
          : keysFor(findingAt(event.target) ?? selected)[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (act === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    },
  };
}

/** Tracking UID of the finding whose row the focus is in, be it on one of its buttons; null outside of any. */
function findingAt(target: EventTarget): string | null {
  const row = target instanceof Element ? target.closest('li')?.querySelector<HTMLElement>('[data-finding]') : null;
  return row?.dataset['finding'] ?? null;
}
