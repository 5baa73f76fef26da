import type { HnsEndpoint } from '../../model/hns';
import { guid, guidsIn } from '../../model/ids';
import { canonicalIp } from '../../model/ip';
import { LineAccount, pastedLines } from '../line-account';
import type { ParseResult, Parser, Region } from '../parser';
import { promptAt } from '../powershell/prompt';
import type { TextLine } from '../text-line';
import { CollectedHns, type HnsListKind } from './collected';
import { commandAbove, listingCommands, type ListingCommand } from './listing-command';

const HEADING = /^(Networks|Endpoints|Namespaces|Load ?Balancers)\s*:\s*$/i;
const HEADERS: readonly (readonly [HnsListKind, RegExp])[] = [
  ['load-balancers', /^ID\s*\|\s*Virtual IPs\s*\|\s*Direct IP IDs\s*$/i],
  ['namespaces', /^ID\s*\|\s*Endpoint IDs\s*$/i],
  ['endpoints', /^Name\s+ID\s+Virtual Network Name\s*$/i],
  ['networks', /^Name\s+ID\s*$/i],
];
const BLOCK = /^(Network|Endpoint|Namespace|Load ?Balancer|Adapter)\s*:\s*(\S.*)$/i;
const BANNER = /^\/{4,}\s*[A-Z ]+\s*\/{4,}\s*$/;
const KEY = /^\s+(\S[^:]*?)\s*:\s*(.*)$/;
const GUID_ROW =
  /^(.*?)\s*\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b(.*)$/i;
/** Rows of HNS names and ids are never longer; a longer line is other text. */
const MAX_ROW = 100_000;

/**
 * `hnsdiag list all` and its single sections: tables by fixed words (classic), or one block an
 * object (Windows Server 2022 and later). Names overflow their column, so rows are anchored on the
 * GUID. The JSON of `-d` is read by the JSON parser.
 */
export const hnsdiagParser: Parser = {
  kind: 'hnsdiag',
  title: 'HNS networks, endpoints, namespaces and load balancers as hnsdiag lists them',
  command: 'hnsdiag list all',
  recognise(region, head) {
    if (head.some((line) => headerKind(line.trim()) !== undefined)) return 90;
    if (head.some((line) => BLOCK.test(line.trim()) && guidsIn(line).length > 0)) return 85;
    if (head.some((line) => HEADING.test(line.trim()))) return 55;
    return /hnsdiag/i.test(region.file.path) ? 30 : 0;
  },
  parse: (region) => new HnsdiagReading(region).result(),
};

function headerKind(text: string): HnsListKind | undefined {
  return HEADERS.find(([, header]) => header.test(text))?.[0];
}

function kindOfHeading(text: string): HnsListKind {
  const name = text.toLowerCase();
  if (name.startsWith('load')) return 'load-balancers';
  return name.startsWith('net') ? 'networks' : name.startsWith('end') ? 'endpoints' : 'namespaces';
}

interface Block {
  readonly kind: HnsListKind | 'adapter';
  readonly id: string;
  readonly line: number;
  endLine: number;
  readonly values: Map<string, { readonly text: string; readonly line: number }>;
}

class HnsdiagReading {
  private readonly account: LineAccount;
  private readonly lines: TextLine[];
  private readonly collected: CollectedHns;
  private readonly commands: readonly ListingCommand[];
  private readonly endpoints: HnsEndpoint[] = [];
  private readonly networkIds = new Map<string, string[]>();
  private readonly blocks: Block[] = [];
  private readonly headings: { readonly kind: HnsListKind; readonly line: number }[] = [];
  private readonly headed = new Set<HnsListKind>();

  constructor(region: Region) {
    this.account = new LineAccount(region);
    this.lines = pastedLines(region);
    this.collected = new CollectedHns(this.account);
    this.commands = listingCommands(this.lines, this.account);
  }

