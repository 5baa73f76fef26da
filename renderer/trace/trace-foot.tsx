import type { ReactElement } from 'react';
import type { TraceView } from '../../shared/ipc/trace-schemas';
import { number } from '../controls/text';
import { Assumptions } from './assumptions';

/** What the trace cost, and what it rests on. */
export function TraceFoot({ trace }: { trace: TraceView }): ReactElement {
  const { milliseconds, considered, matched } = trace.cost;
  return (
    <footer className="trace-foot">
      <span className="tabular">
        trace in {milliseconds < 1 ? 'under 1 ms' : `${number(Math.round(milliseconds))} ms`}
      </span>
      <span className="tabular">
        {number(considered)} rules considered, {number(matched)} matched
      </span>
      <Assumptions assumptions={trace.assumptions} />
    </footer>
  );
}
