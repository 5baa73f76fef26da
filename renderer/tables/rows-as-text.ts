import type { TablePage } from '../../shared/ipc/table-schemas';

/** More than this is for the CSV export. */
export const mostCopiedRows = 5000;

/** Rows with their head, columns parted by tabs: pastes into spreadsheets and tickets. */
export function rowsAsText(columns: TablePage['columns'], rows: TablePage['rows']): string {
  const clean = (text: string): string => text.replace(/[\t\r\n]+/g, ' ');
  return [
    columns.map(({ title }) => clean(title)).join('\t'),
    ...rows.map((row) => row.cells.map(({ text }) => clean(text)).join('\t')),
  ].join('\n');
}
