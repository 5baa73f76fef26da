import type { ReactElement } from 'react';
import type { TraceView } from '../../shared/ipc/trace-schemas';
import { StatusMark } from '../controls/status-mark';
import { useSnapshot } from '../stores/case';
import { KeepButtons } from './keep-buttons';
import { Ways } from './ways';

const mostDoubts = 3;

/** How the packet fares, and what HNS says otherwise than the rules it met. */
export function Verdict({ trace }: { trace: TraceView }): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const { tone, doubts, notes } = trace;
  return (
    <>
      <div className={`trace-verdict ${tone}`}>
        <div className="said" role="status">
          <StatusMark status={tone === 'ok' && doubts.length > 0 ? 'warning' : tone} size={13} />
          <div>
            <h2>{trace.verdict}</h2>
            {notes.length === 0 ? null : <p className="dim">{notes.join(' ')}</p>}
          </div>
        </div>
        {trace.waysTotal > 1 ? <Ways trace={trace} /> : null}
        <KeepButtons
          snapshotId={snapshotId}
          question={trace.question}
          way={trace.way}
          pinned={trace.pinned}
        />
      </div>
      {doubts.slice(0, mostDoubts).map((doubt) => (
        <p key={doubt} className="trace-doubt">
          <StatusMark status="warning" size={12} label="Mind" />
          <span>{doubt}</span>
        </p>
      ))}
    </>
  );
}
