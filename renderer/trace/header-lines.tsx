import type { ReactElement } from 'react';
import type { HeaderLine } from '../../shared/ipc/trace-schemas';

/** The packet's header; what changed is marked, and said. */
export function HeaderLines({ lines }: { lines: readonly HeaderLine[] }): ReactElement | null {
  if (lines.length === 0) return null;
  return (
    <dl className="header-lines">
      {lines.map(({ label, text, changed }, index) => (
        <div key={`${label} ${index}`} className={changed ? 'changed' : ''}>
          <dt>{label}</dt>
          <dd>
            {text}
            {changed ? <span className="visually-hidden"> (changed)</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
