import type { LineRange, ParseNote } from '../../model/evidence';
import { guid } from '../../model/ids';
import type { Region } from '../parser';
import { BodyTable } from './vfp-bodies';
import {
  isCounterAt,
  LINE_CONTENT,
  LINE_ECHO,
  LINE_ERROR,
  LINE_GROUP,
  LINE_ITEM,
  LINE_ITEM_LIST,
  LINE_LAYER,
  LINE_POLICY,
  LINE_RULE,
  LINE_SEPARATOR,
  LINE_TRAILER,
  lineKind,
  spells,
  textStart,
} from './vfp-lines';
import { bareLine } from './vfp-body';
import { readGroup, readLayer } from './vfp-items';
import { Places } from './vfp-places';
import { RuleTable } from './vfp-rule-table';
import { isLooseRuleLine, readPortTable, readState } from './vfp-loose';

/** Verbs whose output is a format of its own. */
const FOREIGN = /^(?:list-vmswitch-port|get-port-counter|get-switch-forwarding-settings)$/;

/** Cut lists after so many are counted, not noted one by one. */
const MOST_NOTES = 100;
const CUT =
  'This list has no end line (Command ... succeeded!): the file was cut or reduced, or the command failed.';

/** What a scan gives. */
export interface Scan {
  readonly places: Places;
  readonly rules: RuleTable;
  readonly bodies: BodyTable;
  readonly notes: readonly ParseNote[];
  /** Lines that are no vfpctrl output. */
  readonly unplaced: readonly LineRange[];
}

type Item = 'none' | 'layer' | 'group' | 'rule' | 'other';

/**
 * Reads vfpctrl text line by line, once, without making objects for rules. Grammar: an `ITEM LIST`
 * header, items (`LAYER :`, `GROUP :`, `RULE :` and others) and the trailer
 * `Command <verb> succeeded!`, which alone names the command; `Policy for port` and typed commands
 * say which port. Every part may be missing: files are cut, pasted and reduced.
 */
export class VfpScanner implements Scan {
  readonly places = new Places();
  readonly rules = new RuleTable();
  readonly bodies: BodyTable;
  readonly notes: ParseNote[] = [];
  readonly unplaced: LineRange[] = [];

  readonly #region: Region;
  readonly #bytes: Uint8Array;
  readonly #otherItems = new Map<string, { count: number; line: number; endLine: number }>();

  /** Line of the open list's header; 0 outside of any. */
  #list = 0;
  #awaitsPortName = 0;
  #echoVerb = '';
  /** ` /layer X` where the typed command asked for one layer only: then nothing else is known to be absent. */
  #limit = '';

  #item: Item = 'none';
  #itemLine = 0;
  #itemIndented = false;
  /** Last line of the item, and of its text without counters. */
  #itemEnd = 0;
  #itemContentEnd = 0;
  #body = -1;
  #closed = false;
  #blankBefore = false;
  #loose: { line: number; endLine: number } | undefined;
  /** Items of other kinds in the open list, until its trailer says what they are. */
  #others: { word: string; line: number; endLine: number }[] = [];
  #seenFrame = false;
  #cutLists = 0;
  #lastCut: LineRange | undefined;

  constructor(region: Region) {
    this.#region = region;
    this.#bytes = region.file.bytes;
    this.bodies = new BodyTable(region.file);
  }

  run(): this {
    const { file, endLine } = this.#region;
    const bytes = this.#bytes;
    let n = this.#region.line;
    let start = file.offset(n);
    while (n <= endLine) {
      const next = file.offset(n + 1);
      const at = textStart(bytes, start, next);
      if (at >= next) {
        this.#blankBefore = true;
        start = next;
        n += 1;
        continue;
      }
      const kind = lineKind(bytes, start, at, next);
      const skipped =
        kind === LINE_CONTENT ? this.#content(n, start, at, next) : this.#frame(kind, n, start, at);
      this.#blankBefore = false;
      n += skipped;
      start = skipped === 1 ? next : file.offset(n);
    }
    this.#endItem();
    this.#endLoose('');
    this.#endList(endLine);
    this.#noteOthers();
    this.notes.push(...this.bodies.notes);
    this.notes.sort((a, b) => a.line - b.line);
    return this;
  }

