import { useEffect, type ReactElement } from 'react';
import { call } from '../bridge/call';
import { useCall } from '../bridge/use-call';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { useSnapshot } from '../stores/case';
import { ask, useQuestion, useTrace } from '../stores/trace';
import { FlowBar } from './flow-bar';
import { TraceFoot } from './trace-foot';
import { TraceResult } from './trace-result';

/** One packet, asked for and followed. */
export function TraceView(): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const question = useQuestion();
  const { depth, reply, way } = useTrace();
  useEffect(() => {
    if (question !== null) return;
    let current = true;
    call('trace:about', { snapshotId, about: { kind: 'snapshot' } }).then(
      (found) => {
        if (current) ask(found ?? { from: '', to: '' });
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [question, snapshotId]);
  const { value, error, loading } = useCall(
    'trace:run',
    question === null ? null : { snapshotId, question, depth, way, reply },
  );
  if (question === null) return <div className="page-body" />;
  return (
    <>
      <div className="page-body trace" aria-busy={loading}>
        <FlowBar question={question} problem={value?.kind === 'problem' ? value : undefined} />
        {error === undefined ? null : <Unreadable message={error} />}
        {value?.kind === 'problem' ? (
          <EmptyState
            title="No packet is followed yet"
            text="Choose who sends and where it goes. Names, addresses and ids of the case are offered as you type; any other address can be typed, with its port: 203.0.113.10:443, [fd00::1]:80."
          />
        ) : null}
        {value?.kind === 'trace' ? (
          <TraceResult key={keyOf(value.trace)} trace={value.trace} />
        ) : null}
      </div>
      {value?.kind === 'trace' ? <TraceFoot trace={value.trace} /> : null}
    </>
  );
}

/** Another packet or way is watched from its beginning. */
const keyOf = ({
  question,
  way,
  columns,
}: {
  question: object;
  way: number;
  columns: readonly unknown[];
}): string => `${JSON.stringify(question)} ${way} ${columns.length}`;
