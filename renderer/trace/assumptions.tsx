import type { ReactElement } from 'react';
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import type { TraceView } from '../../shared/ipc/trace-schemas';
import { counted } from '../controls/text';

/** What the trace takes for granted, each with how sure it is. */
export function Assumptions({
  assumptions,
}: {
  assumptions: TraceView['assumptions'];
}): ReactElement | null {
  if (assumptions.length === 0) return null;
  return (
    <DialogTrigger>
      <Button className="link">{counted(assumptions.length, 'assumption')}</Button>
      <Popover className="popover" placement="top end">
        <Dialog className="rule-help" aria-label="What this trace rests on">
          <h2>What this trace rests on</h2>
          <p className="dim">
            VFP has no public specification. What no dump shows is taken for granted, and named
            here.
          </p>
          <dl className="assumptions" tabIndex={0} aria-label="Assumptions">
            {assumptions.map(({ id, statement, confidence }) => (
              <div key={id}>
                <dt>
                  <span className="mono">{id}</span> <span className="dim">{confidence}</span>
                </dt>
                <dd>{statement}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
