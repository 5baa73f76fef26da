import { mac } from '../model/ids';
import { canonicalIp, maskLength, parseCidr, parseIp } from '../model/ip';
import type { IpInterface, Route } from '../model/tcpip';
import { LineAccount, pastedLines } from './line-account';
import type { ParseResult, Parser, Region } from './parser';
import { promptAt } from './powershell/prompt';
import type { TextLine } from './text-line';

const RULE = /^\s*={10,}\s*$/;
const INTERFACE = /^\s*(\d+)\.{3,}((?:[0-9a-f]{2} ){5,7}[0-9a-f]{2} ?)?\s*\.{3,}\s*(\S.*?)\s*$/i;
const IPV4 = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;
/** Destination, mask, gateway (words where on-link), interface, metric. */
const ACTIVE_V4 = new RegExp(`^\\s*(${IPV4})\\s+(${IPV4})\\s+(\\S.*?)\\s+(${IPV4})\\s+(\\d+)\\s*$`);
/** The same without interface: a persistent route; the metric may be words (Default, in French two). */
const PERSISTENT_V4 = new RegExp(`^\\s*(${IPV4})\\s+(${IPV4})\\s+(${IPV4})\\s+(\\d+|\\D+?)\\s*$`);
const ROW_V6 = /^\s*(\d+)\s+(\d+)\s+([0-9a-f:.]*:[0-9a-f:.]*\/\d{1,3})(?:\s+(\S.*?))?\s*$/i;

const TABLE_TITLE = /IPv[46]/i;
const ROUTE_COMMAND = /\b(route(\.exe)?\s+print|netstat(\.exe)?\s+-\w*r)/i;

class RoutePrintReader {
  private readonly account: LineAccount;
  private readonly routes: Route[] = [];
  private readonly interfaces: IpInterface[] = [];
  /** Section headings (`Active Routes:`) seen in the table: the second one heads the persistent routes. */
  private headings = 0;
  private inTable = false;
  private waiting:
    { readonly route: Omit<Route, 'nextHop' | 'evidence'>; readonly line: number } | undefined;
  private openRule: number | undefined;

  constructor(private readonly region: Region) {
    this.account = new LineAccount(region);
  }

  read(): ParseResult {
    for (const line of pastedLines(this.region)) this.take(line);
    if (this.waiting) {
      this.account.note('truncated', 'The route ends before its gateway', this.waiting.line);
    }
    const last = this.routes.at(-1)?.evidence[0]?.endLine;
    if (last !== undefined && this.account.endsInside(last)) {
      this.routes.pop();
      this.account.note('truncated', 'The file ends in the middle of this route', last);
    }
    // Every table has a second part, of the persistent routes: without it, rows may be missing too.
    if (this.headings === 1 && this.region.endLine >= this.lastFilled()) {
      this.account.note(
        'truncated',
        'The table ends before its persistent routes',
        this.region.endLine,
      );
    }
    const routes = { kind: 'routes', items: this.routes } as const;
    const sawTable = this.routes.length > 0 || this.headings > 0;
    if (this.interfaces.length === 0) return this.account.result(...(sawTable ? [routes] : []));
    const interfaces = { kind: 'ip-interfaces', items: this.interfaces } as const;
    return this.account.result(...(sawTable ? [routes, interfaces] : [interfaces]));
  }

  private lastFilled(): number {
    const { file } = this.region;
    let last = file.lineCount;
    while (last > 1 && file.line(last).trim() === '') last -= 1;
    return last;
  }

  private take({ n, text }: TextLine): void {
    const waiting = this.waiting;
    this.waiting = undefined;
    if (waiting && /^\s+\S/.test(text) && !ROW_V6.test(text)) {
      this.push({ ...waiting.route, nextHop: nextHopOf(text.trim()) }, waiting.line, n);
      return;
    }
    if (waiting) this.account.note('truncated', 'The route has no gateway', waiting.line);
    const command = promptAt(text)?.command;
    if (command !== undefined) {
      this.inTable = false;
      if (ROUTE_COMMAND.test(command)) this.account.claim(n);
      return;
    }
    if (text.trim() === '') {
      this.inTable = false;
      return;
    }
    if (RULE.test(text)) {
      if (this.inTable || this.interfaces.length > 0) this.account.claim(n);
      else this.openRule = n;
      return;
    }
    if (this.takeInterface(n, text) || this.takeV4(n, text) || this.takeV6(n, text)) return;
    this.takeWords(n, text);
  }