  /** A line that is no frame: part of the open item, or loose. Gives the number of lines used (1). */
  #content(n: number, start: number, at: number, end: number): number {
    const bytes = this.#bytes;
    if (this.#awaitsPortName !== 0) {
      const text = this.#text(n);
      const from = this.#awaitsPortName;
      this.#awaitsPortName = 0;
      if (guid(text) !== undefined || /^[\w{}()-]+$/.test(text)) {
        this.#enterPort(text, from, n);
        return 1;
      }
      this.#enterPort('', from, from);
    }
    if (this.#item === 'rule') {
      if (isCounterAt(bytes, at, end)) {
        this.#itemEnd = n;
        if (this.rules.block) this.rules.block.counted = true;
        return 1;
      }
      if (this.#belongs(start, at)) {
        this.#itemEnd = n;
        this.#itemContentEnd = n;
        this.#body = -1;
        if (bytes[at] === 70 && spells(bytes, at, 'FlagsEx')) this.#closed = true;
        return 1;
      }
      this.#endItem();
    } else if (this.#item !== 'none') {
      if (this.#belongs(start, at)) {
        this.#itemEnd = n;
        return 1;
      }
      this.#endItem();
    }
    if (this.#loose) this.#loose.endLine = n;
    else this.#loose = { line: n, endLine: n };
    return 1;
  }

  /** Does a line go on with the open item? After a blank line and the item's last key it does not. */
  #belongs(start: number, at: number): boolean {
    if (!this.#blankBefore) return true;
    if (this.#closed) return false;
    return at > start || !this.#itemIndented;
  }

  #frame(kind: number, n: number, start: number, at: number): number {
    if (this.#awaitsPortName !== 0) {
      this.#enterPort('', this.#awaitsPortName, this.#awaitsPortName);
      this.#awaitsPortName = 0;
    }
    this.#endItem();
    if (kind !== LINE_TRAILER && kind !== LINE_SEPARATOR) this.#endLoose('');
    if (kind >= LINE_RULE && kind <= LINE_GROUP) {
      this.#seenFrame = true;
      if (kind === LINE_RULE) return this.#openRule(n, start, at);
      this.#open(kind === LINE_LAYER ? 'layer' : 'group', n, start, at);
      return 1;
    }
    switch (kind) {
      case LINE_ITEM:
        this.#seenFrame = true;
        this.#open('other', n, start, at);
        break;
      case LINE_ITEM_LIST:
        this.#seenFrame = true;
        this.#endList(n - 1);
        this.#list = n;
        break;
      case LINE_SEPARATOR:
        break;
      case LINE_TRAILER:
        this.#trailer(n);
        break;
      case LINE_POLICY:
        this.#endList(n - 1);
        this.#policy(n);
        break;
      case LINE_ERROR:
        this.#error(n);
        break;
      case LINE_ECHO:
        this.#endList(n - 1);
        this.#echo(n);
        break;
      default:
        break;
    }
    if (kind !== LINE_SEPARATOR) this.#seenFrame = true;
    this.places.grow(n);
    return 1;
  }

  #text(n: number): string {
    return bareLine(this.#region.file.line(n));
  }

