import type { LogLevel, WindowsEvent } from '../../model/logs';
import { LineAccount } from '../line-account';
import { LogColumns } from '../logs/log-store';
import { linesOf, type ParseResult, type Parser, type Region } from '../parser';
import { dateOrderOf, printedDate, type DateOrder, type PrintedDate } from '../printed-date';
import { csvRecords, type CsvRecord } from './csv-records';
import { eventLevel } from './event-level';

/** Names of the columns by what they hold: Get-WinEvent, Get-EventLog. */
const COLUMNS = {
  time: /^(TimeCreated|TimeGenerated|TimeWritten)$/i,
  level: /^Level$/i,
  levelText: /^(LevelDisplayName|EntryType)$/i,
  provider: /^(ProviderName|Source)$/i,
  id: /^(Id|EventID|InstanceId)$/i,
  message: /^Message$/i,
} as const;
type Place = Readonly<Partial<Record<keyof typeof COLUMNS, number>>>;

const TYPE = /^#TYPE\s/;
/** The clock of the node and that of the file may be in different zones. */
const DAY_SLACK = 36 * 3_600_000;

function placesOf(names: readonly string[]): Place | undefined {
  const places: Partial<Record<keyof typeof COLUMNS, number>> = {};
  for (const [what, pattern] of Object.entries(COLUMNS) as [keyof typeof COLUMNS, RegExp][]) {
    const at = names.findIndex((name) => pattern.test(name.trim()));
    if (at >= 0) places[what] = at;
  }
  const known = places.time !== undefined && places.message !== undefined;
  return known && (places.id !== undefined || places.provider !== undefined) ? places : undefined;
}

/** The header of an extract, in the first lines of the text. */
function headerIn(head: readonly string[]): Place | undefined {
  const line = head.find((text) => text.trim() !== '' && !TYPE.test(text));
  if (line === undefined || !line.includes(',')) return undefined;
  const [header] = csvRecords([{ n: 1, text: line }]);
  return header && placesOf(header.values);
}

/**
 * Entries of a Windows event log as CSV (`Get-WinEvent | Select TimeCreated, ... | ConvertTo-Csv`,
 * also Get-EventLog). Times and level names may be those of the node's culture. They become events
 * for the rules, and a log beside those of the components.
 */
export const windowsEventsParser: Parser = {
  kind: 'windows-events',
  title: 'Entries of a Windows event log',
  command:
    'Get-WinEvent -LogName <log> | select TimeCreated, Level, LevelDisplayName, ProviderName, Id, Message | ConvertTo-Csv -NoTypeInformation',
  recognise: (_region, head) => (headerIn(head) ? 92 : 0),
  parse,
};

function parse(region: Region): ParseResult {
  const account = new LineAccount(region);
  const lines = [...linesOf(region)];
  const typed = lines.find(({ text }) => text.trim() !== '');
  if (typed && TYPE.test(typed.text)) account.claim(typed.n);
  const records = csvRecords(lines.filter(({ n }) => !account.has(n)));
  const header = records.next().value as CsvRecord | undefined;
  const places = header && placesOf(header.values);
  if (!header || !places) return { facts: [], claimed: [], notes: [] };
  account.claim(header.line, header.endLine);
  const read = new EventReader(region, account, places, header.values.length);
  for (const record of records) read.add(record);
  return read.result();
}

interface Raw {
  readonly record: CsvRecord;
  readonly time: string;
  readonly level: LogLevel;
  readonly word: string;
}

class EventReader {
  private readonly raws: Raw[] = [];
  private readonly log: string;

  constructor(
    private readonly region: Region,
    private readonly account: LineAccount,
    private readonly places: Place,
    private readonly width: number,
  ) {
    const name = region.file.path.split('/').pop() ?? region.file.path;
    this.log = name.replace(/^\d{8}-\d{6}[-_]/, '').replace(/\.csv$/i, '');
  }

  private value(record: CsvRecord, what: keyof typeof COLUMNS): string | undefined {
    const at = this.places[what];
    return at === undefined ? undefined : record.values[at];
  }

  add(record: CsvRecord): void {
    const { line, endLine } = record;
    if (!record.closed || record.values.length < this.width) {
      const last = record.endLine >= this.region.endLine;
      this.account.claim(line, endLine);
      this.account.note(
        last ? 'truncated' : 'skipped',
        last ? 'The file ends inside of this entry' : 'The entry lacks some of its columns',
        line,
        endLine,
      );
      return;
    }
    this.account.claim(line, endLine);
    const word = this.value(record, 'levelText') ?? '';
    this.raws.push({
      record,
      time: this.value(record, 'time') ?? '',
      level: eventLevel(this.value(record, 'level'), word),
      word,
    });
  }

  result(): ParseResult {
    const dates = this.dates();
    const columns = new LogColumns();
    const items: WindowsEvent[] = [];
    this.raws.forEach(({ record, level }, index) => {
      const date = dates[index];
      columns.add(record.line, level, date?.time ?? NaN);
      columns.extend(record.endLine);
      items.push({
        log: this.log,
        level,
        time: date?.time,
        clock: date === undefined ? 'none' : date.zone === 'utc' ? 'utc' : 'local-unknown-zone',
        provider: this.value(record, 'provider') ?? '',
        id: Number(/\d+/.exec(this.value(record, 'id') ?? '')?.[0] ?? NaN),
        message: this.value(record, 'message') ?? '',
        evidence: [this.account.at(record.line, record.endLine)],
      });
    });
    // Get-WinEvent prints the newest first.
    items.sort((a, b) => (a.time ?? 0) - (b.time ?? 0));
    this.noteLevels();
    const log = columns.finish({
      file: this.region.file,
      component: 'windows',
      format: 'windows-events',
      clock: items.find((item) => item.time !== undefined)?.clock ?? 'none',
      yearGuessed: false,
      flags: new Map(),
      machine: undefined,
    });
    return this.account.result(
      { kind: 'windows-events', items },
      ...(items.length > 0 ? [{ kind: 'logs', items: [log] } as const] : []),
    );
  }

  /** The moment of every entry, where the listing as a whole lets none of it be guessed. */
  private dates(): (PrintedDate | undefined)[] {
    const texts = this.raws.map(({ time }) => time);
    const order = dateOrderOf(texts) ?? this.orderByFileTime(texts);
    const dates = texts.map((text) => printedDate(text, order));
    const lost = this.raws.find((raw, index) => raw.time !== '' && dates[index] === undefined);
    if (lost)
      this.account.note(
        'guessed',
        `Entries have no time where it is not clear which is meant: "${lost.time}"`,
        lost.record.line,
      );
    return dates;
  }

  /** One of two readings lies after the file was written: then the other is meant. */
  private orderByFileTime(texts: readonly string[]): DateOrder | undefined {
    const written = this.region.file.modifiedAt;
    if (written === undefined) return undefined;
    const late = (order: DateOrder): boolean =>
      texts.some((text) => (printedDate(text, order)?.time ?? 0) > written + DAY_SLACK);
    if (late('month-first') === late('day-first')) return undefined;
    const order = late('month-first') ? 'day-first' : 'month-first';
    const line = this.raws[0]?.record.line ?? this.region.line;
    this.account.note(
      'guessed',
      `Dates are read with the ${order === 'day-first' ? 'day' : 'month'} first: the other way they would be later than the file`,
      line,
    );
    return order;
  }

  private noteLevels(): void {
    const odd = this.raws.find(({ level, word }) => level === 'unknown' && word !== '');
    if (odd) this.account.note('info', `The level "${odd.word}" is not known`, odd.record.line);
  }
}
