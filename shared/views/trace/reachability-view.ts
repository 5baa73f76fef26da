import type { ReachabilityCellView, ReachabilityHead } from '../../ipc/reachability-schemas';
import { DISPOSITIONS, type DispositionKind } from '../../trace/disposition';
import type { Reachability, ReachabilityCell } from '../../trace/reachability';
import { cellQuestion, type ColumnKind } from '../../trace/reachability-axes';
import { shownText } from './plain-text';

export type CellTone = ReachabilityCellView['tone'];

export const toneOfKind = (kind: DispositionKind): CellTone =>
  kind === 'insufficient-information' ? 'not-checked' : DISPOSITIONS[kind].success ? 'ok' : 'error';

/** The tone of a cell: of several ways one that is lost counts. */
const toneOfCell = ({ kind }: ReachabilityCell): CellTone => toneOfKind(kind);

/** Where rows and columns stand, by their groups; `problem` ones first counted apart. */
export interface ReachabilityOrder {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

const KIND_GROUPS: Readonly<Record<ColumnKind, string>> = {
  pod: 'Pods',
  service: 'Services',
  dns: 'DNS',
  internet: 'Internet',
  node: 'Nodes',
};
const KIND_ORDER: readonly ColumnKind[] = ['dns', 'service', 'pod', 'internet', 'node'];

/** `namespace/name` in its parts; an address has no namespace. */
function parted(name: string): { readonly namespace: string | undefined; readonly name: string } {
  const at = name.indexOf('/');
  return at === -1
    ? { namespace: undefined, name }
    : { namespace: name.slice(0, at), name: name.slice(at + 1) };
}

/** The heads of rows: pods by namespace. */
export function rowHead({ rows }: Reachability, index: number): ReachabilityHead {
  const row = rows[index];
  const { namespace, name } = parted(row?.name ?? '');
  return {
    name,
    detail: row?.addresses.join(', ') ?? '',
    group: namespace ?? 'no namespace known',
  };
}

/** The heads of columns: by kind, services and pods by namespace. */
export function columnHead({ columns }: Reachability, index: number): ReachabilityHead {
  const column = columns[index];
  if (column === undefined) return { name: '', detail: '', group: '' };
  const { namespace, name } = parted(column.name);
  const port = column.port === undefined ? '' : `:${column.port}`;
  return {
    name: `${name}${port}`,
    detail: `${column.to}/${column.protocol.toUpperCase()}`,
    group: `${KIND_GROUPS[column.kind]}${namespace === undefined ? '' : ` · ${namespace}`}`,
  };
}

/** All rows and columns by group and name, and those that have a cell which does not arrive. */
export function reachabilityOrders(matrix: Reachability): {
  readonly all: ReachabilityOrder;
  readonly problems: ReachabilityOrder;
} {
  const kindOf = (index: number): number =>
    KIND_ORDER.indexOf(matrix.columns[index]?.kind ?? 'node');
  const byHead =
    (head: (index: number) => ReachabilityHead, rank: (index: number) => number) =>
    (a: number, b: number): number => {
      const [first, second] = [head(a), head(b)];
      return (
        rank(a) - rank(b) ||
        first.group.localeCompare(second.group) ||
        first.name.localeCompare(second.name, undefined, { numeric: true })
      );
    };
  const rows = matrix.rows.map((_, index) => index);
  const columns = matrix.columns.map((_, index) => index);
  rows.sort(
    byHead(
      (index) => rowHead(matrix, index),
      () => 0,
    ),
  );
  columns.sort(byHead((index) => columnHead(matrix, index), kindOf));
  const isBad = (row: number, column: number): boolean => {
    const cell = matrix.cells[row]?.[column];
    return cell !== undefined && !DISPOSITIONS[cell.kind].success;
  };
  return {
    all: { rows, columns },
    problems: {
      rows: rows.filter((row) => columns.some((column) => isBad(row, column))),
      columns: columns.filter((column) => rows.some((row) => isBad(row, column))),
    },
  };
}

/** A cell with the question of its trace; undefined where there is nothing to ask. */
export function cellView(
  matrix: Reachability,
  row: number,
  column: number,
): ReachabilityCellView | undefined {
  const [from, to] = [matrix.rows[row], matrix.columns[column]];
  const cell = matrix.cells[row]?.[column];
  if (from === undefined || to === undefined || cell === undefined) return undefined;
  const question = cellQuestion(from, to);
  if (question === undefined) return undefined;
  return {
    from: from.name,
    to: `${to.name === to.ip ? '' : `${to.name}, `}${to.to}/${to.protocol.toUpperCase()}`,
    title: DISPOSITIONS[cell.kind].title,
    tone: toneOfCell(cell),
    text: shownText(cell.reason),
    ways: cell.ways,
    lost: cell.lost,
    question,
    way: cell.branch,
  };
}

const LETTER: Readonly<Record<CellTone, string>> = { ok: 'o', error: 'x', 'not-checked': '?' };

/** A letter for each of the columns; see `reachability:cells`. */
export function cellLetters(
  { cells }: Reachability,
  row: number,
  columns: readonly number[],
): string {
  return columns
    .map((column) => {
      const cell = cells[row]?.[column];
      return cell === undefined ? '.' : LETTER[toneOfCell(cell)];
    })
    .join('');
}

/** How many cells arrive, do not, and are not known. */
export function cellCounts({ cells }: Reachability): Readonly<Record<CellTone, number>> {
  const counts = { ok: 0, error: 0, 'not-checked': 0 };
  for (const line of cells)
    for (const cell of line) if (cell !== undefined) counts[toneOfCell(cell)] += 1;
  return counts;
}
