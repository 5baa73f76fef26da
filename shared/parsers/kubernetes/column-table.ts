/** A column of a kubectl table: its name and where it starts. */
export interface TableColumn {
  readonly name: string;
  readonly start: number;
}

const NAMES_WITH_BLANKS = /LAST SEEN|FIRST SEEN|NOMINATED NODE|READINESS GATES|[^\s]+/g;
const PACKED: Readonly<Record<string, string>> = { LASTSEEN: 'LAST SEEN', FIRSTSEEN: 'FIRST SEEN' };

/** The columns of a header line; names of two words are known ones. */
export function columnsOf(header: string): TableColumn[] {
  return [...header.matchAll(NAMES_WITH_BLANKS)].map((match) => ({
    name: PACKED[match[0]] ?? match[0],
    start: match.index,
  }));
}

/** Is every column start of the row preceded by a blank, that is, does the row keep to the header? */
function aligned(row: string, columns: readonly TableColumn[]): boolean {
  if (/^\s/.test(row.slice(columns[0]?.start ?? 0, (columns[0]?.start ?? 0) + 1))) return false;
  return columns.every(({ start }, i) => i === 0 || start >= row.length || row[start - 1] === ' ');
}

/**
 * The cells of a row by column name, or undefined when the row does not belong to the table.
 * kubectl aligns rows under the header; a paste that lost the alignment is split at blanks, with
 * `3 (4m ago)` kept together and what is too much given to the last column.
 */
export function cellsOf(
  row: string,
  columns: readonly TableColumn[],
): ReadonlyMap<string, string> | undefined {
  if (aligned(row, columns)) {
    const cells = columns.map(({ name, start }, i) => {
      const end = columns[i + 1]?.start;
      return [name, row.slice(start, end).trim()] as const;
    });
    if (cells.every(([, cell]) => !/\S {3,}\S/.test(cell))) return new Map(cells);
  }
  const wide = row.trim().split(/ {2,}|\t+/);
  if (wide.length === columns.length) return named(wide, columns);
  const words = row.trim().match(/\S+(?: \([^)]*ago\))?/g) ?? [];
  if (words.length < columns.length) return undefined;
  const last = columns.length - 1;
  return named([...words.slice(0, last), words.slice(last).join(' ')], columns);
}

function named(
  cells: readonly string[],
  columns: readonly TableColumn[],
): ReadonlyMap<string, string> {
  return new Map(columns.map(({ name }, i) => [name, cells[i] ?? '']));
}
