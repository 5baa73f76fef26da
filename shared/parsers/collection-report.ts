import type { CollectedSection, CollectionReport, SectionState } from '../model/collection';
import { LineAccount } from './line-account';
import { linesOf, type Parser } from './parser';

const HEAD = /^Collected by HNS Workbench from .+ at (\S+)$/;
const DONE = /^Done at (\S+)$/;
/** Sections that were read once more on their own: a live action. */
const AGAIN = /^Read again from (\S+) to (\S+): (\S.*)$/;
const MODE = /^PowerShell language mode: (.+)$/;
const COMPLETE = /^(Complete\.|INCOMPLETE\b)/;
/** State, bytes, milliseconds, section, path: the columns of the report. */
const ROW =
  /^(ok|missing|error|timeout|truncated|damaged|cut off|refused) +(\d+) +(\d+|\?) ms +(\S+)(?: +(.*))?$/;
/** A note on a section, below the table. */
const NOTE = /^(\S+) \(([a-z ]+)\): (.*)$/;

interface Row {
  readonly line: number;
  readonly state: SectionState;
  readonly bytes: number;
  readonly milliseconds: number | undefined;
  readonly section: string;
  readonly path: string;
}

/**
 * `collection-report.txt`, which this program writes into every bundle it collects
 * (electron/collect/collection-report.ts): when the collection ran, and how each section went. What
 * failed or was cut is a note on its line.
 */
export const collectionReportParser: Parser = {
  kind: 'collection-report',
  title: 'Report of the collection: when it ran and how each section went',
  command: 'hns-workbench collect <node>',
  recognise: (region, head) => {
    if (head.some((text) => HEAD.test(text))) return 98;
    return head.length === 0 && /(^|\/)collection-report\.txt$/i.test(region.file.path) ? 40 : 0;
  },
  parse: (region) => {
    const account = new LineAccount(region);
    let startedAt: number | undefined;
    let endedAt: number | undefined;
    let mode = '';
    let complete: boolean | undefined;
    const rows: Row[] = [];
    const again = new Map<string, Span>();
    const reasons = new Map<string, string[]>();
    for (const { n, text: raw } of linesOf(region)) {
      const text = raw.trimEnd();
      const row = ROW.exec(text);
      const note = rows.length > 0 ? NOTE.exec(text) : null;
      const readAgain = AGAIN.exec(text);
      if (HEAD.test(text)) startedAt = timeOf(HEAD.exec(text)?.[1]);
      else if (DONE.test(text)) endedAt = timeOf(DONE.exec(text)?.[1]);
      else if (readAgain) {
        const [, from, to, names = ''] = readAgain;
        for (const name of names.split(', '))
          again.set(name, { from: timeOf(from), to: timeOf(to) });
      } else if (MODE.test(text)) mode = MODE.exec(text)?.[1] ?? '';
      else if (COMPLETE.test(text)) complete = text === 'Complete.';
      else if (row) rows.push(rowOf(n, row));
      else if (note) {
        const [, section = '', , reason = ''] = note;
        reasons.set(section, [...(reasons.get(section) ?? []), reason]);
      } else if (text !== '' && text !== 'Notes:' && rows.length === 0) {
        account.note('info', text, n);
      }
      account.claim(n);
    }
    for (const row of rows) {
      const said = troubleOf(row, reasons.get(row.section) ?? []);
      if (said !== undefined) account.note('info', said, row.line);
    }
    const inOrder = mode === 'FullLanguage';
    const report: CollectionReport = {
      file: region.file.path,
      startedAt,
      endedAt,
      complete,
      sections: sectionsOf(rows, region.file.path, { startedAt, endedAt, inOrder, again }),
      evidence: [account.at(region.line)],
    };
    return account.result({ kind: 'collections', items: [report] });
  },
};

interface Span {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

function rowOf(line: number, row: RegExpExecArray): Row {
  const [, state = 'ok', bytes = '0', ms = '?', section = '', path = ''] = row;
  return {
    line,
    state: state as SectionState,
    bytes: Number(bytes),
    milliseconds: ms === '?' ? undefined : Number(ms),
    section,
    path: path.trim(),
  };
}

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** What the operator must know of a section; undefined where it came whole. */
function troubleOf({ section, path, state }: Row, reasons: readonly string[]): string | undefined {
  if (state === 'ok') return undefined;
  const what = path === '' ? section : `${section} (${path})`;
  const said = STATE_TEXT[state];
  // The collector itself begins such a reason with the word.
  const why = reasons.map((reason) => reason.replace(/^missing: /, '')).join('; ');
  return why === '' ? `${what}: ${said}` : `${what}: ${said}, ${why}`;
}

const STATE_TEXT: Readonly<Record<Exclude<SectionState, 'ok'>, string>> = {
  missing: 'not there',
  error: 'failed',
  timeout: 'took too long and was stopped',
  truncated: 'larger than the limit and cut',
  damaged: 'damaged on the way',
  'cut off': 'broke off with the connection',
  refused: 'refused by this program',
};

/**
 * When each section was read. They run one after another, so a section began no earlier than all
 * before it took together, and ended no later than all behind it need until the end. Plain commands
 * (Constrained Language Mode) run side by side: for them only start and end of all are known. What
 * was read again has times of its own.
 */
function sectionsOf(
  rows: readonly Row[],
  file: string,
  run: {
    readonly startedAt: number | undefined;
    readonly endedAt: number | undefined;
    readonly inOrder: boolean;
    readonly again: ReadonlyMap<string, Span>;
  },
): CollectedSection[] {
  const ofRun = (row: Row): number => (run.again.has(row.section) ? 0 : (row.milliseconds ?? 0));
  const took = (some: readonly Row[]): number =>
    run.inOrder ? some.reduce((sum, row) => sum + ofRun(row), 0) : 0;
  const known = run.startedAt !== undefined && run.endedAt !== undefined;
  const first = (i: number): number => (run.startedAt ?? 0) + took(rows.slice(0, i));
  const last = (i: number): number => (run.endedAt ?? 0) - took(rows.slice(i + 1));
  return rows.map(({ line, section, path, state, bytes }, i) => ({
    section,
    path,
    state,
    bytes,
    from: undefined,
    to: undefined,
    ...(run.again.get(section) ?? (known ? { from: first(i), to: last(i) } : {})),
    evidence: [{ file, line, endLine: line }],
  }));
}
