import { Collapsible } from 'radix-ui';
import type { ReactNode } from 'react';
import { ChevronIcon } from './icons.tsx';

/** A line that opens to show more. Closed, its content is not in the page. */
export function Disclosure({
  title,
  children,
  defaultOpen = false,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly defaultOpen?: boolean;
}) {
  return (
    <Collapsible.Root className="ovr-disclosure" defaultOpen={defaultOpen}>
      <Collapsible.Trigger className="ovr-disclosure-trigger">
        <ChevronIcon />
        {title}
      </Collapsible.Trigger>
      <Collapsible.Content>{children}</Collapsible.Content>
    </Collapsible.Root>
  );
}
