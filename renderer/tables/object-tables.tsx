import type { ReactElement } from 'react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { TableId } from '../../shared/ipc/table-schemas';
import { DataTable } from './data-table';
import { hnsTables, tableTitles } from './table-titles';

/** The objects of HNS, one table at a time. */
export function ObjectTables(): ReactElement {
  const [table, setTable] = useState<TableId>('endpoints');
  return (
    <div className="page-body fill">
      <TableChoice tables={hnsTables} shown={table} onShow={setTable} />
    </div>
  );
}

/** A list of tables beside the one that is shown. */
export function TableChoice({
  tables,
  shown,
  onShow,
}: {
  tables: readonly TableId[];
  shown: TableId;
  onShow: (table: TableId) => void;
}): ReactElement {
  return (
    <div className="side-list grow">
      <div className="choices" role="group" aria-label="Tables">
        {tables.map((table) => (
          <Button
            key={table}
            className="choice"
            onPress={() => onShow(table)}
            {...(table === shown ? { 'aria-current': 'true' } : {})}
          >
            <span>{tableTitles[table]}</span>
          </Button>
        ))}
      </div>
      <DataTable key={shown} table={shown} title={tableTitles[shown]} />
    </div>
  );
}
