import type { ReactElement } from 'react';
import type { TableId } from '../../shared/ipc/table-schemas';
import { PageHead } from '../frame/page-head';
import { goTo } from '../stores/navigation';
import { TableChoice } from './object-tables';
import { DataTable } from './data-table';
import { allTables } from './table-titles';

/** Every table of the snapshot, or the contradictions by themselves. */
export function TablesPage({ table }: { table: TableId }): ReactElement {
  if (table === 'contradictions') {
    return (
      <>
        <PageHead title="Contradictions">
          Two files of this bundle that say different things of one object. None of them is dropped;
          the time between their collection is often the reason.
        </PageHead>
        <div className="page-body fill">
          <DataTable table="contradictions" title="Contradictions" />
        </div>
      </>
    );
  }
  return (
    <>
      <PageHead title="Tables">
        Everything that was read, object by object. Sort by a column, filter by any text, copy or
        save what matches.
      </PageHead>
      <div className="page-body fill">
        <TableChoice
          tables={allTables}
          shown={table}
          onShow={(next) => goTo({ kind: 'tables', table: next })}
        />
      </div>
    </>
  );
}
