import type { ReactElement } from 'react';
import type { TablePage } from '../../shared/ipc/table-schemas';
import { Icon } from '../controls/icons';
import type { TableSort } from './data-table';
import { cellId, sourceColumn } from './cell-id';
import type { CellPosition } from './grid-keys';

interface HeadColumn {
  readonly id: string;
  getSize(): number;
  getResizeHandler(): (event: unknown) => void;
}

/** The head of a table: pressing a name sorts, dragging an edge resizes. */
export function GridHead({
  id,
  columns,
  headers,
  active,
  sort,
  onSort,
}: {
  id: string;
  columns: TablePage['columns'];
  headers: readonly HeadColumn[];
  active: CellPosition;
  sort: TableSort | null;
  onSort: (column: string) => void;
}): ReactElement {
  return (
    <div className="grid-head" role="rowgroup">
      <div className="grid-row" role="row" aria-rowindex={1}>
        {headers.map((header, index) => {
          const column = columns[index];
          const sorted = sort?.column === header.id ? sort : null;
          return (
            <div
              key={header.id}
              id={cellId(id, { row: -1, column: index })}
              role="columnheader"
              aria-colindex={index + 1}
              aria-sort={sorted === null ? 'none' : sorted.descending ? 'descending' : 'ascending'}
              className={`grid-cell ${column?.align === 'end' ? 'end' : ''} ${
                active.row === -1 && active.column === index ? 'active' : ''
              }`}
              style={{ width: header.getSize() }}
              onClick={() => onSort(header.id)}
            >
              <span className="cell-text">
                {header.id === sourceColumn ? 'Source' : (column?.title ?? header.id)}
              </span>
              {sorted === null ? null : <Icon name={sorted.descending ? 'down' : 'up'} size={10} />}
              <span
                className="column-edge"
                onClick={(event) => event.stopPropagation()}
                onMouseDown={(event) => header.getResizeHandler()(event)}
                onTouchStart={(event) => header.getResizeHandler()(event)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
