import type { ReactElement } from 'react';
import { ReachabilityView } from '../reachability/reachability-view';
import { TraceView } from '../trace/trace-view';
import { CapturesView } from '../captures/captures-view';
import { WalkThroughsView } from '../walk-throughs/walk-throughs-view';

/** The views of step 8: one packet traced, flows to watch, captures, who reaches what. */
export function PacketsView({ view }: { view: string }): ReactElement {
  switch (view) {
    case 'trace':
      return <TraceView />;
    case 'walk-throughs':
      return <WalkThroughsView />;
    case 'reachability':
      return <ReachabilityView />;
    default:
      return <CapturesView />;
  }
}
