import type { ReactElement, ReactNode } from 'react';

/** The head of a view: its name, and what it shows. */
export function PageHead({
  title,
  children,
}: {
  title: string;
  children: ReactNode;
}): ReactElement {
  return (
    <header className="page-head">
      <div>
        <h1>{title}</h1>
        <p>{children}</p>
      </div>
    </header>
  );
}
