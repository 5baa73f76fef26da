import { componentOfName } from '../../model/log-component';
import type { ParseNote } from '../../model/evidence';
import type { Facts } from '../../model/facts';
import type { LogComponent, LogFile } from '../../model/logs';
import type { ParseResult, Parser, Region } from '../parser';
import { linesOf } from '../parser';
import { promptAt } from '../powershell/prompt';
import { componentOfContent } from './log-component';
import type { HeadReader, LogHead } from './log-head';
import { withYear, yearlessMonth } from './log-head';
import type { Clock } from './log-store';
import { LogColumns } from './log-store';

interface LogStyle {
  readonly kind: string;
  readonly title: string;
  readonly command: string;
  readonly head: HeadReader;
  /** Styles that occur in the same file: flannel mixes two, azure-vnet alternates, wrappers mix in their children's. */
  readonly mixedWith?: readonly HeadReader[];
  /** A line only this program writes: settles which of two styles that share a head it is. */
  readonly sure?: (line: string) => boolean;
}

/** Makes the parser of one style of log: recognised when lines of its beginning have that style. */
export function logParser(style: LogStyle): Parser {
  const readers = [style.head, ...(style.mixedWith ?? [])];
  return {
    kind: style.kind,
    title: style.title,
    command: style.command,
    recognise: (_region, head) => {
      const filled = head.filter((line) => line.trim() !== '');
      const sure = style.sure !== undefined && filled.some(style.sure);
      if (!sure && !filled.some((line) => style.head(line) !== undefined)) return 0;
      const known = filled.filter(
        (line) => HEADER.test(line) || readers.some((reader) => reader(line) !== undefined),
      );
      return Math.min(55 + Math.round((known.length / filled.length) * 40) + (sure ? 4 : 0), 99);
    },
    parse: (region) => readLog(region, style.kind, readers),
  };
}

const HEADER = /^(?:Log file created at|Running on machine|Binary|Log line format): /;
const CREATED = /^Log file created at: (\d{4})\/(\d\d)\/(\d\d)/;
const MACHINE = /^Running on machine: (\S+)/;
const FLAG = /\bFLAG: (--[\w.-]+)="(.*)"\s*$/;
/** PowerShell's trace of an HNS request (`VERBOSE:` in any language) begins another output. */
const HNS_TRACE = /^[^\s:]{1,16}: Invoke-HNSRequest /;
const beginsOtherOutput = (text: string): boolean =>
  HNS_TRACE.test(text) || promptAt(text) !== undefined;

/**
 * Reads a log: entries by their heads, lines without a head as the continuation of the entry before.
 * Lines before the first entry and outputs of other commands are left to other parsers, except a
 * short preamble that starts with a prompt (the command that was run), which becomes an entry.
 */
export function readLog(
  region: Region,
  format: string,
  readers: readonly HeadReader[],
): ParseResult {
  const reading = new LogReading(region, format);
  for (const { n, text } of linesOf(region)) {
    let head: LogHead | undefined;
    for (const reader of readers) {
      head = reader(text);
      if (head) break;
    }
    reading.line(n, text, head);
  }
  return reading.result();
}

const SAMPLE = 400;

class LogReading {
  private readonly region: Region;
  private readonly format: string;
  private readonly logs = new Map<LogComponent | '', LogColumns>();
  private readonly clocks = new Set<Clock>();
  private readonly flags = new Map<
    string,
    { value: string; evidence: { file: string; line: number; endLine: number } }
  >();
  private readonly claimed: { line: number; endLine: number }[] = [];
  private readonly sample: string[] = [];
  private current: LogColumns | undefined;
  private machine: { name: string; line: number } | undefined;
  private headerYear: number | undefined;
  private turns = 0;
  private lastMonth = 0;
  private preamble: number[] = [];

  constructor(region: Region, format: string) {
    this.region = region;
    this.format = format;
  }

  line(n: number, text: string, head: LogHead | undefined): void {
    if (head) this.start(n, text, head);
    else if (HEADER.test(text)) this.header(n, text);
    else if (beginsOtherOutput(text)) {
      this.current = undefined;
      this.preamble = this.logs.size === 0 ? [n] : [];
    } else if (this.current) {
      if (text.trim() !== '') this.current.extend(n);
      this.claim(n);
    } else if (this.preamble.length > 0 && this.preamble.length < 10) this.preamble.push(n);
    else if (text.trim() !== '') this.preamble = [];
  }

