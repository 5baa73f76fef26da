import {
  columnResizingFeature,
  columnSizingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useId, useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { TablePage } from '../../shared/ipc/table-schemas';
import type { PagedList } from '../bridge/pages';
import { EmptyState } from '../controls/empty-state';
import { inSentence } from '../controls/text';
import { PasteBox } from '../evidence/paste-box';
import { openRaw } from '../stores/drawer';
import { copyText } from '../stores/evidence-actions';
import { objectData } from '../controls/object-data';
import { isSelected, select, useSelection } from '../stores/navigation';
import { cellId, sourceColumn } from './cell-id';
import { GridCell } from './grid-cell';
import { GridHead } from './grid-head';
import { nextCell, type CellPosition } from './grid-keys';
import { rowsAsText } from './rows-as-text';
import { useColumnWidths } from './use-column-widths';
import type { TableRow, TableSort } from './data-table';

const rowHeight = 28;
/** Chromium caps the height of an element; no more rows than that fit. */
const mostRows = Math.floor(33_000_000 / rowHeight);
const features = tableFeatures({ columnSizingFeature, columnResizingFeature });

interface ShownRow {
  readonly index: number;
  readonly row: TableRow | undefined;
}
export type GridColumn = ColumnDef<typeof features, ShownRow>;

/** The head and the visible rows of a table, walked by arrow keys. */
export function Grid({
  title,
  page,
  pages,
  sort,
  onSort,
}: {
  title: string;
  page: TablePage;
  pages: PagedList<TableRow>;
  sort: TableSort | null;
  onSort: (sort: TableSort | null) => void;
}): ReactElement {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const selection = useSelection();
  const [active, setActive] = useState<CellPosition>({ row: 0, column: 0 });
  const count = Math.min(pages.matching ?? 0, mostRows);
  // Most tables say themselves where a row comes from.
  const hasSource =
    page.rows.some(({ evidence }) => evidence !== undefined) &&
    !page.rows.some(({ cells }) => cells.some(({ evidence }) => evidence !== undefined));

  const fitted = useColumnWidths(page, hasSource, scroller);
  const columnKey = JSON.stringify([page.columns, hasSource]);
  const columns = useMemo<GridColumn[]>(
    () =>
      [...page.columns.map(({ id }) => id), ...(hasSource ? [sourceColumn] : [])].map(
        (id, at): GridColumn => ({ id, size: fitted[at] ?? 100, minSize: 40 }),
      ),
    [columnKey, fitted],
  );
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    // The head stays on top of the rows.
    scrollPaddingEnd: rowHeight + 2,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  pages.want(first, last);
  const data = useMemo<ShownRow[]>(
    () => items.map(({ index }) => ({ index, row: pages.at(index) })),
    [first, last, items.length, pages, pages.version],
  );
  const table = useTable({
    features,
    columns,
    data,
    columnResizeMode: 'onChange',
    getRowId: ({ index }) => String(index),
  });
  const leaves = table.getAllLeafColumns();
  const widths = leaves.map((column) => column.getSize());

  const toggleSort = (column: string): void => {
    if (column === sourceColumn) return;
    if (sort?.column !== column) onSort({ column, descending: false });
    else onSort(sort.descending ? null : { column, descending: true });
  };
  const follow = (row: TableRow | undefined, column: number, reveal: boolean): void => {
    if (row === undefined) return;
    const cell = row.cells[column];
    const isSource = leaves[column]?.id === sourceColumn;
    const evidence = isSource ? row.evidence : (cell?.evidence ?? undefined);
    const ref = cell?.ref ?? row.ref;
    if (evidence !== undefined && (isSource || cell?.ref === undefined)) openRaw(evidence);
    else if (ref !== undefined) select(ref, { reveal });
    else if (row.evidence !== undefined) openRaw(row.evidence);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // What is typed into the box of an empty table is not for the table.
    if (event.target !== event.currentTarget) return;
    // Alt and an arrow walk back through selections: that is the window's.
    if (event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      if (active.row < 0) toggleSort(leaves[active.column]?.id ?? '');
      else follow(pages.at(active.row), active.column, true);
      event.preventDefault();
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key === 'c') {
      const row = pages.at(active.row);
      const marked = window.getSelection()?.toString() ?? '';
      if (row !== undefined && marked === '') {
        void copyText(rowsAsText(page.columns, [row]), 'Row copied.');
        event.preventDefault();
      }
      return;
    }
    const column = leaves[active.column];
    if (active.row < 0 && event.shiftKey && column !== undefined && event.key.startsWith('Arrow')) {
      const by = event.key === 'ArrowRight' ? 16 : event.key === 'ArrowLeft' ? -16 : 0;
      table.setColumnSizing((sizes) => ({
        ...sizes,
        [column.id]: Math.max(40, column.getSize() + by),
      }));
      event.preventDefault();
      return;
    }
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const next = nextCell(active, event.key, event.ctrlKey, {
      rows: count,
      columns: leaves.length,
      pageRows,
    });
    if (next === undefined) return;
    event.preventDefault();
    setActive(next);
    if (next.row >= 0) {
      virtualizer.scrollToIndex(next.row);
      const row = pages.at(next.row);
      if (row?.ref !== undefined && next.row !== active.row) select(row.ref);
    }
  };

  const totalWidth = widths.reduce((sum, width) => sum + width, 0);
  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      tabIndex={0}
      aria-label={title}
      aria-rowcount={count + 1}
      aria-colcount={leaves.length}
      aria-activedescendant={
        active.row < 0 || (active.row >= first && active.row <= last && count > 0)
          ? cellId(id, active)
          : undefined
      }
      onKeyDown={onKeyDown}
    >
      <GridHead
        id={id}
        columns={page.columns}
        headers={table.getHeaderGroups()[0]?.headers ?? []}
        active={active}
        sort={sort}
        onSort={toggleSort}
      />
      {page.total === 0 ? (
        <div className="grid-empty" role="rowgroup">
          <div role="row">
            <div role="gridcell">
              <EmptyState
                title={`No ${inSentence(title)} here`}
                text={page.empty?.text}
                command={page.empty?.command}
              >
                {page.empty?.command === undefined ? null : <PasteBox what={inSentence(title)} />}
              </EmptyState>
            </div>
          </div>
        </div>
      ) : count === 0 ? (
        <div className="grid-empty" role="rowgroup">
          <div role="row">
            <div role="gridcell">
              <EmptyState title="No row matches the filter" />
            </div>
          </div>
        </div>
      ) : (
        <div
          className="grid-body"
          role="rowgroup"
          style={{ height: virtualizer.getTotalSize(), minWidth: totalWidth }}
        >
          {table.getRowModel().rows.map(({ original: { index, row } }) => (
            <div
              key={index}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={isSelected(selection, row?.ref)}
              className={`grid-row tone-bar-${row?.tone ?? 'none'}`}
              style={{ transform: `translateY(${index * rowHeight}px)` }}
              {...objectData({ ref: row?.ref, evidence: row?.evidence })}
              onDoubleClick={() => {
                if (row?.evidence !== undefined) openRaw(row.evidence);
              }}
            >
              {leaves.map((column, at) => (
                <GridCell
                  key={column.id}
                  id={cellId(id, { row: index, column: at })}
                  column={page.columns[at]}
                  index={at}
                  width={widths[at] ?? 0}
                  cell={row?.cells[at]}
                  source={column.id === sourceColumn ? row?.evidence : undefined}
                  active={active.row === index && active.column === at}
                  onPress={(reveal) => {
                    setActive({ row: index, column: at });
                    if (reveal) follow(row, at, true);
                    else if (row?.ref !== undefined) select(row.ref);
                  }}
                />
              ))}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
