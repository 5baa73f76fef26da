import type { Facts } from '../model/facts';
import type { Compartment } from '../model/tcpip';
import { adapterOf, isAdapterLabel } from './ipconfig-adapter';
import type { Property } from './ipconfig-adapter';
import { containerOfCommand } from './container-command';
import { LineAccount, pastedLines } from './line-account';
import type { ParseResult, Parser, Region } from './parser';
import { promptAt } from './powershell/prompt';
import { endsOpen } from '../text/text-file';
import type { TextLine } from './text-line';

const RULE = /^\s*={10,}\s*$/;
const BANNER = /Network Information for Compartment\s+(\d+)/i;
/** Dotted leaders mark a property in every language: `Label . . . . : value`. */
const PROPERTY = /^\s*(\S.*?)[ .]*\.[ .]*:(?:\s+(.*))?$/;
/** A long translated label leaves no room for leaders; the colon still stands at its column. */
const FULL_LABEL = /^\s{2,}(\S[^:]{28,}?)\s*:(?:\s+(.*))?$/;
const LABEL_ONLY = /^\s+(\S[^:]*?)\s+:\s*$/;
const HEAD = /^(\S.*?)\s*:\s*$/;
const TITLE =
  /^(Windows IP Configuration|Windows.{0,4}IP.{0,20}|.{0,20}IP.{0,4}Windows.{0,3})\s*$/i;
const COMMAND = /\bipconfig(\.exe)?\b/i;

interface OpenAdapter {
  readonly name: string;
  readonly kind: string;
  readonly line: number;
  endLine: number;
  readonly properties: Property[];
}

interface OpenCompartment {
  readonly id: number;
  readonly active: boolean;
  readonly line: number;
  endLine: number;
  readonly host: Property[];
  readonly adapters: OpenAdapter[];
}

/** One ipconfig output; a file may hold several, of the host and of containers. */
interface Output {
  readonly container: string | undefined;
  banners: boolean;
  readonly compartments: OpenCompartment[];
}

type Shape =
  | { readonly is: 'banner'; readonly id: number; readonly active: boolean }
  | { readonly is: 'head'; readonly text: string }
  | { readonly is: 'property'; readonly label: string; readonly value: string }
  | { readonly is: 'continuation'; readonly value: string }
  | { readonly is: 'title' | 'rule' | 'blank' | 'foreign' };

