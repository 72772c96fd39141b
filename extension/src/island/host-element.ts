/**
 * The panel is an island: the viewer's React renders one custom element and knows nothing of what is inside, where our
 * own React lives. React accepts only elements that carry its own mark, and the mark differs by version
 * (18: `react.element`, 19: `react.transitional.element`), while no React is shared with a plug-in. So the mark is read off
 * what the viewer has already rendered.
 */
interface ReactElement {
  readonly $$typeof: symbol;
  readonly type: string;
  readonly key: null;
  readonly ref: null;
  readonly props: Readonly<Record<string, unknown>>;
  readonly _owner: null;
  readonly _store: object;
}

const fallback = Symbol.for('react.element');

/** An element for a tag name, as the React on this page makes them. */
export function hostElement(tagName: string): ReactElement {
  const mark = hostElementMark(document) ?? fallback;
  // `_store` is what a development build of React expects to find and to write to.
  return { $$typeof: mark, type: tagName, key: null, ref: null, props: {}, _owner: null, _store: {} };
}

/** The mark of elements in the React tree mounted in this document, or null where none is mounted yet. */
function hostElementMark(page: Document): symbol | null {
  const containers = [page.getElementById('root'), ...page.querySelectorAll('body > *')];
  for (const container of containers) {
    const key = container && Object.keys(container).find((name) => name.startsWith('__reactContainer$'));
    if (!key) continue;
    const fiber = at(container, key);
    const mark = at(at(at(at(at(fiber, 'stateNode'), 'current'), 'memoizedState'), 'element'), '$$typeof');
    if (typeof mark === 'symbol') return mark;
  }
  return null;
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
