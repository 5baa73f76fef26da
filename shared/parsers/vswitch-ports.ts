import { guid, mac } from '../model/ids';
import type { VSwitchPort } from '../model/tcpip';
import { findJson, type JsonObject, type JsonValue } from './json-tree';
import { LineAccount, pastedLines } from './line-account';
import type { Parser, ParseResult, Region } from './parser';
import type { TextLine } from './text-line';

/** A port while its lines are read. */
interface Draft {
  name: string;
  line: number;
  endLine: number;
  readonly fields: Map<string, string>;
  readonly sentences: string[];
  readonly counters: Map<string, number>;
}

const COUNTER_HEAD = /^Get-port-counter for port\s*:?\s*(\S+)/i;
const PORT_COUNTER_ECHO =
  /vfpctrl.*\/port\s+["']?([^\s"']+).*\/get-port-counter|vfpctrl.*\/get-port-counter.*\/port\s+["']?([^\s"']+)/i;
const DIRECTION = /^Direction\s*-\s*(IN|OUT)\b/i;
const TRAILER = /^Command (?:list-vmswitch-port|get-port-counter) succeeded/i;
const COUNTER_KEYS =
  /^(?:Total (?:packets|bytes)|(?:SYN|SYN-ACK|FIN|RST) packets|Dropped ACL packets|TCP Connections .*|TCP Half Open Timeouts?.*|.*Expired to Time Wait.*)\s*:\s*\d+/i;

/**
 * ports.txt: `vfpctrl /list-vmswitch-port` (`key : value` lines and bare sentences per port), the
 * same with `/format 1` (JSON), and the `/get-port-counter` sections that newer collectors append,
 * whose two directions begin with `Direction - OUT`. Keys that are not known and have a number are
 * kept as counters, since drop reasons differ by build.
 */
function parse(region: Region): ParseResult {
  const account = new LineAccount(region);
  const lines = pastedLines(region);
  const ports = new Map<string, Draft>();
  readJson(lines, ports, account);
  readText(lines, ports, account);
  const items = [...ports.values()].map((draft) => portOf(draft, account));
  if (items.length === 0 && !lines.some(({ n }) => account.has(n))) return account.result();
  return account.result({ kind: 'vswitch-ports', items });
}

function readText(
  lines: readonly TextLine[],
  ports: Map<string, Draft>,
  account: LineAccount,
): void {
  let current: Draft | undefined;
  let firstPort = 0;
  let ended = false;
  let direction = '';
  let blanks = 0;
  let prefix = '';
  for (const { n, text } of lines) {
    const line = text.trim();
    if (line === '') {
      blanks += 1;
      continue;
    }
    if (account.has(n)) continue;
    const counterOf = COUNTER_HEAD.exec(line)?.[1] ?? echoPort(line);
    const colon = line.indexOf(':');
    const key = colon > 0 ? line.slice(0, colon).trim() : line;
    const value = colon > 0 ? line.slice(colon + 1).trim() : '';
    if (counterOf !== undefined) {
      current = open(ports, counterOf, n);
      direction = '';
    } else if (/^Port name$/i.test(key) && colon > 0) {
      current = open(ports, value, n);
      if (firstPort === 0) firstPort = n;
      direction = '';
      prefix = '';
    } else if (/^ITEM LIST$/.test(line) || /^={5,}$/.test(line) || TRAILER.test(line)) {
      account.claim(n);
      if (TRAILER.test(line)) current = undefined;
      if (/list-vmswitch-port/i.test(line)) ended = true;
      continue;
    } else if (/vfpctrl/i.test(line) && /list-vmswitch-port/i.test(line)) {
      account.claim(n);
      continue;
    } else if (current && DIRECTION.test(line)) {
      direction = ` ${(DIRECTION.exec(line)?.[1] ?? '').toUpperCase()}`;
    } else if (
      current &&
      colon > 0 &&
      (blanks === 0 ||
        text.startsWith(' ') ||
        isPortKey(key) ||
        COUNTER_KEYS.test(line) ||
        isHeading(key, value))
    ) {
      if (value === '') prefix = isHeading(key, value) ? `${key}: ` : '';
      else if (/^\d+$/.test(value) && !isPortKey(key))
        count(current, `${prefix}${key}${direction}`, Number(value));
      else current.fields.set(key.toLowerCase(), value);
    } else if (current && (blanks === 0 || text.startsWith(' ')) && colon < 0) {
      current.sentences.push(line.toLowerCase());
    } else {
      current = undefined;
      continue;
    }
    blanks = 0;
    account.claim(n);
    current.endLine = Math.max(current.endLine, n);
  }
  if (firstPort > 0 && !ended) {
    account.note(
      'truncated',
      'The list of ports has no end line: ports may be missing.',
      firstPort,
    );
  }
}

function echoPort(line: string): string | undefined {
  const match = PORT_COUNTER_ECHO.exec(line);
  return match?.[1] ?? match?.[2];
}

/** A later counter of the same name (a second section) gets the larger: counters only grow. */
function count(draft: Draft, name: string, value: number): void {
  draft.counters.set(name, Math.max(value, draft.counters.get(name) ?? 0));
}

function open(ports: Map<string, Draft>, printed: string, line: number): Draft {
  const name = guid(printed) ?? printed;
  let draft = ports.get(name);
  if (!draft) {
    draft = { name, line, endLine: line, fields: new Map(), sentences: [], counters: new Map() };
    ports.set(name, draft);
  }
  return draft;
}

const PORT_KEYS = new Set([
  'port friendly name',
  'switch name',
  'switch friendly name',
  'portid',
  'vmq weight',
  'vmq usage',
  'sr-iov weight',
  'sr-iov usage',
  'port type',
  'nic name',
  'nic friendly name',
  'mtu',
  'mac address',
  'vm name',
  'vm id',
  'nic state',
  'vsc state',
]);

/** `Statistics:`, `Ingress packet drops:`: what follows is counted below it. */
const isHeading = (key: string, value: string): boolean =>
  value === '' && /statistic|counter|drop/i.test(key);

const isPortKey = (key: string): boolean => PORT_KEYS.has(key.toLowerCase());

function readJson(
  lines: readonly TextLine[],
  ports: Map<string, Draft>,
  account: LineAccount,
): void {
  if (!lines.some(({ text }) => /^\s*[[{]/.test(text))) return;
  for (const document of findJson(lines)) {
    const list = portList(document.root);
    if (!list) continue;
    account.claim(document.line, document.endLine);
    if (!document.complete)
      account.note('truncated', 'The JSON ends before it is closed.', document.endLine);
    for (const port of list) {
      const fields = new Map<string, string>();
      for (const { key, value } of port.members) {
        if (value.kind === 'string') fields.set(key.toLowerCase(), value.value);
        else if (value.kind === 'number') fields.set(key.toLowerCase(), value.text);
      }
      const draft = open(ports, fields.get('name') ?? fields.get('id') ?? '', port.line);
      draft.endLine = port.endLine;
      for (const [key, value] of fields) draft.fields.set(JSON_KEYS.get(key) ?? key, value);
    }
  }
}

const JSON_KEYS: ReadonlyMap<string, string> = new Map([
  ['macaddress', 'mac address'],
  ['vmsportid', 'portid'],
  // `ExternalPort`, `Container NIC ...`: what the text calls the friendly name.
  ['id', 'port friendly name'],
  ['friendlyname', 'port friendly name'],
  ['portfriendlyname', 'port friendly name'],
  ['switchname', 'switch name'],
  ['nicname', 'nic name'],
  ['porttype', 'port type'],
]);

function portList(root: JsonValue): readonly JsonObject[] | undefined {
  if (root.kind !== 'object') return undefined;
  const ports = root.members.find(({ key }) => key.toLowerCase() === 'ports')?.value;
  return ports?.kind === 'array'
    ? ports.items.filter((item): item is JsonObject => item.kind === 'object')
    : undefined;
}

function portOf(draft: Draft, account: LineAccount): VSwitchPort {
  const field = (key: string): string | undefined => draft.fields.get(key) || undefined;
  const says = (word: RegExp, not: RegExp): boolean | undefined => {
    const sentence = draft.sentences.find((text) => word.test(text));
    return sentence === undefined ? undefined : !not.test(sentence);
  };
  const mtu = Number(field('mtu'));
  return {
    name: draft.name,
    friendlyName: field('port friendly name'),
    switchName: guid(field('switch name') ?? '') ?? field('switch name'),
    switchFriendlyName: field('switch friendly name'),
    portId: field('portid'),
    portType: field('port type'),
    nicName: field('nic name'),
    nicFriendlyName: field('nic friendly name'),
    mac: mac(field('mac address') ?? ''),
    mtu: Number.isInteger(mtu) && mtu > 0 ? mtu : undefined,
    vmName: field('vm name'),
    initialized: says(/^port is .*initialized/, /\bnot\b|uninitialized/),
    nicConnected: says(/^nic is .*connected/, /\bnot\b|disconnected/),
    counters: draft.counters,
    evidence: [account.at(draft.line, draft.endLine)],
  };
}

export const vswitchPortsParser: Parser = {
  kind: 'vswitch-ports',
  title: 'Ports of the vSwitch, with the adapters connected to them and their counters.',
  command: 'vfpctrl /list-vmswitch-port',
  recognise(region, head) {
    const shown = head.some((line) => /^\s*Port name\s*:/i.test(line));
    const more = head.some((line) =>
      /^\s*(?:Port Friendly name|Switch name|NIC name|VMQ Weight|Port type)\s*:/i.test(line),
    );
    if (shown && more) return 97;
    if (head.some((line) => /list-vmswitch-port|get-port-counter/i.test(line))) return 97;
    if (head.some((line) => COUNTER_HEAD.test(line.trim()) || DIRECTION.test(line.trim())))
      return 90;
    if (head.some((line) => /"VmsPortId"/i.test(line))) return 95;
    return /(?:^|[_-])ports\.txt$/i.test(region.file.path.split('/').pop() ?? '') ? 30 : 0;
  },
  parse,
};
