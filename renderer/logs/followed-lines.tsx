import { useLayoutEffect, useRef, useState, type ReactElement } from 'react';
import type { FollowedLine } from '../../shared/ipc/live-follow';
import { Button } from '../controls/button';
import { StatusMark } from '../controls/status-mark';
import { counted, number } from '../controls/text';
import { mostFollowedLines } from '../live/live-store';
import { levelMarks } from './log-levels';

const rowHeight = 20;
/** Rows drawn beyond what is seen. */
const margin = 20;

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
  const [top, setTop] = useState(0);
  const [view, setView] = useState(0);
  const newest = lines.at(-1)?.n ?? 0;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = (): void => setView(element.clientHeight);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (atEnd && element !== null) element.scrollTop = element.scrollHeight;
  }, [atEnd, newest, lines.length, view]);
  const first = Math.max(0, Math.floor(top / rowHeight) - margin);
  const last = Math.min(lines.length, Math.ceil((top + view) / rowHeight) + margin);
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
          setTop(scrollTop);
          setAtEnd(scrollHeight - scrollTop - clientHeight < rowHeight);
        }}
      >
        <div style={{ height: lines.length * rowHeight }}>
          <div style={{ transform: `translateY(${first * rowHeight}px)` }}>
            {lines.slice(first, last).map((line) => (
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
