import type { WindowsProcess } from '../model/system';
import { LineAccount, pastedLines } from './line-account';
import type { ParseResult, Parser, Region } from './parser';
import { processFilterOf } from './process-filter';
import type { ProcessFilter } from './process-filter';
import { dateOrderOf, printedDate } from './printed-date';
import { hasColumns, printedNumber, printedObjects } from './printed-objects';
import { promptAt } from './powershell/prompt';
import { endsOpen } from '../text/text-file';
import type { TextLine } from './text-line';

const COMMAND =
  /(^|[\s;|(])(ps|gps|Get-Process|tasklist(\.exe)?|wmic(\.exe)?\s+process)\b|Win32_Process/i;
/** Handles, NPM, PM, WS, CPU (may be empty), Id, SI, name: a Get-Process row without its header. */
const BARE_ROW =
  /^\s*([\d.,]+)\s+(\d+)\s+(\d+)\s+(\d+)(?:\s+([\d.,]+))?\s+(\d+)\s+(\d+)\s+([A-Za-z_][\w.+-]*)\s*$/;
const TASKLIST_RULE = /^\s*={10,}(\s+={3,}){3,}\s*$/;
const TASKLIST_ROW =
  /^\s*(\S.*?)\s+(\d+)\s+(\S+(?: \S+)?)\s+(\d+)\s+([\d.,\u00a0\u202f ]+)\s*\S{0,2}\s*$/;
const TASKLIST_CSV = /^"([^"]+)","(\d+)","[^"]*","\d+","([^"]*)"/;
const WMIC = /^(CommandLine|Name|ProcessId|Caption|ThreadCount|WorkingSetSize)=(.*)$/;
/** Get-Process says so of a name that nothing runs under. */
const NOT_FOUND = /Cannot find a process with the name\s+"([^"]+)"/i;
const ERROR_TAIL = /^\s*(At line:\d+|At .*char:\d+|\+\s)/;
const MANY = 15;

const plainName = (name: string): string => name.replace(/\.exe$/i, '');
const decimal = (text: string | undefined): number | undefined => {
  const value = Number((text ?? '').replace(/,(?=\d{3}\b)/g, '').replace(',', '.'));
  return text === undefined || text === '' || !Number.isFinite(value) ? undefined : value;
};
const kilobytes = (text: string | undefined): number | undefined => {
  const digits = (text ?? '').replace(/\D/g, '');
  return digits === '' ? undefined : Number(digits) * 1024;
};

class ProcessReader {
  private readonly account: LineAccount;
  private readonly items: WindowsProcess[] = [];
  private readonly filters: ProcessFilter[] = [];
  private readonly missing: string[] = [];
  private bare = false;
  private seen = false;

  constructor(private readonly region: Region) {
    this.account = new LineAccount(region);
  }

  read(): ParseResult {
    const lines = pastedLines(this.region);
    for (const { n, text } of lines) {
      const command = promptAt(text)?.command;
      if (command === undefined || !COMMAND.test(command)) continue;
      this.account.claim(n);
      this.seen = true;
      this.filters.push(processFilterOf(command));
    }
    this.readObjects(lines);
    this.readWmic(lines);
    this.readRows(lines);
    if (!this.seen && this.items.length === 0) return this.account.result();
    this.noteCut(lines);
    this.items.sort((a, b) => (a.evidence[0]?.line ?? 0) - (b.evidence[0]?.line ?? 0));
    const { complete, words } = this.filter();
    return this.account.result({ kind: 'processes', items: this.items, complete, filter: words });
  }

  /** A header is printed for the processes below it: without any, or without their names, it was cut. */
  private noteCut(lines: readonly TextLine[]): void {
    if (this.missing.length > 0) return;
    const last = lines.findLast(({ text }) => text.trim() !== '');
    const open = endsOpen(this.region.file) && this.region.endLine === this.region.file.lineCount;
    const header = lines.some(({ text }) => /^\s*(Handles\s+NPM|Image Name\s+PID)/i.test(text));
    if (last === undefined) return;
    if (this.items.length === 0 && (header || open)) {
      this.account.note('truncated', 'The list of processes ends before its first row', last.n);
    } else if (open && (header || !this.account.has(last.n))) {
      this.account.note('truncated', 'The list of processes ends inside of this line', last.n);
    }
  }

  /**
   * Whether the listing is of all processes. Without an echo a long list counts as whole; a short
   * one shows only what somebody looked for, so it speaks for the names in it and no others.
   */
  private filter(): ProcessFilter {
    if (this.filters.some(({ complete }) => complete) && !this.bare)
      return { complete: true, words: [] };
    const asked = this.filters.flatMap(({ words }) => words);
    const words = [...new Set([...asked, ...this.missing])];
    const narrowed = this.filters.some(({ complete }) => !complete);
    if (words.length > 0 || narrowed) return { complete: false, words };
    const system = this.items.some(({ name }) => /^(svchost|csrss|lsass)$/i.test(plainName(name)));
    if (!this.bare && (system || this.items.length >= MANY)) return { complete: true, words: [] };
    const shown = new Set(this.items.map(({ name }) => plainName(name).toLowerCase()));
    return { complete: false, words: [...shown] };
  }

