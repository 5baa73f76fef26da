import { TABLES } from '../../shared/tables';
import type { FlowQuestionView } from '../../shared/ipc/flow-question';
import { tableId } from '../../shared/ipc/table-schemas';
import { orderOf, type Cell } from '../../shared/tables/table';
import { storyboardFile } from '../../shared/report/storyboard-svg';
import { renderedReport } from '../../shared/report/rendered-report';
import { RULES } from '../../shared/rules/catalogue';
import { CallError } from './call-error';
import { storyOf } from './calls/walk-through-calls';
import type { OpenCase } from './open-case';
import { TOOL } from './tool';

/** The report of the open case in one of its formats, in pieces. */
export function* renderReport(
  open: OpenCase,
  format: 'html' | 'json' | 'sarif' | 'text',
): Generator<string> {
  const { state, rejected } = open;
  const report = {
    tool: TOOL,
    case: state.case,
    findings: state.findings,
    checks: state.checks,
    rules: RULES.map((rule) => rule.meta),
    rejected,
    sampleNote: open.sampleNote,
    pinned: open.pinned,
  };
  yield* renderedReport(report, format, Date.now());
}

/** One way of a trace as a storyboard (SVG). */
export function* pictureOf(
  open: OpenCase,
  request: {
    readonly snapshotId: string;
    readonly question: FlowQuestionView;
    readonly way: number;
  },
): Generator<string> {
  const { snapshotId, question, way } = request;
  const told = storyOf({ case: open }, snapshotId, question, way);
  if (told === undefined) throw new CallError('not-found', 'There is no packet to draw');
  yield storyboardFile(told);
}

/** A table as CSV (RFC 4180), all matching rows, with a leading BOM so that spreadsheets read UTF-8. */
export function* csvOf(
  open: OpenCase,
  request: {
    readonly snapshotId: string;
    readonly table: string;
    readonly scope?: string | undefined;
    readonly filter: string;
  },
): Generator<string> {
  const context = open.context(request.snapshotId);
  const id = tableId.safeParse(request.table);
  if (!context || !id.success) throw new CallError('not-found', 'This table is not open any more');
  const table = TABLES[id.data];
  const source = table.rows(context, request.scope);
  const order = orderOf(source, table.columns, { filter: request.filter, sort: null });
  yield `\uFEFF${table.columns.map((c) => quote(c.title)).join(',')}\r\n`;
  for (const index of order)
    yield `${source
      .row(index)
      .cells.map((c: Cell) => quote(c.text))
      .join(',')}\r\n`;
}

/** Quotes a field; a leading `=`, `+`, `-` or `@` is defused, since spreadsheets would run it. */
function quote(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
