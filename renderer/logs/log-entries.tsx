import { useState, type KeyboardEvent, type ReactElement } from 'react';
import type { Result } from '../../shared/ipc/contract';
import { call, sentenceOf } from '../bridge/call';
import { usePages } from '../bridge/use-pages';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { objectData } from '../controls/object-data';
import { StatusMark } from '../controls/status-mark';
import { counted, second } from '../controls/text';
import { useScaledScroll } from '../raw/use-scaled-scroll';
import { openRaw } from '../stores/drawer';
import { levelMarks } from './log-levels';
import type { LogFilter } from './log-viewer';

const rowHeight = 22;
type Entry = Result<'logs:page'>['entries'][number];

/** Level, date, time and process id, which stand in the columns already. */
const klogHead = /^[IWEFD]\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ /;

/** The entries that pass the filter; Enter or a click shows the line in its file. */
export function LogEntries({
  snapshotId,
  filter,
}: {
  snapshotId: string;
  filter: LogFilter;
}): ReactElement {
  const [active, setActive] = useState(0);
  const pages = usePages(JSON.stringify([snapshotId, filter]), async (offset, limit) => {
    const page = await call('logs:page', {
      snapshotId,
      ...filter,
      components: [...filter.components],
      levels: [...filter.levels],
      offset,
      limit,
    });
    return { items: page.entries, offset: page.offset, matching: page.matching };
  });
  const rows = pages.matching ?? 0;
  const scroll = useScaledScroll(rows, rowHeight);
  pages.want(scroll.first, scroll.first + scroll.count);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = Math.max(0, Math.min(rows - 1, active + (event.key === 'ArrowDown' ? 1 : -1)));
      setActive(next);
      scroll.show(next);
      event.preventDefault();
    } else if (event.key === 'Enter') {
      const entry = pages.at(active);
      if (entry !== undefined) openRaw(entry.evidence);
      event.preventDefault();
    } else if (scroll.onKeyDown(event, false)) {
      if (event.key === 'Home') setActive(0);
      if (event.key === 'End') setActive(Math.max(0, rows - 1));
    }
  };
  const seen = Array.from({ length: scroll.count }, (_, index) => scroll.first + index);
  return (
    <>
      <div
        ref={scroll.scroller}
        className="log-entries grow card"
        tabIndex={0}
        role="listbox"
        aria-label="Log entries"
        aria-activedescendant={seen.includes(active) ? `log-entry-${active}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" style={{ height: scroll.height }}>
          <div role="presentation" className="raw-window" style={{ height: scroll.view }}>
            <div role="presentation" style={{ transform: `translateY(${-scroll.shift}px)` }}>
              {seen.map((at) => (
                <EntryRow
                  key={at}
                  at={at}
                  entry={pages.at(at)}
                  active={at === active}
                  onPress={(entry) => {
                    setActive(at);
                    openRaw(entry.evidence);
                  }}
                />
              ))}
            </div>
          </div>
        </div>
      </div>
      {pages.error !== undefined ? <Unreadable message={sentenceOf(pages.error)} /> : null}
      {pages.matching === 0 ? <EmptyState title="No entry matches the filter" /> : null}
      <p className="dim tabular">{counted(rows, 'entry')}</p>
    </>
  );
}

function EntryRow({
  at,
  entry,
  active,
  onPress,
}: {
  at: number;
  entry: Entry | undefined;
  active: boolean;
  onPress: (entry: Entry) => void;
}): ReactElement {
  const mark = entry === undefined ? undefined : levelMarks[entry.level];
  return (
    <div
      id={`log-entry-${at}`}
      role="option"
      aria-selected={active}
      {...(entry === undefined ? {} : objectData({ evidence: entry.evidence, text: entry.text }))}
      className={`log-entry ${(entry?.findings.length ?? 0) > 0 ? 'evidence' : ''}`}
      onClick={() => {
        if (entry !== undefined) onPress(entry);
      }}
    >
      <span className="time tabular">{entry?.time === undefined ? '' : second(entry.time)}</span>
      <span className="level">
        {mark === undefined ? (
          <span className="dim">{entry?.level === 'unknown' ? '' : entry?.level}</span>
        ) : (
          <StatusMark status={mark} size={10} label={entry?.level ?? ''} />
        )}
      </span>
      <span className="component">{entry?.component}</span>
      <span className="message">{entry?.text.replace(klogHead, '')}</span>
    </div>
  );
}
