import type { ReactElement } from 'react';

const keptTail = 8;

/** A text that loses its middle where room lacks: names made by a generator differ at their end. */
export function MiddleCut({
  text,
  at = text.length - keptTail,
}: {
  text: string;
  /** Where the part begins that is never cut. */
  at?: number;
}): ReactElement {
  if (at < keptTail) return <>{text}</>;
  return (
    <span className="middle">
      <span>{text.slice(0, at)}</span>
      <span>{text.slice(at)}</span>
    </span>
  );
}
