import { useEffect, useRef } from 'react';
import { markedThings, type CatalogueModel, type RoomState } from '../analysis/index.ts';
import type { SeriesSummary } from '../host/types.ts';
import { MarkIcon } from './icons.tsx';
import { MarkingView } from './MarkingView.tsx';
import { ModelAbout } from './ModelAbout.tsx';
import { ModelName } from './ModelName.tsx';
import { useActions, useRoomState } from './room-context.ts';
import { text } from '../text/index.ts';

/** A model that answers marks in place of running by itself. */
export function MarkingCard({ model, series }: { readonly model: CatalogueModel; readonly series: SeriesSummary }) {
  const { mark } = useActions();
  const { title, summary } = model.manifest;
  const marking = useRoomState((state) => state.marking);
  const cannot = useRoomState(whyNot);
  const isOnServer = useRoomState((state) => state.place === 'server');
  const isOpen = marking?.model.url === model.url && marking.seriesInstanceUID === series.seriesInstanceUID;
  const button = useFocusOnReturn(isOpen);
  if (isOpen) {
    return (
      <article className="ovr-card" aria-label={title}>
        <ModelName model={model} />
        <MarkingView marking={marking} />
      </article>
    );
  }
  const note = cannot ?? (isOnServer ? text('models.markBrowserOnly') : null);
  return (
    <article className="ovr-card" aria-label={title}>
      <div className="ovr-row">
        <div className="ovr-grow">
          <ModelName model={model} />
        </div>
        <button
          ref={button}
          type="button"
          className="ovr-button ovr-primary"
          aria-label={text('models.markLabel', { title })}
          disabled={cannot !== null}
          onClick={() => mark(model)}
        >
          <MarkIcon />
          {text('models.mark')}
        </button>
      </div>
      <p className="ovr-note">{summary}</p>
      {note !== null && <p className="ovr-warning">{note}</p>}
      <ModelAbout manifest={model.manifest} />
    </article>
  );
}

/** Why nothing can be marked now, or null. */
function whyNot({ places, marking }: RoomState): string | null {
  if (places.browser?.ok === false) return text('models.markNoBrowser', { reason: places.browser.reason });
  return marking === null || (marking.state.kind === 'failed' && markedThings(marking.state).length === 0)
    ? null
    : text('models.markBusy', { title: marking.model.manifest.title });
}

/** The button that opens the tool has the focus again when the tool has taken it along. */
function useFocusOnReturn(isOpen: boolean) {
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    const { activeElement, body } = document;
    if (wasOpen.current && !isOpen && (activeElement === null || activeElement === body)) {
      button.current?.focus({ preventScroll: true });
    }
    wasOpen.current = isOpen;
  }, [isOpen]);
  return button;
}
