import { useLayoutEffect, useMemo, useState, type RefObject } from 'react';
import type { TablePage } from '../../shared/ipc/table-schemas';
import { columnNeeds } from './column-needs';
import { fitColumns, type ColumnNeed } from './fit-columns';

/**
 * Widths for the columns of a table, the source of a row last where `hasSource`. They follow the
 * width of the table and the first rows that came, not those one scrolls to: columns do not jump.
 */
export function useColumnWidths(
  page: TablePage,
  hasSource: boolean,
  scroller: RefObject<HTMLElement | null>,
): readonly number[] {
  const [room, setRoom] = useState(0);
  const [needs, setNeeds] = useState<readonly ColumnNeed[]>();
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const measure = (): void => setRoom(box.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [scroller]);
  const columnKey = JSON.stringify([page.columns, hasSource]);
  const hasRows = page.rows.length > 0;
  useLayoutEffect(() => {
    // A filter that leaves no row leaves the widths as they are.
    if (hasRows || page.total === 0) setNeeds(columnNeeds(page, hasSource));
    // Only other columns, or the first rows, make other widths.
  }, [columnKey, hasRows]);
  return useMemo(() => {
    const wanted = [...page.columns.map(({ width }) => width), ...(hasSource ? [150] : [])];
    return needs?.length !== wanted.length || room === 0 ? wanted : fitColumns(needs, room);
  }, [needs, room, columnKey]);
}
