import { useState, type ReactElement } from 'react';
import { call, sentenceOf } from '../bridge/call';
import { usePages } from '../bridge/use-pages';
import { Button, LinkButton } from '../controls/button';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { StatusMark } from '../controls/status-mark';
import { number } from '../controls/text';
import { openTrace } from '../stores/trace';

const atOnce = 100;

/** Every packet that is lost, or not known, in words: the matrix for those who do not see it. */
export function ProblemList({ snapshotId }: { snapshotId: string }): ReactElement {
  const [shown, setShown] = useState(atOnce);
  const pages = usePages(
    `problems ${snapshotId}`,
    (offset, limit) => call('reachability:problems', { snapshotId, offset, limit }),
    atOnce,
  );
  const { matching } = pages;
  if (pages.error !== undefined) return <Unreadable message={sentenceOf(pages.error)} />;
  if (matching === undefined) return <div className="grow" aria-busy="true" />;
  if (matching === 0) {
    return (
      <EmptyState
        title="Every packet arrives"
        text="Nothing that was traced is lost, and nothing is left open."
      />
    );
  }
  const count = Math.min(shown, matching);
  pages.want(0, count - 1);
  return (
    <div className="problem-list grow card">
      <ul aria-label="Packets that do not arrive">
        {Array.from({ length: count }, (_, index) => pages.at(index)).map((cell, index) =>
          cell === undefined ? null : (
            <li key={index} className="check-row">
              <StatusMark status={cell.tone} label={cell.title} />
              <div className="text">
                <LinkButton onPress={() => openTrace(cell.question, { way: cell.way })}>
                  {cell.from} → {cell.to}
                </LinkButton>
                <div className="reason selectable">
                  {cell.title}
                  {cell.ways > 1 ? `, ${cell.lost} of ${cell.ways} ways` : ''}: {cell.text}
                </div>
              </div>
            </li>
          ),
        )}
      </ul>
      {count < matching ? (
        <p className="dim problem-foot">
          {number(count)} of {number(matching)}{' '}
          <Button look="small" onPress={() => setShown(shown + atOnce)}>
            Show more
          </Button>
        </p>
      ) : null}
    </div>
  );
}
