import type { LineRange, ParseNote } from '../../model/evidence';
import { guid } from '../../model/ids';
import type { VfpNatRange, VfpPortState } from '../../model/vfp';
import type { Region } from '../parser';
import { BodyTable, Column } from './vfp-bodies';
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
  textEnd,
  textStart,
} from './vfp-lines';
import { bareLine } from './vfp-body';
import { readGroup, readLayer, type GroupText, type LayerText } from './vfp-items';
import { isLooseRuleLine, readPortTable, readState } from './vfp-loose';

/** Verbs whose output is a format of its own. */
const FOREIGN = /^(?:list-vmswitch-port|get-port-counter|get-switch-forwarding-settings)$/;

/** Marks "outside any layer or group" in unsigned columns. */
export const NONE = 0xffffffff;

export interface PortDraft {
  readonly name: string;
  mac: string | undefined;
  portId: string | undefined;
  friendlyName: string | undefined;
  state: VfpPortState | undefined;
  readonly natRanges: VfpNatRange[];
  readonly verbs: { verb: string; ok: boolean; text: string; line: number }[];
  line: number;
  endLine: number;
}

export interface LayerDraft extends LayerText {
  readonly port: number;
  readonly line: number;
  readonly endLine: number;
}

export interface GroupDraft extends GroupText {
  readonly port: number;
  readonly layer: number;
  readonly line: number;
  readonly endLine: number;
}

/** The output of one command: a run of rules that belong together. */
export interface Block {
  readonly port: number;
  readonly firstRule: number;
  endRule: number;
  complete: boolean;
  counted: boolean;
}

export interface Scan {
  readonly ports: readonly PortDraft[];
  readonly layers: readonly LayerDraft[];
  readonly groups: readonly GroupDraft[];
  readonly blocks: readonly Block[];
  readonly bodies: BodyTable;
  /** Columns by rule; `group` holds NONE outside any group. */
  readonly port: Column;
  readonly group: Column;
  readonly line: Column;
  readonly endLine: Column;
  readonly contentEnd: Column;
  readonly bodyId: Column;
  readonly notes: readonly ParseNote[];
  /** Lines that are no vfpctrl output. */
  readonly unplaced: readonly LineRange[];
}

type Item = 'none' | 'layer' | 'group' | 'rule' | 'other';

/** What is open between two lines of a list. */
interface ListState {
  readonly line: number;
  /** Lines with anything in them since the header. */
  used: boolean;
}

/**
 * Reads vfpctrl text line by line, once, without making objects for rules. Grammar: an `ITEM LIST`
 * header, items (`LAYER :`, `GROUP :`, `RULE :` and others) and the trailer
 * `Command <verb> succeeded!`, which alone names the command; `Policy for port` and typed commands
 * say which port. Every part may be missing: files are cut, pasted and reduced.
 */
export class VfpScanner implements Scan {
  readonly ports: PortDraft[] = [];
  readonly layers: LayerDraft[] = [];
  readonly groups: GroupDraft[] = [];
  readonly blocks: Block[] = [];
  readonly bodies: BodyTable;
  readonly port = new Column();
  readonly group = new Column();
  readonly line = new Column();
  readonly endLine = new Column();
  readonly contentEnd = new Column();
  readonly bodyId = new Column();
  readonly notes: ParseNote[] = [];
  readonly unplaced: LineRange[] = [];

  readonly #region: Region;
  readonly #bytes: Uint8Array;
  readonly #portByName = new Map<string, number>();
  readonly #layerByKey = new Map<string, number>();
  readonly #groupByKey = new Map<string, number>();
  readonly #otherItems = new Map<string, { count: number; line: number; endLine: number }>();