  private start(n: number, text: string, head: LogHead): void {
    const component = head.component ?? '';
    let columns = this.logs.get(component);
    if (!columns) {
      columns = new LogColumns();
      this.logs.set(component, columns);
    }
    if (this.preamble.length > 0) {
      const [first = n] = this.preamble;
      columns.add(first, 'unknown', NaN);
      columns.extend(n - 1);
      for (const line of this.preamble) this.claim(line);
      this.preamble = [];
    }
    columns.add(n, head.level, this.ordered(head));
    this.clocks.add(head.clock);
    this.current = columns;
    this.claim(n);
    if (this.sample.length < SAMPLE) this.sample.push(text.slice(0, 400));
    const flag = text.includes('FLAG: --') ? FLAG.exec(text) : null;
    if (flag) {
      const evidence = { file: this.region.file.path, line: n, endLine: n };
      this.flags.set(flag[1] ?? '', { value: flag[2] ?? '', evidence });
    }
  }

  /** A yearless stamp after December goes into the next year: turns are counted, the year comes at the end. */
  private ordered(head: LogHead): number {
    if (head.clock !== 'no-year') return head.time;
    const month = yearlessMonth(head.time);
    if (this.lastMonth === 12 && month === 1) this.turns += 1;
    if (this.lastMonth === 1 && month === 12 && this.turns > 0) this.turns -= 1;
    this.lastMonth = month;
    return -(head.time + this.turns * TURN);
  }

  private header(n: number, text: string): void {
    const year = CREATED.exec(text)?.[1];
    if (year !== undefined) this.headerYear = this.headerYear ?? Number(year);
    const machine = MACHINE.exec(text)?.[1];
    if (machine !== undefined) this.machine = this.machine ?? { name: machine, line: n };
    this.claim(n);
  }

  private claim(n: number): void {
    const last = this.claimed[this.claimed.length - 1];
    if (last?.endLine === n - 1) last.endLine = n;
    else this.claimed.push({ line: n, endLine: n });
  }

  /** The year of the first entry: from the header, else so that the log ends before the file's own time. */
  private firstYear(lastStamp: number): number | undefined {
    if (this.headerYear !== undefined) return this.headerYear;
    const modified = this.region.file.modifiedAt;
    if (modified === undefined) return undefined;
    const slack = 36 * 3_600_000;
    const year = new Date(modified + slack).getUTCFullYear();
    const fits = withYear(lastStamp % TURN, year) <= modified + slack;
    return (fits ? year : year - 1) - this.turns;
  }

  private dated(): Clock {
    if (!this.clocks.has('no-year')) {
      if (this.clocks.has('local-unknown-zone')) return 'local-unknown-zone';
      return this.clocks.has('utc') ? 'utc' : 'none';
    }
    let lastStamp = 0;
    for (const columns of this.logs.values()) {
      columns.mapTimes((time) => {
        if (isYearless(time)) lastStamp = Math.max(lastStamp, -time);
        return time;
      });
    }
    const year = this.firstYear(lastStamp);
    for (const columns of this.logs.values()) {
      columns.mapTimes((time) => {
        if (!isYearless(time)) return time;
        if (year === undefined) return NaN;
        return withYear(-time % TURN, year + Math.floor(-time / TURN));
      });
    }
    return year === undefined ? 'no-year' : 'local-unknown-zone';
  }

  result(): ParseResult {
    const clock = this.dated();
    const items: LogFile[] = [];
    const path = this.region.file.path;
    for (const [component, columns] of this.logs) {
      const about = {
        file: this.region.file,
        component: component === '' ? this.mainComponent() : component,
        format: this.format,
        clock,
        yearGuessed: this.clocks.has('no-year') && this.headerYear === undefined,
        flags: this.flags,
        machine: this.machine?.name,
      };
      items.push(columns.finish(about));
    }
    if (items.length === 0) return { facts: [], claimed: this.claimed, notes: [] };
    const facts: Facts[] = [{ kind: 'logs', items }];
    if (this.machine) {
      const { name, line } = this.machine;
      facts.push({
        kind: 'host-name',
        items: [{ name, evidence: [{ file: path, line, endLine: line }] }],
      });
    }
    return { facts, claimed: this.claimed, notes: this.notes(clock) };
  }

  private mainComponent(): LogComponent {
    const named = componentOfName(this.region.file.path.split(/[\\/]/).pop() ?? '');
    if (named !== 'other') return named;
    const told = componentOfContent(this.sample);
    return told === 'other' ? componentOfName(this.region.file.path) : told;
  }

  private notes(clock: Clock): ParseNote[] {
    if (clock !== 'no-year') return [];
    const { line } = this.region;
    const message =
      'the log names no year and the file has no time of its own: entries have no time';
    return [{ line, endLine: line, kind: 'guessed', message }];
  }
}

/** Larger than any yearless stamp (December 31 is day 403). */
const TURN = 404 * 86_400_000;

/** Yearless stamps are kept negative until their year is known; stamps before 1970 do not occur in logs. */
function isYearless(time: number): boolean {
  return time < 0;
}
