import { promptAt } from '../powershell/prompt';
import { displayWidth, type TextLine } from '../text-line';

export interface ContainerRow {
  readonly line: number;
  /** Cell by upper case column name. */
  cell(column: string): string;
}

export interface ContainerTable {
  readonly columns: readonly string[];
  readonly headerLine: number;
  readonly rows: readonly ContainerRow[];
}

/**
 * Tables of docker, ctr and crictl: upper case headers two blanks apart, columns padded to one
 * width. A row that does not keep to the columns is split at runs of blanks instead.
 */
export function containerTables(lines: readonly TextLine[], header: RegExp): ContainerTable[] {
  const tables: ContainerTable[] = [];
  let rows: ContainerRow[] | undefined;
  let columns: readonly { name: string; start: number }[] = [];
  for (const { n, text } of lines) {
    if (header.test(text)) {
      rows = [];
      columns = [...text.matchAll(/\S+(?: \S+)*/g)].map((match) => ({
        name: match[0].toUpperCase(),
        start: match.index,
      }));
      tables.push({ columns: columns.map(({ name }) => name), headerLine: n, rows });
    } else if (text.trim() === '' || promptAt(text)) {
      rows = undefined;
    } else {
      rows?.push(rowOf(n, text, columns));
    }
  }
  return tables;
}

function rowOf(
  line: number,
  text: string,
  columns: readonly { readonly name: string; readonly start: number }[],
): ContainerRow {
  const aligned =
    displayWidth(text) === text.length &&
    columns.every(({ start }) => start === 0 || start >= text.length || text[start - 1] === ' ');
  const cells = aligned
    ? columns.map(({ start }, i) => text.slice(start, columns[i + 1]?.start).trim())
    : text.trim().split(/\s{2,}|\t/);
  return { line, cell: (column) => cells[columns.findIndex(({ name }) => name === column)] ?? '' };
}
