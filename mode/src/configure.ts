/**
 * Applies a site's `window.config.modesConfiguration['@overread/mode']` to the mode, in the notation that the viewer's own
 * modes take (`$set`, `$push`, `$unshift`, `$merge`, `$unset`, nested by property); a plain value at the top replaces
 * the property, as viewers before 3.12 do.
 */
export function configure<T extends object>(target: T, changes: unknown): T {
  return isObject(changes) ? (merge(target, changes, true) as T) : target;
}

type Fields = Readonly<Record<string, unknown>>;

function merge(target: object, changes: Fields, top: boolean): object {
  const removed = Array.isArray(changes['$unset']) ? changes['$unset'] : [];
  const result: Record<string, unknown> = Object.fromEntries(
    Object.entries(target).filter(([key]) => !removed.includes(key)),
  );
  for (const [key, change] of Object.entries(changes)) {
    if (key === '$merge' && isObject(change)) Object.assign(result, change);
    else if (!key.startsWith('$')) result[key] = apply(result[key], change, top);
  }
  return result;
}

function apply(value: unknown, change: unknown, top: boolean): unknown {
  if (!isObject(change)) return top ? change : value;
  if ('$set' in change) return change['$set'];
  if (Array.isArray(value)) {
    if (Array.isArray(change['$push'])) return [...(value as unknown[]), ...(change['$push'] as unknown[])];
    if (Array.isArray(change['$unshift'])) return [...(change['$unshift'] as unknown[]), ...(value as unknown[])];
    return Object.entries(change).reduce<unknown[]>(
      (items, [index, item]) => items.with(Number(index), apply(items[Number(index)], item, false)),
      value,
    );
  }
  const isCommand = Object.keys(change).some((key) => key.startsWith('$'));
  if (isObject(value)) return merge(value, change, false);
  return top && !isCommand ? change : value;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
