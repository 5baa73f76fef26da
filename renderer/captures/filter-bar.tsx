import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { Result } from '../../shared/ipc/contract';
import { call } from '../bridge/call';
import { useCall } from '../bridge/use-call';
import { IconButton, LinkButton } from '../controls/button';
import { Icon } from '../controls/icons';
import { counted, number } from '../controls/text';
import { useSnapshot } from '../stores/case';
import { lookAtFlows, useCaptureLook } from '../stores/captures';

type Completions = Result<'captures:complete'>;
/** What may be written, and the text it is for. */
type Offered = Completions & { readonly of: string };
const none: Offered = { of: '', from: 0, to: 0, items: [] };
const pauseMs = 250;

/** The filter of flows, and how many it leaves: what may be written is offered, what cannot be read is said beneath. */
export function FilterBar({ file }: { file: string }): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const { filter, span } = useCaptureLook();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [text, setText] = useState(filter);
  const [offered, setOffered] = useState(none);
  const [active, setActive] = useState(-1);
  const request = useRef(0);
  useEffect(() => setText(filter), [filter]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const { problem, matching, total } =
    useCall('captures:flows', {
      snapshotId,
      file,
      filter,
      from: span?.from ?? null,
      to: span?.to ?? null,
      sort: null,
      offset: 0,
      limit: 1,
    }).value ?? {};

  const close = (): void => {
    request.current += 1;
    setOffered(none);
    setActive(-1);
  };
  const complete = async (of: string, cursor: number): Promise<void> => {
    const mine = (request.current += 1);
    const found = await call('captures:complete', { snapshotId, file, text: of, cursor });
    if (mine !== request.current) return;
    setOffered({ ...found, of });
    setActive(-1);
  };
  const apply = (next: string): void => {
    clearTimeout(timer.current);
    lookAtFlows({ filter: next.trim() });
  };
  const type = (next: string): void => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => apply(next), pauseMs);
    void complete(next, input.current?.selectionStart ?? next.length);
  };
  const take = (index: number): void => {
    const item = offered.items[index];
    // Offered for what was written before, it would go into the wrong place.
    if (item === undefined || offered.of !== text) return;
    const before = text.slice(0, offered.from) + item.text;
    const after = text.slice(offered.to);
    const spaced = after.startsWith(' ') ? before : `${before} `;
    close();
    type(spaced + after);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(spaced.length, spaced.length);
    });
  };
  const replace = (from: number, to: number, by: string): void => {
    const next = filter.slice(0, from) + by + filter.slice(to);
    setText(next);
    apply(next);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const { items } = offered;
    const open = items.length > 0 && offered.of === text;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) void complete(text, event.currentTarget.selectionStart ?? text.length);
      else {
        const by = event.key === 'ArrowDown' ? 1 : -1;
        setActive((active + by + items.length + (active < 0 && by < 0 ? 1 : 0)) % items.length);
      }
    } else if (event.key === 'Enter' || (event.key === 'Tab' && active >= 0)) {
      event.preventDefault();
      if (active >= 0 && open) take(active);
      else {
        close();
        apply(text);
      }
    } else if (event.key === 'Escape' && items.length > 0) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };

  // Who still chooses what to write knows that it is not whole yet.
  const writing = offered.items.length > 0;
  const isProblem = problem !== undefined && problem !== null && text.trim() === filter && !writing;
  return (
    <div className="filter-row">
      <div className="filter-bar">
        <div className={`field ${isProblem ? 'invalid' : ''}`}>
          <Icon name="search" size={13} />
          <input
            ref={input}
            role="combobox"
            aria-label="Filter flows"
            aria-expanded={offered.items.length > 0}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-invalid={isProblem}
            aria-describedby={isProblem ? `${id}-problem` : undefined}
            aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
            placeholder="Filter: ip 10.244.1.5 and tcp.port 80, service kube-dns unanswered, vni 4096 …"
            spellCheck={false}
            autoComplete="off"
            value={text}
            onChange={(event) => type(event.target.value)}
            onKeyDown={onKeyDown}
            onBlur={close}
          />
          {text === '' ? null : (
            <IconButton
              label="Clear the filter"
              onPress={() => {
                setText('');
                apply('');
                input.current?.focus();
              }}
            >
              <Icon name="close" size={11} />
            </IconButton>
          )}
        </div>
        <ul
          id={`${id}-list`}
          role="listbox"
          aria-label="What may be written here"
          className="popover filter-offers"
          hidden={offered.items.length === 0}
        >
          {offered.items.map((item, index) => (
            <li
              key={item.text}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              className={`menu-item ${index === active ? 'active' : ''}`}
              onMouseDown={(event) => {
                event.preventDefault();
                take(index);
              }}
            >
              <code>{item.text}</code>
              <span className="dim">{item.about}</span>
            </li>
          ))}
        </ul>
        {isProblem ? (
          <p id={`${id}-problem`} className="filter-problem" role="status">
            <code>
              {filter.slice(0, problem.from)}
              <mark>{filter.slice(problem.from, problem.to) || '…'}</mark>
              {filter.slice(problem.to)}
            </code>
            <span>
              {problem.message} All flows are shown.
              {problem.suggestions.map((word, n) => (
                <span key={word}>
                  {n === 0 ? ' Did you mean ' : ', '}
                  <LinkButton onPress={() => replace(problem.from, problem.to, word)}>
                    {word}
                  </LinkButton>
                </span>
              ))}
              {problem.suggestions.length > 0 ? '?' : null}
            </span>
          </p>
        ) : null}
      </div>
      {matching === undefined || total === undefined ? null : (
        <span className="dim tabular" role="status">
          {matching === total
            ? counted(total, 'flow')
            : `${number(matching)} of ${counted(total, 'flow')}`}
        </span>
      )}
    </div>
  );
}
