import { Fragment, type ReactElement, type ReactNode } from 'react';
import type { TraceColumn, TraceStop } from '../../shared/ipc/trace-schemas';
import { StopCard } from './stop-card';

interface NodeRow {
  readonly node: string;
  readonly columns: readonly { readonly column: TraceColumn; readonly first: number }[];
}

/** Columns by the node they are on; `first` is the index of a column's first stop. */
function rowsOf(columns: readonly TraceColumn[]): readonly NodeRow[] {
  const rows: { node: string; columns: { column: TraceColumn; first: number }[] }[] = [];
  let first = 0;
  for (const column of columns) {
    const last = rows.at(-1);
    const here = { column, first };
    if (last !== undefined && last.node === column.node) last.columns.push(here);
    else rows.push({ node: column.node, columns: [here] });
    first += column.stops.length;
  }
  return rows;
}

/** The places a packet comes to, left to right, a row for each node; `children` stands at the end. */
export function Pipeline({
  columns,
  at,
  onOpen,
  children,
  label = 'Way of the packet',
}: {
  columns: readonly TraceColumn[];
  /** The stop that is shown; null when the whole way is. */
  at: number | null;
  onOpen: (stop: TraceStop, index: number) => void;
  children?: ReactNode;
  label?: string;
}): ReactElement {
  const rows = rowsOf(columns);
  return (
    <div className="trace-rows" role="group" aria-label={label}>
      {rows.length === 0 ? <div className="trace-columns">{children}</div> : null}
      {rows.map((row, index) => (
        <Fragment key={`${row.node} ${index}`}>
          {rows.length > 1 ? <h3 className="caption">{row.node}</h3> : null}
          <div className="trace-columns">
            {row.columns.map(({ column, first }) => (
              <section key={first} className="trace-column" aria-label={column.title}>
                <header>
                  <h3 title={column.title}>{column.title}</h3>
                  <p className="dim" title={column.subtitle}>
                    {column.subtitle}
                  </p>
                </header>
                <ol>
                  {column.stops.map((stop, offset) => (
                    <StopCard
                      key={first + offset}
                      stop={stop}
                      state={stateOf(first + offset, at)}
                      onOpen={() => onOpen(stop, first + offset)}
                    />
                  ))}
                </ol>
              </section>
            ))}
            {index === rows.length - 1 ? children : null}
          </div>
        </Fragment>
      ))}
    </div>
  );
}

function stateOf(index: number, at: number | null): 'current' | 'ahead' | 'passed' {
  if (at === null) return 'passed';
  return index === at ? 'current' : index > at ? 'ahead' : 'passed';
}