  result(): ParseResult {
    this.readLines();
    this.blocks.forEach((block) => this.finishBlock(block));
    for (const endpoint of this.endpoints) this.collected.endpoint(this.withNetwork(endpoint));
    this.checkEnd();
    const adapters = this.blocks
      .filter(({ kind }) => kind === 'adapter')
      .map(({ line, endLine }) => ({
        what: 'An adapter as hnsdiag lists it',
        evidence: [this.account.at(line, endLine)],
      }));
    const facts = this.collected.facts();
    return this.account.result(
      ...facts,
      ...(adapters.length > 0 ? [{ kind: 'opaque', items: adapters } as const] : []),
    );
  }

  private readLines(): void {
    let section: HnsListKind | undefined;
    let block: Block | undefined;
    for (const { n, text } of this.lines) {
      const trimmed = text.trim();
      if (trimmed === '') continue;
      if (promptAt(text)) {
        section = undefined;
        block = undefined;
        continue;
      }
      const heading = HEADING.exec(trimmed)?.[1];
      const header = headerKind(trimmed);
      const opened = BLOCK.exec(trimmed);
      if (heading !== undefined) {
        section = undefined;
        block = undefined;
        this.headings.push({ kind: kindOfHeading(heading), line: n });
        this.account.claim(n);
      } else if (header !== undefined) {
        section = header;
        block = undefined;
        this.headed.add(header);
        this.collected.list(header);
        if (commandAbove(this.commands, n)?.filtered === true || this.account.endsInside(n))
          this.collected.cut(header);
        this.account.claim(n);
      } else if (BANNER.test(trimmed)) {
        this.account.claim(n);
      } else if (opened && !/^\s/.test(text) && guidsIn(trimmed).length > 0) {
        section = undefined;
        block = this.openBlock(opened[1] ?? '', opened[2] ?? '', n);
      } else if (block && KEY.test(text)) {
        const key = KEY.exec(text);
        block.values.set((key?.[1] ?? '').trim().toLowerCase(), { text: key?.[2] ?? '', line: n });
        block.endLine = n;
        this.account.claim(n);
      } else if (section !== undefined && text.length < MAX_ROW) {
        if (!this.row(section, n, trimmed)) section = undefined;
      }
    }
  }

  /** One row of a classic section. False when the line is no row: the section is over. */
  private row(kind: HnsListKind, n: number, text: string): boolean {
    const match = GUID_ROW.exec(text);
    if (!match) return this.brokenRow(kind, n, text);
    const name = (match[1] ?? '').replace(/\|/g, '').trim();
    const id = guid(match[2] ?? '') ?? '';
    const rest = match[3] ?? '';
    const evidence = [this.account.at(n)];
    this.account.claim(n);
    if (this.account.endsInside(n)) {
      this.collected.cut(kind);
      this.account.note('truncated', 'The listing ends with this row, which may be cut', n);
      // What such a row does not show is lost: a load balancer without backends would be another one.
      if (kind === 'load-balancers' && guidsIn(rest).length === 0) return true;
    }
    if (kind === 'networks') {
      this.networkIds.set(name, [...(this.networkIds.get(name) ?? []), id]);
      this.collected.network({ ...EMPTY_NETWORK, id, name: name || undefined, evidence });
    } else if (kind === 'endpoints') {
      this.endpoints.push({
        ...EMPTY_ENDPOINT,
        id,
        name: name || undefined,
        networkName: rest.trim() || undefined,
        evidence,
      });
    } else if (kind === 'namespaces') {
      this.collected.namespace({ id, endpointIds: guidsIn(rest), containerIds: [], evidence });
      this.cutTail(kind, n, rest);
    } else {
      const vips = addresses(rest);
      this.collected.loadBalancer({
        id,
        vips,
        ports: [],
        endpointIds: guidsIn(rest),
        isIpv6: vips.length === 0 ? undefined : vips.some((vip) => vip.includes(':')),
        evidence,
      });
      this.cutTail(kind, n, rest);
    }
    return true;
  }

