import { useRef, useState, type CSSProperties, type ReactElement, type ReactNode } from 'react';
import type { TableId, TablePage } from '../../shared/ipc/table-schemas';
import { call, sentenceOf } from '../bridge/call';
import { usePages } from '../bridge/use-pages';
import { Button } from '../controls/button';
import { Unreadable } from '../controls/empty-state';
import { FilterField } from '../controls/filter-field';
import { Icon } from '../controls/icons';
import { counted, inSentence, number } from '../controls/text';
import { copyText } from '../stores/evidence-actions';
import { useSnapshot } from '../stores/case';
import { say } from '../stores/toasts';
import { Grid } from './grid';
import { mostCopiedRows, rowsAsText } from './rows-as-text';

export type TableRow = TablePage['rows'][number];
export interface TableSort {
  readonly column: string;
  readonly descending: boolean;
}

/** How many rows there are, for the sheet that shares the height of a page among tables. */
const rowsStyle = (rows: number): CSSProperties => ({ ['--rows' as string]: rows });

/** A table of the snapshot: sorted and filtered where the data is, shown as far as one looks. */
export function DataTable({
  table,
  title,
  scope,
  filterWidth = 190,
  tools,
}: {
  table: TableId;
  title: string;
  /** Narrows the table; see the contract. */
  scope?: string | undefined;
  filterWidth?: number;
  tools?: ReactNode;
}): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState<TableSort | null>(null);
  const meta = useRef<{ readonly of: string; readonly page: TablePage } | null>(null);
  const identity = `${snapshotId} ${table}`;

  const ask = (offset: number, limit: number): Promise<TablePage> =>
    call('table:page', {
      snapshotId,
      table,
      ...(scope === undefined ? {} : { scope }),
      filter,
      sort,
      offset,
      limit,
    });
  const pages = usePages(
    JSON.stringify([snapshotId, table, scope, filter, sort]),
    async (offset, limit) => {
      const page = await ask(offset, limit);
      meta.current = { of: identity, page };
      return { items: page.rows, offset: page.offset, matching: page.matching };
    },
  );
  const page = meta.current?.of === identity ? meta.current.page : undefined;

  const copyRows = async (): Promise<void> => {
    const rows: TableRow[] = [];
    let matching = 1;
    while (rows.length < Math.min(matching, mostCopiedRows)) {
      const next = await ask(rows.length, 500);
      matching = next.matching;
      if (next.rows.length === 0) break;
      rows.push(...next.rows);
    }
    await copyText(rowsAsText(page?.columns ?? [], rows), `${counted(rows.length, 'row')} copied.`);
  };
  const exportCsv = async (): Promise<void> => {
    try {
      const { saved } = await call('table:export-csv', {
        snapshotId,
        table,
        ...(scope === undefined ? {} : { scope }),
        filter,
      });
      if (saved !== null) say(`Saved: ${saved}`, { tone: 'ok' });
    } catch (error) {
      say(sentenceOf(error), { tone: 'error' });
    }
  };

  const empty = page !== undefined && page.total === 0;
  return (
    <section
      className="data-table grow"
      aria-label={title}
      style={rowsStyle(Math.max(1, page?.matching ?? 3))}
    >
      <div className="table-toolbar">
        <h2>{title}</h2>
        {page === undefined || empty ? null : (
          <span className="dim tabular">
            {page.matching === page.total
              ? number(page.total)
              : `${number(page.matching)} of ${number(page.total)}`}
          </span>
        )}
        {tools}
        {empty ? null : (
          <>
            <span className="push" />
            <FilterField
              label={`Filter ${inSentence(title)}`}
              value={filter}
              onChange={setFilter}
              width={filterWidth}
            />
            <Button look="small" onPress={() => void copyRows()}>
              <Icon name="copy" size={12} />
              Copy rows
            </Button>
            <Button look="small" onPress={() => void exportCsv()}>
              <Icon name="save" size={12} />
              CSV
            </Button>
          </>
        )}
      </div>
      {pages.error !== undefined && page === undefined ? (
        <Unreadable message={sentenceOf(pages.error)} />
      ) : page === undefined ? (
        <div className="grid" />
      ) : (
        <Grid key={identity} title={title} page={page} pages={pages} sort={sort} onSort={setSort} />
      )}
    </section>
  );
}