  #open(item: Item, n: number, start: number, at: number): void {
    this.#item = item;
    this.#itemLine = n;
    this.#itemEnd = n;
    this.#itemContentEnd = n;
    this.#itemIndented = at > start;
    this.#closed = false;
    this.#body = -1;
  }

  #openRule(n: number, start: number, at: number): number {
    this.#open('rule', n, start, at);
    this.places.needPort(n);
    const body = this.bodies.expectedAt(n, this.#region.endLine);
    if (body < 0) return 1;
    const count = this.bodies.linesOf(body);
    this.#body = body;
    this.#closed = this.bodies.isClosed(body);
    this.#itemEnd = n + count - 1;
    this.#itemContentEnd = this.#itemEnd;
    return count;
  }

  #endItem(): void {
    const item = this.#item;
    if (item === 'none') return;
    this.#item = 'none';
    const line = this.#itemLine;
    const endLine = this.#itemEnd;
    this.places.needPort(line, endLine);
    this.places.grow(endLine);
    if (item === 'rule') this.#endRule(line, endLine);
    else if (item === 'layer') {
      this.places.enterLayer(readLayer(this.#region.file.lines(line, endLine)), line, endLine);
    } else if (item === 'group') {
      this.places.enterGroup(readGroup(this.#region.file.lines(line, endLine)), line, endLine);
    } else {
      const word = /^[^:]*/.exec(this.#text(line))?.[0].trim() ?? '';
      this.#others.push({ word, line, endLine });
    }
  }

  #endRule(line: number, endLine: number): void {
    const body = this.#body >= 0 ? this.#body : this.bodies.intern(line, this.#itemContentEnd);
    this.bodies.follow(body);
    this.rules.push({
      port: this.places.port,
      group: this.places.group,
      line,
      endLine,
      contentEnd: this.#itemContentEnd,
      bodyId: body,
    });
  }

  #enterPort(printed: string, line: number, endLine: number): void {
    this.places.openPort(printed, line, endLine);
    this.rules.endBlock();
  }

  /** A typed command names port, layer and group, and begins a listing of its own. */
  #echo(n: number): void {
    const { verb, limit } = this.places.enterCommand(this.#text(n), n);
    this.#echoVerb = verb;
    this.#limit = limit;
    this.rules.endBlock();
  }

  /** `Policy for port : <guid>`, or the GUID on the next line; some forks write `Policy for port Name: `. */
  #policy(n: number): void {
    const text = this.#text(n);
    const name = text.slice(text.indexOf(':') + 1).trim();
    if (text.includes(':') && name !== '') this.#enterPort(name, n, n);
    else this.#awaitsPortName = n;
    this.#echoVerb = '';
    this.#limit = '';
  }

  #verb(verb: string, ok: boolean, text: string, line: number): void {
    this.places.needPort(line);
    this.places.current?.verbs.push({ verb, ok, text, line });
  }

  #trailer(n: number): void {
    const text = this.#text(n);
    const verb =
      /^Command\s+\/?(\S+)\s+succeeded/i.exec(text)?.[1]?.toLowerCase() ?? this.#echoVerb;
    if (FOREIGN.test(verb)) {
      this.#foreign(n);
      return;
    }
    this.#endLoose(verb);
    this.#verb(`${verb}${this.#limit}`, true, text, n);
    const { block } = this.rules;
    if (block) {
      block.complete = true;
      if (verb === 'get-rule-counter') block.counted = true;
    }
    this.#takeOthers(verb);
    this.#closeList();
  }

  /** A list of ports or counters, which another format reads. */
  #foreign(n: number): void {
    const line = (this.#list || this.#loose?.line) ?? n;
    this.#unplace([{ line, endLine: n }]);
    this.#loose = undefined;
    this.#others = [];
    this.#closeList();
  }

  #error(n: number): void {
    const text = this.#text(n);
    const port = this.places.current;
    const last = port?.verbs.at(-1);
    // `Error (87): ...` is the second line of the failure before it.
    if (/^Error \(/.test(text) && last && !last.ok && last.line >= n - 2) {
      last.text = `${last.text} ${text}`;
    } else {
      const named = /\b((?:list|get)-[a-z-]+)/i.exec(text)?.[1]?.toLowerCase();
      this.#verb(named ?? this.#echoVerb, false, text, n);
    }
    this.#takeOthers('');
    this.#closeList();
  }

  #closeList(): void {
    this.#list = 0;
    this.rules.endBlock();
    this.#echoVerb = '';
    this.#limit = '';
    this.places.leaveLayer();
  }

  /** A list ends without its trailer: cut. */
  #endList(lastLine: number): void {
    const { block } = this.rules;
    const first =
      this.#list || (block ? this.rules.line.at(block.firstRule) : this.#others[0]?.line);
    if (first !== undefined) {
      this.#cutLists += 1;
      const endLine = Math.max(lastLine, first);
      if (this.#cutLists <= MOST_NOTES) {
        this.notes.push({ line: first, endLine, kind: 'truncated', message: CUT });
      } else this.#lastCut = { line: first, endLine };
      this.#takeOthers('');
    }
    this.#list = 0;
    this.rules.endBlock();
  }

  #takeOthers(verb: string): void {
    const natVerb = verb === 'list-nat-range';
    for (const other of this.#others) {
      if (natVerb || /^NAT\b/.test(other.word)) this.#natRange(other.line, other.endLine);
      else {
        const seen = this.#otherItems.get(other.word);
        if (seen) {
          seen.count += 1;
          seen.endLine = other.endLine;
        } else if (this.#otherItems.size < 50) {
          this.#otherItems.set(other.word, { count: 1, line: other.line, endLine: other.endLine });
        }
      }
    }
    this.#others = [];
  }

  #natRange(line: number, endLine: number): void {
    const port = this.places.current;
    const lines = this.#region.file.lines(line, Math.min(endLine, line + 200)).map(bareLine);
    const first = lines[0] ?? '';
    const friendly = lines.find((l) => /^Friendly name\s*:/i.test(l));
    const named = first.slice(first.indexOf(':') + 1).trim();
    const name =
      named === '' && friendly !== undefined
        ? friendly.slice(friendly.indexOf(':') + 1).trim()
        : named;
    port?.natRanges.push({
      name,
      text: lines.filter((l) => l !== ''),
      evidence: { file: this.#region.file.path, line, endLine },
    });
  }

  #noteOthers(): void {
    if (this.#lastCut) {
      const message = `${this.#cutLists - MOST_NOTES} more lists have no end line; this is the last.`;
      this.notes.push({ ...this.#lastCut, kind: 'truncated', message });
    }
    for (const [word, { count, line, endLine }] of this.#otherItems) {
      this.notes.push({
        line,
        endLine: count === 1 ? endLine : line,
        kind: 'info',
        message: `${count} ${count === 1 ? 'item' : 'items'} of kind ${word} are kept as text and not interpreted.`,
      });
    }
  }

  /** Loose lines end: the trailer's verb says what they are, else their text must. */
  #endLoose(verb: string): void {
    const loose = this.#loose;
    if (!loose) return;
    this.#loose = undefined;
    const { file } = this.#region;
    if (verb === '' && !this.#seenFrame) {
      const table = readPortTable(file, loose);
      if (table.rows.length > 0) {
        for (const row of table.rows) this.#tableRow(row);
        this.#unplace(table.rest);
        return;
      }
    }
    const state = readState(file, loose);
    if (state.found) {
      this.places.needPort(loose.line, loose.endLine);
      const port = this.places.current;
      if (port && port.state === undefined) port.state = state.state;
      this.places.grow(loose.endLine);
      if (verb === '') this.#unplace(state.rest);
      return;
    }
    if (verb === 'list-nat-range') {
      for (let n = loose.line; n <= loose.endLine; n += 1) {
        if (/SLB_NATPOOL|NATPOOL/i.test(this.#text(n))) this.#natRange(n, n);
      }
      return;
    }
    if (verb !== '') {
      this.places.grow(loose.endLine);
      return;
    }
    this.#fragment(loose);
  }

  /** Lines before the first item: the rest of a rule whose head was cut off, or not ours. */
  #fragment(loose: LineRange): void {
    const { file } = this.#region;
    const inside: LineRange[] = [];
    const outside: LineRange[] = [];
    const last = Math.min(loose.endLine, loose.line + 400);
    for (let n = loose.line; n <= last; n += 1) {
      const text = bareLine(file.line(n));
      if (text === '') continue;
      extend(isLooseRuleLine(text) ? inside : outside, n);
    }
    if (last < loose.endLine) outside.push({ line: last + 1, endLine: loose.endLine });
    for (const range of inside) {
      this.notes.push({
        ...range,
        kind: 'truncated',
        message:
          'These lines belong to an item whose beginning is not in the file; they are not used.',
      });
    }
    this.#unplace(outside);
  }

  #tableRow(row: {
    name: string;
    mac: string | undefined;
    portId: string | undefined;
    friendlyName: string | undefined;
    line: number;
  }): void {
    this.#enterPort(row.name, row.line, row.line);
    const port = this.places.current;
    if (port) {
      port.mac ??= row.mac;
      port.portId ??= row.portId;
      port.friendlyName ??= row.friendlyName;
    }
    this.places.leavePort();
  }

  #unplace(ranges: readonly LineRange[]): void {
    for (const range of ranges) this.unplaced.push(range);
  }
}

function extend(ranges: LineRange[], n: number): void {
  const last = ranges.at(-1);
  if (last && last.endLine === n - 1) ranges[ranges.length - 1] = { line: last.line, endLine: n };
  else ranges.push({ line: n, endLine: n });
}