  private readObjects(lines: readonly TextLine[]): void {
    const objects = [
      ...printedObjects(lines, this.account, [
        ['processname'],
        ['id', 'pid', 'processid', 'handles', 'starttime'],
      ]),
      ...printedObjects(
        lines,
        this.account,
        [['name'], ['processid', 'commandline', 'handles', 'threadcount', 'starttime']],
        ['processname', 'displayname'],
      ),
    ];
    const order = dateOrderOf(objects.flatMap((object) => object.value('starttime') ?? []));
    for (const object of objects) {
      const name = object.value('processname', 'name', 'imagename');
      if (name === undefined) {
        this.account.note(
          'skipped',
          'The process name is cut or missing',
          object.line,
          object.endLine,
        );
        continue;
      }
      this.seen = true;
      const started = printedDate(object.value('starttime', 'creationdate') ?? '', order);
      this.items.push({
        name,
        pid: printedNumber(object.value('id', 'processid', 'pid')),
        cpuSeconds: decimal(object.value('cpu(s)', 'cpu')),
        workingSetBytes:
          kilobytesIn(object.value('ws(k)')) ??
          printedNumber(object.value('workingset64', 'workingset', 'workingsetsize', 'ws')),
        threads: printedNumber(object.value('threadcount')),
        startTime: started?.time,
        startZone: started?.zone,
        commandLine: object.value('commandline'),
        evidence: [this.account.at(object.line, object.endLine)],
      });
    }
  }

  /** `wmic process get ... /format:list`: `Key=value`, objects apart by blank lines or a repeated key. */
  private readWmic(lines: readonly TextLine[]): void {
    let fields = new Map<string, string>();
    let first = 0;
    let last = 0;
    const finish = (): void => {
      const name = fields.get('Name') ?? fields.get('Caption');
      if (name !== undefined && name !== '') {
        this.items.push({
          name,
          pid: printedNumber(fields.get('ProcessId')),
          threads: printedNumber(fields.get('ThreadCount')),
          workingSetBytes: printedNumber(fields.get('WorkingSetSize')),
          commandLine: fields.get('CommandLine') === '' ? undefined : fields.get('CommandLine'),
          evidence: [this.account.at(first, last)],
        });
      } else if (fields.size > 0)
        this.account.note('truncated', 'A process without a name', first, last);
      fields = new Map();
    };
    for (const { n, text } of lines) {
      const match = WMIC.exec(text.trim());
      if (!match) continue;
      const key = match[1] ?? '';
      if (fields.has(key)) finish();
      if (fields.size === 0) first = n;
      last = n;
      this.account.claim(n);
      fields.set(key, (match[2] ?? '').trim());
    }
    finish();
  }

  private readRows(lines: readonly TextLine[]): void {
    let tasklist = false;
    let inError = false;
    lines.forEach(({ n, text }, at) => {
      if (this.account.has(n)) return;
      const absent = NOT_FOUND.exec(text);
      if (absent || (inError && ERROR_TAIL.test(text))) {
        inError = true;
        this.account.claim(n);
        if (absent) this.missing.push(plainName(absent[1] ?? '').toLowerCase());
        if (absent) this.seen = true;
        return;
      }
      inError = inError && text.trim() !== '';
      if (TASKLIST_RULE.test(text)) {
        tasklist = true;
        this.seen = true;
        this.account.claim((lines[at - 1]?.text ?? '').trim() === '' ? n : n - 1, n);
        return;
      }
      if (/^"Image Name","PID"/i.test(text.trim())) this.account.claim(n);
      const csv = TASKLIST_CSV.exec(text.trim());
      const row = tasklist ? TASKLIST_ROW.exec(text) : null;
      if (csv)
        this.push(
          { name: csv[1] ?? '', pid: Number(csv[2]), workingSetBytes: kilobytes(csv[3]) },
          n,
        );
      else if (row)
        this.push(
          { name: row[1] ?? '', pid: Number(row[2]), workingSetBytes: kilobytes(row[5]) },
          n,
        );
      else this.takeBare(n, text);
    });
  }

  private takeBare(n: number, text: string): void {
    const match = BARE_ROW.exec(text);
    if (!match) return;
    this.bare = true;
    this.push(
      {
        name: match[8] ?? '',
        pid: Number(match[6]),
        cpuSeconds: decimal(match[5]),
        workingSetBytes: kilobytes(match[4]),
      },
      n,
    );
  }

  private push(item: Omit<WindowsProcess, 'evidence'>, n: number): void {
    this.account.claim(n);
    this.items.push({ ...item, evidence: [this.account.at(n)] });
  }
}

const kilobytesIn = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : kilobytes(text);

/**
 * Process lists: Get-Process tables and lists, rows left over by findstr (no header), tasklist as
 * table or CSV, wmic and Win32_Process with command lines.
 */
export const processesParser: Parser = {
  kind: 'processes',
  title: 'Processes of the node',
  command: 'Get-CimInstance Win32_Process | select Name, ProcessId, CommandLine | fl',
  recognise(region, head) {
    if (hasColumns(head, 'handles', 'processname') || head.some((line) => TASKLIST_RULE.test(line)))
      return 92;
    if (head.some((line) => COMMAND.test(promptAt(line)?.command ?? ''))) return 88;
    if (hasColumns(head, 'processid', 'commandline') || hasColumns(head, 'name', 'processid'))
      return 88;
    if (hasColumns(head, 'processname', 'id') || hasColumns(head, 'handles', 'threads')) return 85;
    if (
      head.some((line) => WMIC.test(line.trim())) &&
      head.some((line) => /^ProcessId=/.test(line.trim()))
    )
      return 85;
    if (head.some((line) => BARE_ROW.test(line) || TASKLIST_CSV.test(line) || NOT_FOUND.test(line)))
      return 75;
    return /(^|[/_-])(processes|tasklist|ps)\.txt$/i.test(region.file.path) ? 35 : 0;
  },
  parse: (region) => new ProcessReader(region).read(),
};