  #port = -1;
  #layer = -1;
  #group = -1;
  #list: ListState | undefined;
  #block: Block | undefined;
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
        this.#openPort(text, from, n);
        return 1;
      }
      this.#openPort('', from, from);
    }
    if (this.#item === 'rule') {
      if (isCounterAt(bytes, at, end)) {
        this.#itemEnd = n;
        if (this.#block) this.#block.counted = true;
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
      this.#openPort('', this.#awaitsPortName, this.#awaitsPortName);
      this.#awaitsPortName = 0;
    }
    this.#endItem();
    if (kind !== LINE_TRAILER && kind !== LINE_SEPARATOR) this.#endLoose('');
    if (kind >= LINE_RULE && kind <= LINE_GROUP) {
      this.#seenFrame = true;
      if (this.#list) this.#list.used = true;
      if (kind === LINE_RULE) return this.#openRule(n, start, at);
      this.#open(kind === LINE_LAYER ? 'layer' : 'group', n, start, at);
      return 1;
    }
    switch (kind) {
      case LINE_ITEM:
        this.#seenFrame = true;
        if (this.#list) this.#list.used = true;
        this.#open('other', n, start, at);
        break;
      case LINE_ITEM_LIST:
        this.#seenFrame = true;
        this.#endList(n - 1);
        this.#list = { line: n, used: false };
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
        this.#echo(this.#text(n), n);
        break;
      default:
        break;
    }
    if (kind !== LINE_SEPARATOR) this.#seenFrame = true;
    if (this.#port >= 0) this.#grow(this.#port, n);
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
    if (this.#port < 0) this.#openPort('', n, n);
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
    if (this.#port < 0) this.#openPort('', line, endLine);
    this.#grow(this.#port, endLine);
    if (item === 'rule') this.#endRule(line, endLine);
    else if (item === 'layer') this.#endLayer(line, endLine);
    else if (item === 'group') this.#endGroup(line, endLine);
    else {
      const word = /^[^:]*/.exec(this.#text(line))?.[0].trim() ?? '';
      this.#others.push({ word, line, endLine });
    }
  }

  #endRule(line: number, endLine: number): void {
    const body = this.#body >= 0 ? this.#body : this.bodies.intern(line, this.#itemContentEnd);
    this.bodies.follow(body);
    const index = this.line.length;
    this.port.push(this.#port);
    this.group.push(this.#group < 0 ? NONE : this.#group);
    this.line.push(line);
    this.endLine.push(endLine);
    this.contentEnd.push(this.#itemContentEnd);
    this.bodyId.push(body);
    if (!this.#block || this.#block.port !== this.#port) {
      this.#block = {
        port: this.#port,
        firstRule: index,
        endRule: index,
        complete: false,
        counted: false,
      };
      this.blocks.push(this.#block);
    }
    this.#block.endRule = index + 1;
    if (endLine > this.#itemContentEnd) this.#block.counted = true;
  }

  #endLayer(line: number, endLine: number): void {
    const text = readLayer(this.#region.file.lines(line, endLine));
    this.#layer = this.#layerOf({ ...text, port: this.#port, line, endLine });
    this.#group = -1;
  }

  /** A layer listed twice for a port (list-layer, then list-rule) is one; what the first lacks is filled in. */
  #layerOf(draft: LayerDraft): number {
    const key = `${draft.port} ${draft.name}`;
    const known = this.#layerByKey.get(key);
    if (known === undefined) {
      this.#layerByKey.set(key, this.layers.length);
      return this.layers.push(draft) - 1;
    }
    const before = this.layers[known];
    if (before?.priority === undefined && draft.priority !== undefined) this.layers[known] = draft;
    return known;
  }

  #endGroup(line: number, endLine: number): void {
    const text = readGroup(this.#region.file.lines(line, endLine));
    this.#group = this.#groupOf({ ...text, port: this.#port, layer: this.#layer, line, endLine });
  }

  #groupOf(draft: GroupDraft): number {
    let key = `${draft.port} ${draft.layer} ${draft.name}`;
    let known = this.#groupByKey.get(key);
    if (known !== undefined) {
      const before = this.groups[known];
      if (
        before?.direction !== undefined &&
        draft.direction !== undefined &&
        before.direction !== draft.direction
      ) {
        key = `${key} ${draft.direction}`;
        known = this.#groupByKey.get(key);
      }
    }
    if (known === undefined) {
      this.#groupByKey.set(key, this.groups.length);
      return this.groups.push(draft) - 1;
    }
    const before = this.groups[known];
    if (before?.direction === undefined && draft.direction !== undefined)
      this.groups[known] = draft;
    return known;
  }

  #openPort(printed: string, line: number, endLine: number): void {
    const name = guid(printed) ?? printed;
    let port = this.#portByName.get(name);
    if (port === undefined) {
      port = this.ports.length;
      this.#portByName.set(name, port);
      this.ports.push({
        name,
        mac: undefined,
        portId: undefined,
        friendlyName: undefined,
        state: undefined,
        natRanges: [],
        verbs: [],
        line,
        endLine,
      });
    } else {
      const known = this.ports[port];
      if (known && known.verbs.length === 0 && known.endLine === known.line) {
        known.line = line;
        known.endLine = endLine;
      }
    }
    this.#port = port;
    this.#layer = -1;
    this.#group = -1;
    this.#block = undefined;
  }

  #grow(port: number, line: number): void {
    const draft = this.ports[port];
    if (draft && line > draft.endLine) draft.endLine = line;
  }

  /** `Policy for port : <guid>`, or the GUID on the next line; some forks write `Policy for port Name: `. */
  #policy(n: number): void {
    const text = this.#text(n);
    const name = text.slice(text.indexOf(':') + 1).trim();
    if (text.includes(':') && name !== '') this.#openPort(name, n, n);
    else this.#awaitsPortName = n;
    this.#echoVerb = '';
    this.#limit = '';
  }

  /** A typed command names port, layer and group. */
  #echo(text: string, n: number): void {
    const option = (name: string): string | undefined =>
      new RegExp(`/${name}\\s+["']?([^\\s"'|/]+)`, 'i').exec(text)?.[1];
    const port = option('port');
    if (port !== undefined) this.#openPort(port, n, n);
    const layer = option('layer');
    if (layer !== undefined) {
      if (this.#port < 0) this.#openPort('', n, n);
      this.#layer = this.#layerOf({
        name: layer,
        priority: undefined,
        flags: '',
        port: this.#port,
        line: n,
        endLine: n,
      });
      this.#group = -1;
      const group = option('group');
      if (group !== undefined) {
        const empty = readGroup([]);
        this.#group = this.#groupOf({
          ...empty,
          name: group,
          port: this.#port,
          layer: this.#layer,
          line: n,
          endLine: n,
        });
      }
    }
    this.#echoVerb = /\/((?:list|get|process|match)-[a-z-]+)/i.exec(text)?.[1]?.toLowerCase() ?? '';
    this.#limit = layer === undefined ? '' : ` /layer ${layer}`;
    this.#block = undefined;
  }

  #verb(verb: string, ok: boolean, text: string, line: number): void {
    if (this.#port < 0) this.#openPort('', line, line);
    this.ports[this.#port]?.verbs.push({ verb, ok, text, line });
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
    if (this.#block) {
      this.#block.complete = true;
      if (verb === 'get-rule-counter') this.#block.counted = true;
    }
    this.#takeOthers(verb);
    this.#closeList();
  }

  /** A list of ports or counters, which another format reads. */
  #foreign(n: number): void {
    const line = this.#list?.line ?? this.#loose?.line ?? n;
    this.#unplace([{ line, endLine: n }]);
    this.#loose = undefined;
    this.#others = [];
    this.#closeList();
  }

  #error(n: number): void {
    const text = this.#text(n);
    const port = this.ports[this.#port];
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
    this.#list = undefined;
    this.#block = undefined;
    this.#echoVerb = '';
    this.#limit = '';
    this.#layer = -1;
    this.#group = -1;
  }

  /** A list ends without its trailer: cut. */
  #endList(lastLine: number): void {
    if (this.#list || this.#block || this.#others.length > 0) {
      const line = this.#list?.line ?? this.line.at(this.#block?.firstRule ?? 0);
      this.notes.push({
        line: line === 0 ? this.#region.line : line,
        endLine: Math.max(lastLine, line),
        kind: 'truncated',
        message:
          'This list has no end line (Command ... succeeded!): the file was cut or reduced, or the command failed.',
      });
      this.#takeOthers('');
    }
    this.#list = undefined;
    this.#block = undefined;
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
    const port = this.ports[this.#port];
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
      if (this.#port < 0) this.#openPort('', loose.line, loose.endLine);
      const port = this.ports[this.#port];
      if (port && port.state === undefined) port.state = state.state;
      this.#grow(this.#port, loose.endLine);
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
      if (this.#port >= 0) this.#grow(this.#port, loose.endLine);
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
    this.#openPort(row.name, row.line, row.line);
    const port = this.ports[this.#port];
    if (port) {
      port.mac ??= row.mac;
      port.portId ??= row.portId;
      port.friendlyName ??= row.friendlyName;
    }
    this.#port = -1;
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
