const name = 'overread-marking';

/** A crosshair over viewports that can be marked in, whatever cursor the viewer's tool at work has. */
export function ownCursor(): {
  /** The pointer is over this viewport now, or over none. */
  readonly over: (element: HTMLElement | null) => void;
  readonly remove: () => void;
} {
  const style = document.createElement('style');
  style.textContent = `.${name}, .${name} * { cursor: crosshair !important; }`;
  document.head.append(style);
  let under: HTMLElement | null = null;
  const over = (element: HTMLElement | null): void => {
    if (element === under) return;
    under?.classList.remove(name);
    element?.classList.add(name);
    under = element;
  };
  return {
    over,
    remove() {
      over(null);
      style.remove();
    },
  };
}
