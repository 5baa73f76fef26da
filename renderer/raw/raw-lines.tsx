import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { FileLines } from '../../shared/ipc/file-schemas';
import type { EvidenceLink } from '../../shared/ipc/finding-schemas';
import { call, sentenceOf } from '../bridge/call';
import { usePages } from '../bridge/use-pages';
import { Unreadable } from '../controls/empty-state';
import { StatusMark } from '../controls/status-mark';
import { counted } from '../controls/text';
import { copyText } from '../stores/evidence-actions';
import { goToFinding } from '../stores/navigation';
import type { Found } from './find-bar';
import { useScaledScroll } from './use-scaled-scroll';

const lineHeight = 18;
const mostCopied = 20_000;

interface RawLine {
  readonly text: string;
  readonly cut: boolean;
  readonly mark: FileLines['marks'][number] | undefined;
}

async function readLines(path: string, offset: number, limit: number) {
  const lines = await call('file:lines', { path, from: offset + 1, count: limit });
  if (lines === null) throw new Error(`${path} is not part of what is open.`);
  const cut = new Set(lines.cut);
  const items = lines.lines.map((text, index): RawLine => {
    const at = lines.from + index;
    return {
      text,
      cut: cut.has(at),
      mark: lines.marks.find(({ line, endLine }) => at >= line && at <= endLine),
    };
  });
  return { items, offset: lines.from - 1, matching: lines.lineCount };
}

/** The lines of a file, as many as there are; those of the target are marked. */
export function RawLines({
  target,
  request,
  found,
  wrap,
}: {
  target: EvidenceLink;
  request: number;
  found: Found | null;
  wrap: boolean;
}): ReactElement {
  const path = target.file;
  const pages = usePages(path, (offset, limit) => readLines(path, offset, limit), 500);
  const rows = pages.matching ?? 0;
  const scroll = useScaledScroll(rows, lineHeight);
  const [chosen, setChosen] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const widest = useRef(0);
  const { show } = scroll;
  pages.want(scroll.first, scroll.first + scroll.count);

  useEffect(() => {
    setChosen(null);
    show(target.line - 1);
  }, [request, show, target.line]);
  useEffect(() => {
    if (found !== null) show(found.line - 1);
  }, [found, show]);

  const choose = (line: number, extend: boolean): void =>
    setChosen((before) =>
      extend && before !== null ? { from: before.from, to: line } : { from: line, to: line },
    );
  const copyChosen = async (): Promise<void> => {
    const from = Math.min(chosen?.from ?? target.line, chosen?.to ?? target.endLine);
    const to = Math.max(chosen?.from ?? target.line, chosen?.to ?? target.endLine);
    const lines: string[] = [];
    while (from + lines.length <= to && lines.length < mostCopied) {
      const next = await call('file:lines', {
        path,
        from: from + lines.length,
        count: Math.min(1000, to - from - lines.length + 1),
      });
      if (next === null || next.lines.length === 0) break;
      lines.push(...next.lines);
    }
    await copyText(lines.join('\n'), `${counted(lines.length, 'line')} copied.`);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'c') {
      if ((window.getSelection()?.toString() ?? '') !== '') return;
      event.preventDefault();
      void copyChosen();
      return;
    }
    if (event.shiftKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const from = chosen?.to ?? target.line;
      const next = Math.max(1, Math.min(rows, from + (event.key === 'ArrowDown' ? 1 : -1)));
      if (chosen === null) setChosen({ from: target.line, to: next });
      else choose(next, true);
      show(next - 1);
      event.preventDefault();
      return;
    }
    scroll.onKeyDown(event);
  };

  const lines = Array.from({ length: scroll.count }, (_, index) => scroll.first + index);
  const digits = String(Math.max(rows, 1)).length;
  const longest = lines.reduce((most, at) => Math.max(most, pages.at(at)?.text.length ?? 0), 0);
  widest.current = Math.max(widest.current, longest);
  const width = `calc(${widest.current + digits + 2}ch + 60px)`;
  const [chosenFrom, chosenTo] =
    chosen === null ? [0, 0] : [Math.min(chosen.from, chosen.to), Math.max(chosen.from, chosen.to)];
  if (pages.error !== undefined && rows === 0) {
    return <Unreadable message={sentenceOf(pages.error)} />;
  }
  return (
    <div
      ref={scroll.scroller}
      className={`raw-lines ${wrap ? 'wrapped' : ''}`}
      tabIndex={0}
      role="group"
      aria-label={`Lines of ${path}`}
      onKeyDown={onKeyDown}
    >
      <div className="raw-space" style={{ height: scroll.height, width }}>
        <div className="raw-window" style={{ height: scroll.view }}>
          {/* Wrapped lines have heights of their own, so they start at a whole line. */}
          <div style={{ transform: wrap ? 'none' : `translateY(${-scroll.shift}px)` }}>
            {lines.map((at) => {
              const line = pages.at(at);
              const number = at + 1;
              const marked = number >= target.line && number <= target.endLine;
              const isChosen = number >= chosenFrom && number <= chosenTo;
              return (
                <div
                  key={number}
                  className={`raw-line ${marked ? 'marked' : line?.mark === undefined ? '' : 'evidence'} ${isChosen ? 'chosen' : ''}`}
                  data-line={number}
                >
                  <span
                    className="at tabular"
                    style={{ width: `calc(${digits}ch + 34px)` }}
                    onClick={(event) => choose(number, event.shiftKey)}
                    onDoubleClick={() => void showFinding(line?.mark?.finding)}
                  >
                    {line?.mark === undefined ? null : (
                      <StatusMark
                        status={line.mark.severity}
                        size={9}
                        label="Evidence of a finding"
                      />
                    )}
                    {number}
                  </span>
                  <span className="text">
                    {found?.line === number ? (
                      <Match text={line?.text ?? ''} found={found} />
                    ) : (
                      line?.text
                    )}
                    {line?.cut === true ? <span className="dim"> … cut</span> : null}
                  </span>
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

async function showFinding(index: number | undefined): Promise<void> {
  const finding = index === undefined ? null : await call('finding:get', { index });
  if (finding !== null) goToFinding(finding);
}

function Match({ text, found }: { text: string; found: Found }): ReactElement {
  const end = found.column + found.length;
  return (
    <>
      {text.slice(0, found.column)}
      <mark>{text.slice(found.column, end)}</mark>
      {text.slice(end)}
    </>
  );
}
