import { DISPOSITIONS, type DispositionKind } from './disposition';
import type { Reachability, ReachabilityCell } from './reachability';
import { cellQuestion, type ColumnKind, type ReachabilityColumn } from './reachability-axes';

/** One letter a cell: what is upper case arrives. */
const LETTER: Readonly<Record<DispositionKind, string>> = {
  delivered: 'D',
  'delivered-after-nat': 'N',
  'encapsulated-to-peer': 'E',
  'dropped-by-rule': 'b',
  'dropped-by-default': 'f',
  'no-route': 'r',
  'no-endpoint': 'x',
  looped: 'o',
  'insufficient-information': '?',
};

const KINDS: readonly (readonly [ColumnKind, string])[] = [
  ['pod', 'pods'],
  ['service', 'services'],
  ['dns', 'DNS'],
  ['internet', 'internet'],
  ['node', 'nodes'],
];

const MOST_LISTED = 60;
const WIDTH = 100;

const arrives = (cell: ReachabilityCell | undefined): boolean => cell?.lost === 0 && cell.ways > 0;

interface Shown {
  readonly column: ReachabilityColumn;
  readonly index: number;
}

/** The matrix as plain text: counts, a letter for every cell of the columns that not every pod reaches, and why. */
export function matrixText(matrix: Reachability): string {
  const { rows, columns, cells, notes } = matrix;
  const traced = cells.flat().filter((cell) => cell !== undefined);
  const nodes = new Set(rows.map(({ node }) => node)).size;
  const out = [
    `${count(rows.length, 'pod')} of ${count(nodes, 'node')}, ${count(columns.length, 'destination')}: ${traced.filter(arrives).length} of ${traced.length} packets arrive on every way`,
    '',
    ...notes.map((note) => `note: ${note}`),
  ];
  const bad = columns
    .map((column, index): Shown => ({ column, index }))
    .filter(({ index }) =>
      cells.some((line) => line[index] !== undefined && !arrives(line[index])),
    );
  for (const [kind, title] of KINDS) {
    const all = columns.filter((column) => column.kind === kind).length;
    const well = all - bad.filter(({ column }) => column.kind === kind).length;
    if (all > 0) out.push(`${title.padEnd(9)} ${well} of ${all} are reached by every pod`);
  }
  if (bad.length > 0) {
    for (let from = 0; from < bad.length; from += WIDTH)
      heatMap(matrix, bad.slice(from, from + WIDTH), from, out);
    out.push('', legend(cells), '');
    bad.slice(0, MOST_LISTED).forEach((shown, i) => {
      out.push(...whyNot(matrix, shown, i + 1));
    });
    if (bad.length > MOST_LISTED)
      out.push(`and ${bad.length - MOST_LISTED} more (--format json has all)`);
  }
  return `${out.join('\n')}\n`;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

function heatMap(
  { rows, cells }: Reachability,
  shown: readonly Shown[],
  before: number,
  out: string[],
): void {
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  out.push('', `${''.padEnd(width)}  ${ruler(shown.length, before)}`.trimEnd());
  rows.forEach(({ name }, r) => {
    const line = shown.map(({ index }) => letterOf(cells[r]?.[index])).join('');
    out.push(`${name.padEnd(width)}  ${line}`);
  });
}

/** Every tenth column has its number. */
function ruler(columns: number, before: number): string {
  let line = '';
  for (let n = 1; n <= columns; n += 1) {
    const number = before + n;
    if (line.length >= n) continue;
    line += number === 1 || number % 10 === 0 ? String(number) : ' ';
  }
  return line;
}

/** `/` where some ways arrive and some do not. */
function letterOf(cell: ReachabilityCell | undefined): string {
  if (cell === undefined) return '-';
  return cell.lost > 0 && cell.lost < cell.ways ? '/' : LETTER[cell.kind];
}

function legend(cells: Reachability['cells']): string {
  const kinds = new Set(cells.flat().flatMap((cell) => cell?.kind ?? []));
  const words = [...kinds].map(
    (kind) => `${LETTER[kind]} ${DISPOSITIONS[kind].title.toLowerCase()}`,
  );
  return [...words, '/ on some of its ways', '- not traced'].join('   ');
}

function whyNot(
  { rows, cells }: Reachability,
  { column, index }: Shown,
  number: number,
): readonly string[] {
  const bad = rows.flatMap((row, r) => {
    const cell = cells[r]?.[index];
    return cell === undefined || arrives(cell) ? [] : [{ row, cell }];
  });
  const [first] = bad;
  if (first === undefined) return [];
  const { kind, reason } = first.cell;
  const question = cellQuestion(first.row, column);
  return [
    `${number}. ${column.name} ${column.to}/${column.protocol}, not from ${count(bad.length, 'pod')}`,
    `   ${DISPOSITIONS[kind].title}: ${reason}`,
    ...(question === undefined
      ? []
      : [`   trace --from ${question.from} --to ${question.to} --protocol ${column.protocol}`]),
  ];
}

const SCHEMA_VERSION = 1;

/** The matrix as a JSON value; a cell that is not traced is null. */
export function matrixDocument(
  { rows, columns, notes, cells }: Reachability,
  tool: { readonly name: string; readonly version: string },
): unknown {
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: tool.name, version: tool.version },
    notes,
    rows: rows.map(({ endpointId, ...row }) => ({ ...row, endpointId: endpointId ?? null })),
    columns: columns.map(({ kind, name, to, protocol }) => ({ kind, name, to, protocol })),
    cells: cells.map((line) => line.map((cell) => cell ?? null)),
  };
}