  /** A row whose id is not whole: the text ends inside it. Anything else is not a row. */
  private brokenRow(kind: HnsListKind, n: number, text: string): boolean {
    const isLast = this.lines.findLast((line) => line.text.trim() !== '')?.n === n;
    if (!isLast && !/^[0-9a-f]{1,8}(-[0-9a-f]{0,12}){0,4}\s*\|?/i.test(text)) return false;
    this.collected.cut(kind);
    this.account.claim(n);
    this.account.note('truncated', 'A row without a whole id; the listing is cut here', n);
    return isLast;
  }

  /** A GUID cut at the end of a row. */
  private cutTail(kind: HnsListKind, n: number, rest: string): void {
    const tail =
      rest
        .trim()
        .split(/[\s|]+/)
        .pop() ?? '';
    if (!/^[0-9a-f-]{1,35}$/i.test(tail) || canonicalIp(tail) !== undefined) return;
    this.collected.cut(kind);
    this.account.note('truncated', 'The last id of the row is cut', n);
  }

  private openBlock(word: string, id: string, line: number): Block {
    const kind = /^adapter$/i.test(word) ? 'adapter' : kindOfHeading(word);
    const block: Block = { kind, id: guidsIn(id)[0] ?? '', line, endLine: line, values: new Map() };
    this.blocks.push(block);
    this.account.claim(line);
    if (kind !== 'adapter') this.collected.list(kind);
    return block;
  }

  private finishBlock({ kind, id, line, endLine, values }: Block): void {
    const text = (...names: readonly string[]): string =>
      names.map((name) => values.get(name)?.text.trim() ?? '').find((value) => value !== '') ?? '';
    const evidence = [this.account.at(line, endLine)];
    switch (kind) {
      case 'adapter':
        break;
      case 'networks':
        this.networkIds.set(text('name'), [...(this.networkIds.get(text('name')) ?? []), id]);
        this.collected.network({ ...EMPTY_NETWORK, id, name: text('name') || undefined, evidence });
        break;
      case 'endpoints':
        this.endpoints.push({
          ...EMPTY_ENDPOINT,
          id,
          name: text('name') || undefined,
          networkName: text('virtual network name', 'network name', 'network') || undefined,
          ipAddresses: addresses(text('ip address', 'ip addresses', 'address', 'addresses')),
          evidence,
        });
        break;
      case 'namespaces':
        this.collected.namespace({
          id,
          endpointIds: guidsIn(text('endpoint ids', 'endpoints')),
          containerIds: [],
          evidence,
        });
        break;
      case 'load-balancers': {
        const vips = addresses(text('virtual ips', 'vips'));
        this.collected.loadBalancer({
          id,
          vips,
          ports: [],
          endpointIds: guidsIn(text('direct ip ids')),
          isIpv6: undefined,
          evidence,
        });
      }
    }
  }

  /** Endpoints name their network; the listing of networks beside them knows its id. */
  private withNetwork(endpoint: HnsEndpoint): HnsEndpoint {
    const ids = this.networkIds.get(endpoint.networkName ?? '') ?? [];
    return ids.length === 1 ? { ...endpoint, networkId: ids[0] } : endpoint;
  }

  /** `list all` ends with the load balancers: without them the text is cut. */
  private checkEnd(): void {
    for (const { kind, line } of this.headings) {
      if (this.headed.has(kind)) continue;
      this.account.note('truncated', 'A section heading without its table', line);
    }
    const last = this.headings.filter(({ kind }) => this.headed.has(kind)).at(-1);
    if (!last || this.headings.length < 2 || this.headed.has('load-balancers')) return;
    this.collected.cut(last.kind);
    this.account.note('truncated', 'The listing ends before its load balancers', last.line);
  }
}

function addresses(text: string): string[] {
  const words = text.split(/[\s|,]+/);
  return [...new Set(words.flatMap((word) => canonicalIp(word) ?? []))];
}

const EMPTY_NETWORK = {
  subnets: [],
  extensions: [],
  policies: [],
  dnsServers: [],
  macRanges: [],
} as const;

const EMPTY_ENDPOINT = {
  ipAddresses: [],
  gateways: [],
  dnsServers: [],
  dnsSuffixes: [],
  policies: [],
  policiesKnown: false,
  sharedContainers: [],
  allocators: [],
} as const;
