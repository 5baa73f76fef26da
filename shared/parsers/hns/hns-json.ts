import { LineAccount, pastedLines } from '../line-account';
import { findJson, readJsonAt, type JsonDocument } from '../json-tree';
import type { ParseResult, Parser, Region } from '../parser';
import type { TextLine } from '../text-line';
import { CollectedHns, type HnsListKind } from './collected';
import { valueOfJson, type HnsValue } from './hns-value';
import { commandAbove, listingCommands, type ListingCommand } from './listing-command';
import { hnsObjectKind } from './object-kind';

const KEYS =
  /"(ActivityId|VirtualNetwork(Name)?|HostCompute(Network|Endpoints|Namespace)|SharedContainers|IsRemoteEndpoint|FrontendVIPs|Ipams|CompartmentGuid|MacPools?|IsApplied|CurrentEndpointCount|ManagementIP|IpConfigurations)"\s*:/i;
const ENDPOINT_EXCERPT = /"IPAddress"\s*:[^]*"MacAddress"\s*:/i;
const INNER_KEYS =
  /"(AllocationOrder|Allocators|EndpointPortGuid|LastUpdateTime|IsolationType|CompartmendId)"\s*:/i;
const JSON_START = /^\s*[[{]/;
/** A line of printed JSON: a member, a scalar, or brackets. Rows of tables are none. */
const JSON_LINE =
  /^\s*(?:"[^"]*"\s*(?::.*|,?\s*)|[{}[\]][{}[\],\s]*|-?\d+(?:\.\d+)?,?\s*|(?:true|false|null),?\s*)$/;
/** Text before a value of HNS on its line: answers of the RPC and what a module sent to it. */
const ANSWER = /\b(?:Response|Result)\s*:\s*(?=[[{])/i;
const REQUEST = /\bInvoke-HNSRequest\s+Method\[\w+\]\s+Path\[[^\]]*\]\s+Data\[/i;
const RESULT_LINE = /:\s*Result\s*:\s*$/;
const HEADING = /^(Networks|Endpoints|Namespaces|Load ?Balancers)\s*:\s*$/i;
/** Output of the cmdlets always has one of these; without them it is an excerpt. */
const WHOLE_OBJECT = ['activityid', 'version', 'schemaversion', 'resources', 'health'];
const MAX_RECOVERIES = 200;

/**
 * JSON of HNS objects: `Get-Hns... | ConvertTo-Json` of Windows PowerShell 5.1 and PowerShell 7, V1
 * and V2 (HCN), one object or an array of them, `hnsdiag list ... -d`, and raw answers of the HNS
 * RPC (`{"Success":true,"Output":...}`). Tables and lists around the JSON are left to others.
 */
export const hnsJsonParser: Parser = {
  kind: 'hns-json',
  title: 'HNS objects as JSON: networks, endpoints, load balancers, namespaces',
  command: 'Get-HnsNetwork | ConvertTo-Json -Depth 20',
  recognise(region, head) {
    const text = head.join('\n');
    const starts = head.some(
      (line) => JSON_START.test(line) || ANSWER.test(line) || REQUEST.test(line),
    );
    if (starts && (KEYS.test(text) || ENDPOINT_EXCERPT.test(text))) return 88;
    if (head.some((line) => REQUEST.test(line))) return 80;
    if (
      starts &&
      /"(References|ExternalPort)"\s*:/i.test(text) &&
      /"(VIPs|\/endpoints\/)/i.test(text)
    )
      return 85;
    if (/\{"Success"\s*:\s*(true|false)/i.test(text) && starts) return 70;
    if (INNER_KEYS.test(text) && JSON_LINE.test(head.find((line) => line.trim() !== '') ?? ''))
      return 60;
    return kindByName(region) ? 30 : 0;
  },
  parse(region) {
    return new HnsJsonReading(region).result();
  },
};

/** What a collector's file name says it lists. */
function kindByName(region: Region): HnsListKind | undefined {
  const name = region.file.path.toLowerCase().split(/[/\\]/).pop() ?? '';
  if (/network(detailed)?\.(txt|json)$/.test(name)) return 'networks';
  if (/endpoints?\.(txt|json)$/.test(name) && !/kube|slice/.test(name)) return 'endpoints';
  if (/(policy|policylist|loadbalancers?)\.(txt|json)$/.test(name)) return 'load-balancers';
  return /namespaces?\.(txt|json)$/.test(name) && !/kube/.test(name) ? 'namespaces' : undefined;
}

class HnsJsonReading {
  private readonly account: LineAccount;
  private readonly lines: TextLine[];
  private readonly collected: CollectedHns;
  private readonly commands: readonly ListingCommand[];
  private found = 0;

  constructor(private readonly region: Region) {
    this.account = new LineAccount(region);
    this.lines = pastedLines(region);
    this.collected = new CollectedHns(this.account);
    this.commands = listingCommands(this.lines, this.account);
  }

  result(): ParseResult {
    for (const document of findJson(this.lines)) this.take(document);
    this.lines.forEach(({ n, text }, index) => {
      if (!this.account.has(n)) this.takeInside(index, text);
    });
    this.recover();
    if (this.found > 0) this.headings();
    return this.account.result(...this.collected.facts());
  }

  private take(document: JsonDocument): void {
    const value = valueOfJson(document.root);
    if (value.kind === 'list' && value.items.length === 0) {
      this.takeEmptyList(document);
      return;
    }
    const filtered = commandAbove(this.commands, document.line)?.filtered === true;
    const known = this.collected.add(value, document.complete && !filtered && !isExcerpt(value));
    if (known) this.read(document);
  }

  /** `[]`: which kind has no objects only the file's name says. */
  private takeEmptyList(document: JsonDocument): void {
    const kind = kindByName(this.region);
    if (!kind) return;
    this.collected.list(kind);
    if (!document.complete) this.collected.cut(kind);
    this.read(document);
  }

  private read(document: JsonDocument): void {
    this.found += 1;
    this.account.claim(document.line, document.endLine);
    for (const { kind, message, line } of document.problems) {
      this.account.note(
        kind === 'truncated' || kind === 'too-deep' ? 'truncated' : 'guessed',
        sentence(message),
        line,
      );
    }
    if (!/^[\],;.]*$/.test(document.after)) {
      this.account.note(
        'skipped',
        'Text after the JSON on its last line was not read',
        document.endLine,
      );
    }
  }

  /** Answers and requests of the HNS RPC that start in the middle of a line. */
  private takeInside(index: number, text: string): void {
    const n = this.lines[index]?.n ?? 0;
    const request = REQUEST.exec(text);
    if (request) {
      const document = readJsonAt(this.lines, index, request.index + request[0].length);
      this.account.claim(n, document?.endLine ?? n);
      this.account.note(
        'info',
        'What was sent to HNS; it says nothing of what HNS made of it',
        n,
        document?.endLine ?? n,
      );
      if (document && !document.complete)
        this.account.note('truncated', 'The request is cut', document.endLine);
      return;
    }
    const answer = ANSWER.exec(text);
    if (answer) {
      const document = readJsonAt(this.lines, index, answer.index + answer[0].length);
      if (document) this.take(document);
    } else if (RESULT_LINE.test(text)) {
      this.account.claim(n);
    }
  }

  /** The start of the JSON is missing: whole objects inside are still good, the rest is accounted for. */
  private recover(): void {
    let tries = 0;
    for (let i = 0; i < this.lines.length && tries < MAX_RECOVERIES; i += 1) {
      const line = this.lines[i];
      if (!line || this.account.has(line.n) || !/^\s+\{\s*$/.test(line.text)) continue;
      tries += 1;
      const document = readJsonAt(this.lines, i, line.text.indexOf('{'));
      const value = document && valueOfJson(document.root);
      if (!document?.complete || value?.kind !== 'object') continue;
      const kind = hnsObjectKind(value);
      if (kind === undefined || kind === 'envelope' || kind === 'namespace') continue;
      if (this.collected.add(value, false)) this.read(document);
    }
    this.skipFragment();
  }

  private skipFragment(): void {
    let first: number | undefined;
    let last = 0;
    let keys = false;
    const flush = (): void => {
      if (first !== undefined && (keys || this.found > 0)) {
        this.account.skip('Part of an HNS object whose start is missing', first, last);
      }
      first = undefined;
      keys = false;
    };
    for (const { n, text } of this.lines) {
      if (this.account.has(n) || !JSON_LINE.test(text)) {
        if (text.trim() !== '') flush();
        continue;
      }
      if (INNER_KEYS.test(text) || KEYS.test(text)) keys = true;
      first ??= n;
      last = n;
    }
    flush();
  }

  /** Section headings of `hnsdiag list all -d`; a section without objects is an empty listing. */
  private headings(): void {
    for (const { n, text } of this.lines) {
      const heading = HEADING.exec(text)?.[1]?.toLowerCase().replace(' ', '');
      if (heading === undefined || this.account.has(n)) continue;
      this.account.claim(n);
      this.collected.list(
        heading === 'loadbalancers' ? 'load-balancers' : (heading as HnsListKind),
      );
    }
  }
}

/** An object without any of the fields HNS always prints: somebody cut the output down. */
function isExcerpt(value: HnsValue): boolean {
  if (value.kind === 'list') return value.items.some(isExcerpt);
  if (value.kind !== 'object' || hnsObjectKind(value) === 'envelope') return false;
  return !WHOLE_OBJECT.some((name) => value.fields.has(name));
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
