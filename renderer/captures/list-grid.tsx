import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useEffect,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from 'react';
import type { PagedList } from '../bridge/pages';
import { objectData, type ShownObject } from '../controls/object-data';
import { Icon } from '../controls/icons';
import { nextCell, type CellPosition } from '../tables/grid-keys';

const rowHeight = 26;
/** Chromium caps the height of an element; no more rows than that fit. */
const mostRows = Math.floor(33_000_000 / rowHeight);

export interface ListColumn<Row, Sort extends string> {
  readonly id: string;
  readonly title: string;
  readonly width: number;
  readonly end?: boolean;
  readonly mono?: boolean;
  readonly sort?: Sort;
  /** Sorted by it, the largest are of interest first. */
  readonly largestFirst?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface ListSort<Sort extends string> {
  readonly column: Sort;
  readonly descending: boolean;
}

/** A long list of rows that are chosen one at a time, by mouse or arrow keys; Up from the first row reaches the head, where Enter sorts. */
export function ListGrid<Row, Sort extends string = never>({
  label,
  columns,
  pages,
  chosen,
  keyOf,
  toneOf,
  objectOf,
  sort,
  onSort,
  onChoose,
  onOpen,
  empty,
}: {
  label: string;
  columns: readonly ListColumn<Row, Sort>[];
  pages: PagedList<Row>;
  chosen: number | null;
  keyOf: (row: Row) => number;
  toneOf?: (row: Row) => string | undefined;
  objectOf?: (row: Row) => ShownObject;
  sort?: ListSort<Sort> | null;
  onSort?: (sort: ListSort<Sort> | null) => void;
  onChoose: (row: Row) => void;
  onOpen?: (row: Row) => void;
  empty: ReactNode;
}): ReactElement {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<CellPosition>({ row: 0, column: 0 });
  const count = Math.min(pages.matching ?? 0, mostRows);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollPaddingEnd: rowHeight + 2,
  });
  const items = virtualizer.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  pages.want(first, last);
  // Another list begins at its top.
  useEffect(() => {
    setActive((before) => ({ ...before, row: Math.min(before.row, 0) }));
    scroller.current?.scrollTo({ top: 0 });
  }, [pages]);

  const toggleSort = ({ sort: wanted, largestFirst = false }: ListColumn<Row, Sort>): void => {
    if (wanted === undefined) return;
    if (sort?.column !== wanted) onSort?.({ column: wanted, descending: largestFirst });
    else if (sort.descending === largestFirst)
      onSort?.({ column: wanted, descending: !largestFirst });
    else onSort?.(null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.target !== event.currentTarget) return;
    const found = pages.at(active.row);
    if (event.key === 'Enter' || event.key === ' ') {
      const column = columns[active.column];
      if (active.row < 0 && column !== undefined) toggleSort(column);
      else if (found !== undefined) (onOpen ?? onChoose)(found);
      event.preventDefault();
      return;
    }
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    // A row is one thing here: Home and End are those of the list, and only the head has columns.
    const grid = { rows: count, columns: columns.length, pageRows };
    const to = nextCell(active, event.key, true, grid);
    const sideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    if (to === undefined || (active.row >= 0 && sideways)) return;
    event.preventDefault();
    if (to.row < 0 && onSort === undefined) return;
    setActive(active.row < 0 ? to : { ...to, column: active.column });
    if (to.row < 0) return;
    virtualizer.scrollToIndex(to.row);
    const next = pages.at(to.row);
    if (next !== undefined) onChoose(next);
  };

  const width = columns.reduce((sum, column) => sum + column.width, 0);
  const activeId = active.row < 0 ? `${id}-head-${active.column}` : `${id}-${active.row}`;
  return (
    <div
      ref={scroller}
      className="grid list-grid"
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={count > 0 || active.row < 0 ? activeId : undefined}
      onKeyDown={onKeyDown}
    >
      <div className="grid-head" role="rowgroup">
        <div className="grid-row" role="row" aria-rowindex={1}>
          {columns.map((column, index) => {
            const sorted = column.sort !== undefined && sort?.column === column.sort ? sort : null;
            return (
              <div
                key={column.id}
                id={`${id}-head-${index}`}
                role="columnheader"
                aria-colindex={index + 1}
                {...(column.sort === undefined
                  ? {}
                  : {
                      'aria-sort':
                        sorted === null ? 'none' : sorted.descending ? 'descending' : 'ascending',
                    })}
                className={`grid-cell ${column.end === true ? 'end' : ''} ${active.row < 0 && active.column === index ? 'active' : ''}`}
                style={{ width: column.width }}
                onClick={() => toggleSort(column)}
              >
                <span className="cell-text">{column.title}</span>
                {sorted === null ? null : (
                  <Icon name={sorted.descending ? 'down' : 'up'} size={10} />
                )}
              </div>
            );
          })}
        </div>
      </div>
      {count === 0 && pages.matching !== undefined ? (
        <div className="grid-empty" role="rowgroup">
          <div role="row">
            <div role="gridcell">{empty}</div>
          </div>
        </div>
      ) : (
        <div
          className="grid-body"
          role="rowgroup"
          style={{ height: virtualizer.getTotalSize(), minWidth: width }}
        >
          {items.map(({ index }) => {
            const row = pages.at(index);
            const tone = row === undefined ? undefined : toneOf?.(row);
            return (
              <div
                key={index}
                id={`${id}-${index}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={row !== undefined && keyOf(row) === chosen}
                className={`grid-row tone-bar-${tone ?? 'none'} ${index === active.row ? 'active' : ''}`}
                style={{ transform: `translateY(${index * rowHeight}px)` }}
                {...(row === undefined || objectOf === undefined ? {} : objectData(objectOf(row)))}
                onClick={() => {
                  setActive({ ...active, row: index });
                  if (row !== undefined) onChoose(row);
                }}
                onDoubleClick={() => row !== undefined && onOpen?.(row)}
              >
                {columns.map((column, at) => (
                  <div
                    key={column.id}
                    role="gridcell"
                    aria-colindex={at + 1}
                    className={`grid-cell ${column.end === true ? 'end' : ''} ${column.mono === true ? 'mono' : ''}`}
                    style={{ width: column.width }}
                  >
                    {row === undefined ? null : column.cell(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      )}
    </div>
  );
}
