import type { ReactElement } from 'react';
import type { TraceStop, TraceView } from '../../shared/ipc/trace-schemas';
import { EvidenceChips } from '../controls/links';
import { Pipeline } from './pipeline';

/** The way back of the answer, as far as the case knows it. */
export function ReplyPath({
  reply,
  onOpen,
}: {
  reply: NonNullable<TraceView['reply']>;
  onOpen: (stop: TraceStop, index: number) => void;
}): ReactElement {
  return (
    <section className="reply-path" aria-labelledby="reply-title">
      <h2 id="reply-title">Return path</h2>
      <p>
        {reply.text} <EvidenceChips of={reply.evidence} />
      </p>
      {reply.columns.length === 0 ? null : (
        <Pipeline columns={reply.columns} at={null} onOpen={onOpen} label="Way of the answer" />
      )}
    </section>
  );
}
