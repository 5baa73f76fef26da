import type { ReactElement, ReactNode } from 'react';
import { Button, Disclosure as AriaDisclosure, DisclosurePanel } from 'react-aria-components';
import { Icon } from './icons';

/** Something folded under a line of text. */
export function Disclosure({
  title,
  children,
  startsOpen = false,
}: {
  title: ReactNode;
  children: ReactNode;
  startsOpen?: boolean;
}): ReactElement {
  return (
    <AriaDisclosure className="disclosure" defaultExpanded={startsOpen}>
      <Button slot="trigger">
        <span className="chevron">
          <Icon name="chevron" size={11} />
        </span>
        {title}
      </Button>
      <DisclosurePanel>{children}</DisclosurePanel>
    </AriaDisclosure>
  );
}
