import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState, type ReactElement } from 'react';
import type { FollowedLine } from '../../shared/ipc/live-follow';
import { Button } from '../controls/button';
import { StatusMark } from '../controls/status-mark';
import { counted, number } from '../controls/text';
import { mostFollowedLines } from '../live/live-store';
import { levelMarks } from './log-levels';

const rowHeight = 20;

/**
 * Lines as they come, the newest at the end and in view, until one scrolls up; from then on what one
 * reads stays where it is.
 * @param of how many came in all
 */
export function FollowedLines({
  lines,
  of,
  follows,
}: {
  lines: readonly FollowedLine[];
  of: number;
  follows: boolean;
}): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const newest = lines.at(-1)?.n ?? 0;
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 20,
  });
  const items = virtualizer.getVirtualItems();
  const view = virtualizer.scrollRect?.height ?? 0;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (atEnd && element !== null) element.scrollTop = element.scrollHeight;
  }, [atEnd, newest, lines.length, view]);
  return (
    <>
      <div
        ref={scroller}
        className="followed-lines grow card selectable"
        role="log"
        aria-live="off"
        aria-label="Followed lines"
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          setAtEnd(scrollHeight - scrollTop - clientHeight < rowHeight);
        }}
      >
        <div style={{ height: virtualizer.getTotalSize() }}>
          <div style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
            {lines.slice(items[0]?.index ?? 0, (items.at(-1)?.index ?? -1) + 1).map((line) => (
              <Line key={line.n} line={line} />
            ))}
          </div>
        </div>
      </div>
      <p className="dim tabular followed-foot">
        {counted(of, 'line')}
        {lines.length < Math.min(of, mostFollowedLines) ? `, ${number(lines.length)} shown` : ''}
        {of > mostFollowedLines
          ? `; the last ${number(mostFollowedLines)} are held here, all of them are kept`
          : ''}
        {!atEnd && follows ? (
          <Button look="small" onPress={() => setAtEnd(true)}>
            To the newest
          </Button>
        ) : null}
      </p>
    </>
  );
}

function Line({ line: { text, level } }: { line: FollowedLine }): ReactElement {
  const mark = levelMarks[level];
  return (
    <div className="followed-line">
      <span>
        {mark === undefined ? null : <StatusMark status={mark} size={10} label={level} />}
      </span>
      <span className="message" title={text.length > 160 ? text : undefined}>
        {text === '' ? ' ' : text}
      </span>
    </div>
  );
}
