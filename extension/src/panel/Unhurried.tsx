import { startTransition, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';

const never = () => () => undefined;

/**
 * Draws its content after what is around it, in slices between which the viewer gets its turn: a long list that comes
 * with news from the archive holds nobody up. As static markup it is drawn at once.
 */
export function Unhurried({ children }: { readonly children: ReactNode }): ReactNode {
  const isStatic = useSyncExternalStore(
    never,
    () => false,
    () => true,
  );
  const [isDue, setIsDue] = useState(false);
  useEffect(() => startTransition(() => setIsDue(true)), []);
  return isStatic || isDue ? children : null;
}
