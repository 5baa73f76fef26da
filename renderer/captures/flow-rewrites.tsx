import type { ReactElement } from 'react';
import { useCall } from '../bridge/use-call';
import { EvidenceChips } from '../controls/links';
import { StatusMark } from '../controls/status-mark';
import { useSnapshot } from '../stores/case';

const MARKS = {
  explained: { status: 'ok', label: 'Explained by a rule' },
  alarm: { status: 'warning', label: 'Not explained' },
  open: { status: 'not-checked', label: 'Not to be told' },
} as const;

/** What changed the packets of a flow on their way, and which rule made each change. */
export function FlowRewrites({ file, flow }: { file: string; flow: number }): ReactElement | null {
  const { id: snapshotId } = useSnapshot();
  const { value } = useCall('captures:rewrites', { snapshotId, file, index: flow });
  if (value === undefined || value === null) return null;
  const { seen, expected } = value;
  if (seen.length === 0 && expected.length === 0) return null;
  return (
    <ul className="flow-rewrites" tabIndex={0} aria-label="What changed these packets">
      {seen.map((rewrite) => (
        <li key={`${rewrite.packets.join('-')} ${rewrite.kind}`}>
          <StatusMark {...MARKS[rewrite.status]} size={10} />
          <span className="mono">{rewrite.text}</span>
          {rewrite.by === undefined ? (
            <span className="dim made-by" title={rewrite.why}>
              {rewrite.why}
            </span>
          ) : (
            <>
              <span className="dim made-by" title={rewrite.by.text}>
                by {rewrite.by.text}
              </span>
              <EvidenceChips of={rewrite.by.evidence} most={1} />
            </>
          )}
        </li>
      ))}
      {expected.map((rewrite) => (
        <li key={`expected ${rewrite.text}`}>
          <StatusMark
            status={rewrite.alarm ? 'warning' : 'not-checked'}
            size={10}
            label="Not seen"
          />
          <span className="mono">{rewrite.text}</span>
          <span className="dim made-by" title={rewrite.by.text}>
            should be made by {rewrite.by.text}, and is not seen
          </span>
          <EvidenceChips of={rewrite.by.evidence} most={1} />
        </li>
      ))}
    </ul>
  );
}
