import type { ReactElement } from 'react';
import type { TraceView } from '../../shared/ipc/trace-schemas';
import { useCall } from '../bridge/use-call';
import { Button } from '../controls/button';
import { StatusMark, type Status } from '../controls/status-mark';
import { doOnNode } from '../live/node-action';
import { useSnapshot } from '../stores/case';

const marks: Readonly<Record<'agrees' | 'differs' | 'not-compared', Status>> = {
  agrees: 'ok',
  differs: 'error',
  'not-compared': 'not-checked',
};

/** Whether the switch of a live node agrees with the trace, and the way to ask it. */
export function AskSwitch({ trace }: { trace: TraceView }): ReactElement | null {
  const { id: snapshotId, live } = useSnapshot();
  const { question, way } = trace;
  const { value } = useCall(
    'live-action:switch',
    live === undefined ? null : { snapshotId, question, way },
  );
  if (live === undefined || value === undefined || value.asks.length === 0) return null;
  const tuples = value.asks.map(({ port, tuple }) => ({ port, tuple }));
  const answers = value.asks.flatMap(({ answer }) => answer ?? []);
  return (
    <section className="ask-switch" aria-label="What the switch says">
      {live.running ? null : (
        <Button look="small" onPress={() => doOnNode({ kind: 'switch', tuples })}>
          Ask the switch…
        </Button>
      )}
      {answers.map(({ kind, text }) => (
        <p key={text} className="with-mark">
          <StatusMark status={marks[kind]} size={12} />
          <span className="selectable">{text}</span>
        </p>
      ))}
    </section>
  );
}
