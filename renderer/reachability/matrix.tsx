import {
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
  type PointerEvent,
  type ReactElement,
} from 'react';
import { call } from '../bridge/call';
import { useCall } from '../bridge/use-call';
import { usePages } from '../bridge/use-pages';
import { openTrace } from '../stores/trace';
import { nextCell } from '../tables/grid-keys';
import { CellBlocks } from './cell-blocks';
import { CellDetail } from './cell-detail';
import { columnHeadHeight, drawMatrix, inSight, rowHeadWidth, type Shown } from './matrix-canvas';

const smallest = 15;
const largest = 30;
/** Borders and a scrollbar. */
const roomBelow = 16;

/** The matrix as a picture: a cell each, drawn as far as one looks; arrows move, Enter opens the trace. */
export function Matrix({
  snapshotId,
  problems,
  rows,
  columns,
}: {
  snapshotId: string;
  problems: boolean;
  rows: number;
  columns: number;
}): ReactElement {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [view, setView] = useState({ width: 0, height: 0, left: 0, top: 0 });
  const [active, setActive] = useState({ row: 0, column: 0 });
  const [focused, setFocused] = useState(false);
  const [, setTheme] = useState(0);
  const heads = (axis: 'rows' | 'columns') => async (offset: number, limit: number) =>
    call('reachability:heads', { snapshotId, axis, problems, offset, limit });
  const rowHeads = usePages(`${snapshotId} rows ${problems}`, heads('rows'), 200);
  const columnHeads = usePages(`${snapshotId} columns ${problems}`, heads('columns'), 200);
  const blocks = useMemo(
    () =>
      new CellBlocks(async (window) => {
        const answer = await call('reachability:cells', { snapshotId, problems, ...window });
        return answer.lines;
      }),
    [snapshotId, problems],
  );
  useSyncExternalStore(blocks.subscribe, () => blocks.version);
  const size = Math.max(
    smallest,
    Math.min(largest, Math.floor((view.width - rowHeadWidth) / columns)),
  );
  const shown: Shown = {
    ...view,
    size,
    rows,
    columns,
    active,
    focused,
    row: (index) => rowHeads.at(index),
    column: (index) => columnHeads.at(index),
    cell: (row, column) => blocks.at(row, column),
  };
  const { first, last } = inSight(shown);
  rowHeads.want(first.row, last.row);
  columnHeads.want(first.column, last.column);
  useEffect(
    () => blocks.want(first, last),
    [blocks, first.row, first.column, last.row, last.column],
  );
  useLayoutEffect(() => {
    if (canvas.current !== null && view.width > 0) drawMatrix(canvas.current, shown);
  });
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return undefined;
    const read = (): void =>
      setView({
        width: box.clientWidth,
        height: box.clientHeight,
        left: box.scrollLeft,
        top: box.scrollTop,
      });
    read();
    const observer = new ResizeObserver(read);
    observer.observe(box);
    box.addEventListener('scroll', read, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', read);
    };
  }, []);
  useEffect(() => {
    const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) =>
      window.matchMedia(query),
    );
    const again = (): void => setTheme((before) => before + 1);
    for (const query of queries) query.addEventListener('change', again);
    return () => {
      for (const query of queries) query.removeEventListener('change', again);
    };
  }, []);

  const { value: cell } = useCall('reachability:cell', { snapshotId, problems, ...active });
  // A pod and itself is no beginning.
  const atStart = active.row === 0 && active.column === 0 && !focused;
  useEffect(() => {
    if (cell === null && atStart && columns > 1) setActive({ row: 0, column: 1 });
  }, [cell, atStart, columns]);
  const open = (): void => {
    if (cell === null || cell === undefined) return;
    openTrace(cell.question, { way: cell.way });
  };
  const move = (next: { row: number; column: number }): void => {
    setActive(next);
    const box = scroller.current;
    if (box === null) return;
    const x = next.column * size;
    const y = next.row * size;
    const room = {
      x: box.clientWidth - rowHeadWidth - size,
      y: box.clientHeight - columnHeadHeight - size,
    };
    box.scrollLeft = Math.min(x, Math.max(box.scrollLeft, x - room.x));
    box.scrollTop = Math.min(y, Math.max(box.scrollTop, y - room.y));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey) return;
    if (event.key === 'Enter') {
      open();
      event.preventDefault();
      return;
    }
    const pageRows = Math.max(1, Math.floor((view.height - columnHeadHeight) / size) - 1);
    const next = nextCell(active, event.key, event.ctrlKey, { rows, columns, pageRows });
    if (next === undefined) return;
    event.preventDefault();
    move({ row: Math.max(0, next.row), column: next.column });
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const x = event.clientX - box.left - rowHeadWidth;
    const y = event.clientY - box.top - columnHeadHeight;
    const row = Math.floor((y + view.top) / size);
    const column = Math.floor((x + view.left) / size);
    if (x >= 0 && y >= 0 && row < rows && column < columns) setActive({ row, column });
  };
  const name =
    cell === null || cell === undefined
      ? `${rowHeads.at(active.row)?.name ?? ''}: nothing to ask`
      : `${cell.from} to ${cell.to}: ${cell.title}. ${cell.text}`;
  return (
    <>
      <div
        className="matrix-box card grow"
        style={{ maxHeight: columnHeadHeight + rows * size + roomBelow }}
      >
        <canvas
          ref={canvas}
          className="matrix-canvas"
          aria-hidden="true"
          style={{ width: view.width, height: view.height }}
        />
        <div
          ref={scroller}
          className="matrix"
          role="grid"
          tabIndex={0}
          aria-label="Who reaches what"
          aria-rowcount={rows}
          aria-colcount={columns}
          aria-activedescendant={`${id}-cell`}
          onKeyDown={onKeyDown}
          onPointerDown={onPointerDown}
          onDoubleClick={open}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
        >
          <div
            className="matrix-size"
            role="presentation"
            style={{
              width: rowHeadWidth + columns * size,
              height: columnHeadHeight + rows * size,
            }}
          >
            <div role="row" aria-rowindex={active.row + 1} className="visually-hidden">
              <div
                id={`${id}-cell`}
                role="gridcell"
                aria-colindex={active.column + 1}
                aria-selected="true"
              >
                {name}
              </div>
            </div>
          </div>
        </div>
      </div>
      <CellDetail cell={cell ?? null} onOpen={open} />
    </>
  );
}