  private takeInterface(n: number, text: string): boolean {
    const match = INTERFACE.exec(text);
    if (!match) return false;
    this.account.claim(this.openRule ?? n, n);
    this.openRule = undefined;
    this.interfaces.push({
      ifIndex: Number(match[1]),
      description: match[3],
      mac: mac((match[2] ?? '').replace(/ /g, '')),
      addresses: [],
      evidence: [this.account.at(n)],
    });
    return true;
  }

  private takeV4(n: number, text: string): boolean {
    const active = ACTIVE_V4.exec(text);
    const match = active ?? PERSISTENT_V4.exec(text);
    const length = maskLength(match?.[2] ?? '');
    const destination = canonicalIp(match?.[1] ?? '');
    if (!match || length === undefined || destination === undefined) return false;
    const metric = Number(active ? active[5] : match[4]);
    this.push(
      {
        destination: `${destination}/${length}`,
        nextHop: nextHopOf(match[3] ?? ''),
        interfaceAddress: active ? canonicalIp(active[4] ?? '') : undefined,
        metricSum: active && Number.isFinite(metric) ? metric : undefined,
        routeMetric: !active && Number.isFinite(metric) ? metric : undefined,
        persistent: !active,
        source: 'route print',
      },
      n,
      n,
    );
    return true;
  }

  private takeV6(n: number, text: string): boolean {
    const match = ROW_V6.exec(text);
    const cidr = match && parseCidr(match[3] ?? '');
    const [address = '', length = ''] = (match?.[3] ?? '').split('/');
    if (!match || !cidr) return false;
    const route = {
      destination: `${canonicalIp(address) ?? address}/${length}`,
      ifIndex: Number(match[1]),
      metricSum: Number(match[2]),
      persistent: this.headings > 1,
      source: 'route print',
    } as const;
    if (match[4] === undefined) {
      this.account.claim(n);
      this.waiting = { route, line: n };
    } else this.push({ ...route, nextHop: nextHopOf(match[4]) }, n, n);
    return true;
  }

  private push(route: Omit<Route, 'evidence'>, line: number, endLine: number): void {
    this.inTable = true;
    this.account.claim(line, endLine);
    this.routes.push({ ...route, evidence: [this.account.at(line, endLine)] });
  }

  /** Titles, headings and column names: words in any language, without data. */
  private takeWords(n: number, text: string): void {
    if (/^Interface List\s*$/i.test(text.trim()) && this.openRule !== undefined) {
      this.account.claim(this.openRule, n);
      this.openRule = undefined;
      return;
    }
    if (TABLE_TITLE.test(text) && !text.includes(':') && !/\d{2,}/.test(text)) {
      this.account.claim(this.openRule ?? n, n);
      this.openRule = undefined;
      this.headings = 0;
      this.inTable = true;
      return;
    }
    const heading = /^(Active|Persistent) Routes:\s*$/i.test(text.trim());
    if (!this.inTable && !heading && this.openRule !== n - 1) return;
    if (/:\s*$/.test(text) && !/\d/.test(text)) {
      this.headings += 1;
      this.inTable = true;
      this.account.claim(this.openRule ?? n, n);
      this.openRule = undefined;
    } else if (this.inTable && !/\d/.test(text)) this.account.claim(n);
    else if (this.inTable) this.account.skip('Not readable as a route', n);
  }
}

/** A gateway as printed: an address, or words (On-link in the language of the system) for none. */
function nextHopOf(text: string): string {
  const ip = parseIp(text);
  if (!ip || ip.value === 0n) return 'on-link';
  return canonicalIp(text) ?? 'on-link';
}

/** `route print`: the interface list, active and persistent routes of IPv4 and IPv6, by the form of the rows. */
export const routePrintParser: Parser = {
  kind: 'route-print',
  title: 'Interface list and routing tables of the node',
  command: 'route print',
  recognise(region, head) {
    if (head.some((line) => INTERFACE.test(line))) return 90;
    if (
      head.some(
        (line) => ACTIVE_V4.test(line) && maskLength(ACTIVE_V4.exec(line)?.[2] ?? '') !== undefined,
      )
    )
      return 88;
    if (head.some((line) => /^\s*(Active Routes:|IPv[46] Route Table)\s*$/i.test(line))) return 85;
    return /(^|[/_-])routes?\.txt$/i.test(region.file.path) ? 30 : 0;
  },
  parse: (region) => new RoutePrintReader(region).read(),
};