/** Tells what a line is by its form; `afterRule` is true between two lines of `=`. */
function shapeOf(text: string, afterRule: boolean, inProperty: boolean): Shape {
  if (text.trim() === '') return { is: 'blank' };
  if (RULE.test(text)) return { is: 'rule' };
  const banner = BANNER.exec(text) ?? (afterRule ? /(\d+)\s*(?:\(.*\))?\s*$/.exec(text) : null);
  if (banner && !PROPERTY.test(text)) {
    return { is: 'banner', id: Number(banner[1]), active: /\(.+\)\s*$/.test(text) };
  }
  const property = PROPERTY.exec(text) ?? FULL_LABEL.exec(text);
  if (property) {
    return { is: 'property', label: property[1]?.trim() ?? '', value: property[2]?.trim() ?? '' };
  }
  const label = LABEL_ONLY.exec(text);
  if (label && !isHeadLabel(label[1] ?? '')) {
    return { is: 'property', label: label[1]?.trim() ?? '', value: '' };
  }
  if (inProperty && continues(text)) return { is: 'continuation', value: text.trim() };
  if (/^Connection-specific DNS Suffix Search List\s*:?\s*$/i.test(text.trim())) {
    return { is: 'property', label: text.trim().replace(/\s*:$/, ''), value: '' };
  }
  const head = HEAD.exec(text.trimStart());
  if (head && !/[{}"=]/.test(text) && !/^\s{6,}/.test(text)) {
    return { is: 'head', text: head[1]?.trim() ?? '' };
  }
  if (TITLE.test(text)) return { is: 'title' };
  return { is: 'foreign' };
}

const isHeadLabel = (label: string): boolean => /\badapter\b/i.test(label);

/** A further value of the property above: deep in the line, or an address where indents were lost. */
function continues(text: string): boolean {
  if (/^\s{12,}\S+(\s\(.*\))?\s*$/.test(text)) return true;
  return /^\s*[0-9a-f.:]+(%\d+)?(\(.*\))?\s*$/i.test(text) && /[.:].*[.:]/.test(text);
}

/** `Ethernet adapter vEthernet (x)` into kind and name; other languages put the name elsewhere. */
function adapterName(head: string): { kind: string; name: string } {
  const english = /^(.*?\badapter)\s+(.+)$/i.exec(head);
  if (english) return { kind: english[1] ?? '', name: english[2] ?? '' };
  const known = /\b(vEthernet \(.+\)|Ethernet\s?\d*|isatap\S*|Teredo.*|Loopback.*)\s*$/i.exec(head);
  const at = known?.index ?? 0;
  if (known && at > 0) return { kind: head.slice(0, at).trim(), name: head.slice(at).trim() };
  const cut = head.lastIndexOf(' ');
  return cut > 0 && !head.includes('(')
    ? { kind: head.slice(0, cut), name: head.slice(cut + 1) }
    : { kind: '', name: head };
}

class IpconfigReader {
  private readonly account: LineAccount;
  private readonly outputs: Output[] = [];
  private compartment: OpenCompartment | undefined;
  private adapter: OpenAdapter | undefined;
  private property: { label: string; line: number; endLine: number; values: string[] } | undefined;
  private ruleAt: number | undefined;
  private container: string | undefined;

  constructor(private readonly region: Region) {
    this.account = new LineAccount(region);
  }

  read(): ParseResult {
    let reading = true;
    for (const line of pastedLines(this.region)) {
      const command = promptAt(line.text)?.command;
      if (command !== undefined) {
        reading = COMMAND.test(command);
        this.close();
        if (reading) {
          this.account.claim(line.n);
          this.container = containerOfCommand(command);
        }
        continue;
      }
      if (reading) this.take(line);
      else if (BANNER.test(line.text) || TITLE.test(line.text)) {
        reading = true;
        this.container = undefined;
        this.take(line);
      }
    }
    const facts = this.facts();
    this.noteCut(facts);
    return this.account.result(...facts);
  }

  /** What follows a block that ends too early is lost: no pod may be said to have no adapter. */
  private noteCut(facts: readonly Facts[]): void {
    const compartments = facts.flatMap((f) => (f.kind === 'compartments' ? f.items : []));
    const last = compartments.at(-1);
    const line = last?.evidence[0]?.endLine ?? 0;
    if (last === undefined || !this.endsFile(line)) return;
    const bare = last.adapters.length === 0 && this.outputIsBanners();
    if (bare || last.adapters.at(-1)?.cut === true) {
      this.account.note('truncated', 'The file ends inside of this block', line);
    }
  }

  /** Ends the output that was being read: what follows belongs to another command. */
  private close(): void {
    this.compartment = undefined;
    this.adapter = undefined;
    this.property = undefined;
    this.ruleAt = undefined;
    this.container = undefined;
    this.fresh = true;
  }
  private fresh = true;

  private take(line: TextLine): void {
    const shape = shapeOf(line.text, this.ruleAt !== undefined, this.property !== undefined);
    switch (shape.is) {
      case 'blank':
        return;
      case 'rule':
        this.takeRule(line.n);
        return;
      case 'title':
        this.account.claim(line.n);
        this.openOutput();
        return;
      case 'banner':
        this.account.claim(this.ruleAt ?? line.n, line.n);
        this.ruleAt = undefined;
        this.openCompartment(shape.id, shape.active, line.n, true);
        return;
      case 'head':
        this.takeHead(shape.text, line.n);
        return;
      case 'property':
        this.takeProperty(shape.label, shape.value, line.n);
        return;
      case 'continuation':
        this.takeContinuation(shape.value, line.n);
        return;
      case 'foreign':
        this.property = undefined;
    }
  }

  private takeRule(n: number): void {
    // The rule below a banner belongs to it; any other waits for the banner that follows it.
    if (this.compartment && this.compartment.endLine === n - 1 && this.adapter === undefined) {
      this.account.claim(n);
      this.compartment.endLine = n;
    } else this.ruleAt = n;
  }

  private openOutput(): Output {
    const current = this.outputs.at(-1);
    if (current && !this.fresh && current.compartments.length === 0) return current;
    if (current && !this.fresh && this.compartment && this.outputIsBanners()) return current;
    this.fresh = false;
    this.compartment = undefined;
    this.adapter = undefined;
    const output: Output = { container: this.container, banners: false, compartments: [] };
    this.outputs.push(output);
    return output;
  }

  /** Windows prints its title once more in every compartment on some builds; that starts no new output. */
  private outputIsBanners(): boolean {
    return this.outputs.at(-1)?.banners === true;
  }

  private output(): Output {
    const current = this.outputs.at(-1);
    return current && !this.fresh ? current : this.openOutput();
  }

  private openCompartment(
    id: number,
    active: boolean,
    n: number,
    banner: boolean,
  ): OpenCompartment {
    const output = this.output();
    if (banner) output.banners = true;
    const opened = { id, active, line: n, endLine: n, host: [], adapters: [] };
    output.compartments.push(opened);
    this.compartment = opened;
    this.adapter = undefined;
    this.property = undefined;
    return opened;
  }

  private current(n: number): OpenCompartment {
    const output = this.output();
    if (this.compartment && output.compartments.includes(this.compartment)) return this.compartment;
    return this.openCompartment(1, false, n, false);
  }

  private takeHead(text: string, n: number): void {
    const compartment = this.current(n);
    this.account.claim(n);
    this.property = undefined;
    this.adapter = { ...adapterName(text), line: n, endLine: n, properties: [] };
    compartment.adapters.push(this.adapter);
    compartment.endLine = n;
  }

  private takeProperty(label: string, value: string, n: number): void {
    const compartment = this.current(n);
    this.account.claim(n);
    const property = { label, line: n, endLine: n, values: value === '' ? [] : [value] };
    (this.adapter?.properties ?? compartment.host).push(property);
    if (this.adapter) this.adapter.endLine = n;
    compartment.endLine = n;
    this.property = property;
  }

  private takeContinuation(value: string, n: number): void {
    if (!this.property) return;
    this.account.claim(n);
    this.property.values.push(value);
    this.property.endLine = n;
    if (this.adapter) this.adapter.endLine = n;
    if (this.compartment) this.compartment.endLine = n;
  }

  private facts(): Facts[] {
    const facts: Facts[] = [];
    const names = new Map<string, number>();
    for (const output of this.outputs) {
      const items = output.compartments.map((compartment) =>
        this.compartmentOf(compartment, output),
      );
      const scope =
        output.container !== undefined ? 'container' : output.banners ? 'all-compartments' : 'host';
      if (items.length > 0) facts.push({ kind: 'compartments', items, scope });
      for (const [index, item] of items.entries()) {
        const line = output.compartments[index]?.host[0]?.line;
        if (item.hostName === undefined || line === undefined || scope === 'container') continue;
        if (!names.has(item.hostName)) names.set(item.hostName, line);
      }
    }
    const items = [...names].map(([name, n]) => ({ name, evidence: [this.account.at(n)] }));
    if (items.length > 0) facts.push({ kind: 'host-name', items });
    return facts;
  }

  /** Does nothing follow this line? */
  private endsFile(line: number): boolean {
    const { file } = this.region;
    // Half a line at the end of a cut file is read by nobody and ends nothing.
    const last = endsOpen(file) ? file.lineCount - 1 : file.lineCount;
    for (let n = line + 1; n <= last; n += 1) if (file.line(n).trim() !== '') return false;
    return true;
  }

  private compartmentOf(open: OpenCompartment, output: Output): Compartment {
    const named =
      open.host.find(({ label }) => /^host name$/i.test(label)) ??
      // Translated, it is still the first property of all; a cut block may start with any other.
      open.host
        .slice(0, 1)
        .find(({ label, values }) => !isAdapterLabel(label) && /^[\w.-]+$/.test(values[0] ?? ''));
    const search =
      open.host.find(({ label }) => /search list/i.test(label)) ??
      open.host.slice(2).find(({ label }) => /dns/i.test(label));
    return {
      id: open.id,
      active: open.active,
      hostName: named?.values[0],
      suffixSearchList: (search?.values ?? []).flatMap((value) => value.split(/[\s,]+/)),
      adapters: open.adapters.map(({ name, kind, line, endLine, properties }) =>
        adapterOf(
          { compartment: open.id, name, kind },
          properties,
          (from, to) => this.account.at(from ?? line, to ?? endLine),
          this.endsFile(endLine) ? (endsOpen(this.region.file) ? 'inside-line' : 'here') : 'no',
        ),
      ),
      insideContainer: output.container,
      evidence: [this.account.at(open.line, open.endLine)],
    };
  }
}

/**
 * `ipconfig /allcompartments /all`, plain `ipconfig /all`, and the same run inside a container
 * (known by the echoed `docker exec` or `kubectl exec`). Labels are translated on localised
 * Windows, so a line is known by its form: dotted leaders, depth, and what its value looks like.
 */
export const ipconfigParser: Parser = {
  kind: 'ipconfig',
  title: 'Addresses, gateways and DNS of the adapters in every network compartment',
  command: 'ipconfig /allcompartments /all',
  recognise(region, head) {
    if (head.some((line) => BANNER.test(line))) return 95;
    if (head.some((line) => COMMAND.test(promptAt(line)?.command ?? ''))) return 92;
    if (head.some((line) => /^\s*Windows IP Configuration\s*$/i.test(line))) return 90;
    const dotted = head.filter((line) => /\S(?:\s?\.){2,}\s?:(\s|$)/.test(line)).length;
    if (dotted >= 2) return 85;
    return /(^|[/_-])(ip|ipconfig)\.txt$/i.test(region.file.path) ? 35 : 0;
  },
  parse: (region) => new IpconfigReader(region).read(),
};
