import type { ReactElement } from 'react';

/** A piece of what runs on a node, as it is. */
export function RunsPart({
  title,
  text,
  look = '',
}: {
  title: string;
  text: string;
  look?: string;
}): ReactElement {
  return (
    <section className="runs-part">
      <h3>{title}</h3>
      <pre className={`preview ${look}`} tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </section>
  );
}
