import type { Evidence } from '../model/evidence';
import type { EntityRef } from '../model/finding';
import { compareIpText } from '../model/ip';
import type { ViewContext } from '../inspect/view-context';

export type CellTone = 'error' | 'warning' | 'info' | 'ok' | 'dim';

/** A cell as it is shown; `sort` orders it where the text would not. */
export interface Cell {
  readonly text: string;
  readonly tone?: CellTone | undefined;
  readonly ref?: EntityRef | undefined;
  readonly evidence?: Evidence | undefined;
  readonly sort?: number | undefined;
}

export interface Column {
  readonly id: string;
  readonly title: string;
  readonly width: number;
  readonly align?: 'start' | 'end' | undefined;
  readonly mono?: boolean | undefined;
  readonly middle?: boolean | undefined;
}

export interface Row {
  readonly key: string;
  readonly ref?: EntityRef | undefined;
  readonly evidence?: Evidence | undefined;
  readonly tone?: CellTone | undefined;
  readonly cells: readonly Cell[];
}

/** Rows made on demand: a table of 300,000 VFP rules never exists as a whole. */
export interface RowSource {
  readonly count: number;
  row(index: number): Row;
  /** Faster answers where many rows share their text; without them the rows themselves are asked. */
  matches?(index: number, words: readonly string[]): boolean;
  sortCell?(index: number, column: number): Cell | undefined;
}

export interface Table {
  readonly columns: readonly Column[];
  rows(context: ViewContext, scope: string | undefined): RowSource;
  /** Columns that say the same in every row of a scope: its pages leave them out. */
  readonly implied?: (scope: string, context: ViewContext) => readonly string[];
  /** What would be here and the command that makes it. */
  readonly empty: { readonly text: string; readonly command?: string };
}

export interface PageRequest {
  readonly filter: string;
  readonly sort: { readonly column: string; readonly descending: boolean } | null;
  readonly offset: number;
  readonly limit: number;
}

export interface Page {
  readonly rows: readonly Row[];
  readonly offset: number;
  readonly matching: number;
  readonly total: number;
}

const URGENCY: Readonly<Partial<Record<CellTone, number>>> = { error: 0, warning: 1 };
const urgency = ({ tone }: Row): number => (tone === undefined ? 2 : (URGENCY[tone] ?? 2));

/** A row source of rows that exist already, the broken ones first: nobody looks for them among 600. */
export function rowsOf(rows: readonly Row[]): RowSource {
  const ordered = [...rows].sort((a, b) => urgency(a) - urgency(b));
  return {
    count: ordered.length,
    row: (index) => ordered[index] ?? { key: String(index), cells: [] },
  };
}

/** Row indexes that match a filter, in the wanted order. The costly part of a page: callers keep it between pages. */
export function orderOf(
  source: RowSource,
  columns: readonly Column[],
  request: Pick<PageRequest, 'filter' | 'sort'>,
): Uint32Array {
  const words = request.filter
    .toLowerCase()
    .split(/\s+/)
    .filter((w) => w !== '');
  const order: number[] = [];
  for (let i = 0; i < source.count; i += 1) {
    if (words.length === 0 || rowMatches(source, i, words)) order.push(i);
  }
  const column = columns.findIndex((c) => c.id === request.sort?.column);
  if (request.sort && column >= 0) {
    const sign = request.sort.descending ? -1 : 1;
    const cellOf = (i: number): Cell | undefined =>
      source.sortCell ? source.sortCell(i, column) : source.row(i).cells[column];
    const keys = new Map(order.map((i) => [i, cellOf(i)] as const));
    order.sort((a, b) => sign * compareCells(keys.get(a), keys.get(b)) || a - b);
  }
  return Uint32Array.from(order);
}

const rowMatches = (source: RowSource, index: number, words: readonly string[]): boolean =>
  source.matches ? source.matches(index, words) : matches(source.row(index), words);

function matches(row: Row, words: readonly string[]): boolean {
  const text = row.cells
    .map((c) => c.text)
    .join('\u0000')
    .toLowerCase();
  return words.every((word) => text.includes(word) || row.key.toLowerCase().includes(word));
}

function compareCells(a: Cell | undefined, b: Cell | undefined): number {
  if (a?.sort !== undefined || b?.sort !== undefined) return (a?.sort ?? -1) - (b?.sort ?? -1);
  const x = a?.text ?? '';
  const y = b?.text ?? '';
  if (/^[\d.:a-f]+(\/\d+)?$/i.test(x) && /^[\d.:a-f]+(\/\d+)?$/i.test(y)) {
    const bare = compareIpText(x.replace(/\/.*/, ''), y.replace(/\/.*/, ''));
    if (bare !== 0) return bare;
  }
  return x.localeCompare(y, 'en', { numeric: true, sensitivity: 'base' });
}

/** A page of at most `maxBytes` of text. */
export function pageOf(
  source: RowSource,
  order: Uint32Array,
  offset: number,
  limit: number,
  maxBytes: number,
): Page {
  const rows: Row[] = [];
  let bytes = 0;
  for (let i = offset; i < Math.min(offset + limit, order.length); i += 1) {
    const row = source.row(order[i] ?? 0);
    bytes += 120 + row.cells.reduce((sum, cell) => sum + cell.text.length * 2 + 60, 0);
    if (bytes > maxBytes && rows.length > 0) break;
    rows.push(row);
  }
  return { rows, offset, matching: order.length, total: source.count };
}
