import type { ReactElement } from 'react';

/** One packet, asked for and followed. */
export function TraceView(): ReactElement {
  return <div className="page-body" />;
}
