import type { ReactElement } from 'react';
import { TraceView } from '../trace/trace-view';
import { CapturesView } from './captures-view';

/** The views of step 8: one packet traced, flows to watch, captures, who reaches what. */
export function PacketsView({ view }: { view: string }): ReactElement {
  switch (view) {
    case 'trace':
      return <TraceView />;
    default:
      return <CapturesView />;
  }
}
