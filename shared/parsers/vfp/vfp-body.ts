import { canonicalIp } from '../../model/ip';
import { mac } from '../../model/ids';
import type {
  VfpConditions,
  VfpDip,
  VfpEncapDestination,
  VfpRuleBody,
  VfpRuleCounters,
  VfpRuleType,
} from '../../model/vfp';

/** Words vfpctrl prints after `Type :`; builds and help text differ in spelling. */
const TYPES: ReadonlyMap<string, VfpRuleType> = new Map([
  ['allow', 'allow'],
  ['block', 'block'],
  ['lbnat', 'lbnat'],
  ['nat', 'nat'],
  ['dynnat', 'dynnat'],
  ['dynamic nat', 'dynnat'],
  ['mapnat', 'mapnat'],
  ['transposition', 'transposition'],
  ['transpose', 'transposition'],
  ['routeencap', 'routeencap'],
  ['route encap', 'routeencap'],
  ['mapencap', 'mapencap'],
  ['map encap', 'mapencap'],
  ['m encaps', 'mapencap'],
  ['decap', 'decap'],
  ['mapdecap', 'decap'],
  ['paroute', 'paroute'],
  ['pa route', 'paroute'],
  ['meter', 'meter'],
  ['redirect', 'redirect'],
  ['caredirect', 'redirect'],
  ['l4proxy', 'redirect'],
]);

/** The rule type of a printed word; `other` for words that are not known. */
export function ruleType(text: string): VfpRuleType {
  return TYPES.get(text.trim().toLowerCase()) ?? 'other';
}

const COUNTER = /^(Matched|Dropped|Pending)\s+(?:unified\s+)?(packets|flows)\s*:\s*(\d+)\s*$/i;
const COUNTER_HEAD = /^(?:Rule\s+)?Counters\s*:?$/i;

/** Is this (trimmed) line one of those that `/get-rule-counter` adds to a rule? */
export function isCounterLine(line: string): boolean {
  return COUNTER.test(line) || COUNTER_HEAD.test(line);
}

/** Counters among the lines of a rule; undefined when there are none. */
export function parseCounters(lines: readonly string[]): VfpRuleCounters | undefined {
  let found: VfpRuleCounters | undefined;
  for (const line of lines) {
    const match = COUNTER.exec(line.trim());
    if (!match) continue;
    const value = Number(match[3]);
    const what = `${match[1] ?? ''} ${match[2] ?? ''}`.toLowerCase();
    found ??= {};
    if (what === 'matched packets') found = { ...found, matchedPackets: value };
    else if (what === 'dropped packets') found = { ...found, droppedPackets: value };
    else if (what === 'pending packets') found = { ...found, pendingPackets: value };
    else if (what === 'dropped flows') found = { ...found, droppedFlows: value };
  }
  return found;
}

/** `key : value`; the key has no colon, so an IPv6 value keeps its own. */
export function keyValue(
  line: string,
): { readonly key: string; readonly value: string } | undefined {
  const colon = line.indexOf(':');
  if (colon < 1 || line.startsWith('{')) return undefined;
  return { key: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() };
}

/** A text without the blanks around it (also U+00A0 of pasted pages) and a quote mark before it. */
export function bareLine(line: string): string {
  return line.replace(/^(?:> )?\s*|\s+$/g, '');
}

type ConditionList = Exclude<keyof VfpConditions, 'protocols' | 'other'>;

const CONDITION_KEYS: ReadonlyMap<string, ConditionList> = new Map([
  ['source ip', 'sourceIps'],
  ['source ipv4', 'sourceIps'],
  ['source ipv6', 'sourceIps'],
  ['destination ip', 'destinationIps'],
  ['destination ipv4', 'destinationIps'],
  ['destination ipv6', 'destinationIps'],
  ['source port', 'sourcePorts'],
  ['source ports', 'sourcePorts'],
  ['destination port', 'destinationPorts'],
  ['destination ports', 'destinationPorts'],
  ['source mac', 'sourceMacs'],
  ['destination mac', 'destinationMacs'],
]);

type Conditions = { -readonly [K in keyof VfpConditions]: VfpConditions[K][number][] };

export function noConditions(): Conditions {
  return {
    protocols: [],
    sourceIps: [],
    destinationIps: [],
    sourcePorts: [],
    destinationPorts: [],
    sourceMacs: [],
    destinationMacs: [],
    other: [],
  };
}

/**
 * Adds one line below `Conditions:`. Lists are separated by commas; all conditions of a rule must
 * hold. A key that is not known goes to `other` as printed.
 */
export function addCondition(line: string, into: Conditions): void {
  if (line === '<none>' || line === '') return;
  const pair = keyValue(line);
  const items = (pair?.value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const key = pair?.key.toLowerCase() ?? '';
  if (key === 'protocols' || key === 'protocol') {
    for (const item of items) {
      const number = Number(item.replace(/\s*\(.*\)$/, ''));
      if (Number.isInteger(number)) into.protocols.push(number);
      else into.other.push(line);
    }
    return;
  }
  const list = CONDITION_KEYS.get(key);
  if (list === undefined || items.length === 0) into.other.push(line);
  else if (list === 'sourceMacs' || list === 'destinationMacs') {
    for (const item of items) into[list].push(mac(item) ?? item);
  } else into[list].push(...items);
}

/** Mutable form while a rule is read. */
interface Draft {
  name: string;
  friendlyName: string;
  priority: number | undefined;
  flags: string;
  typeText: string;
  conditions: Conditions;
  flowTtl: number | undefined;
  dips: VfpDip[];
  dipCount: number | undefined;
  encapSource: string | undefined;
  encapDestinations: VfpEncapDestination[];
  greKey: number | undefined;
  setSourceMac: string | undefined;
  setDestinationMac: string | undefined;
  setSourceIp: string | undefined;
  setDestinationIp: string | undefined;
  natPool: string | undefined;
  data: string[];
}

const count = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);

/**
 * Reads the text of one rule, from its `RULE :` line on. Indentation does not matter (pasted text
 * loses it): key words tell the sections apart. Counters are left out, so a rule of `/list-rule`
 * and the same of `/get-rule-counter` are equal. A line that is not understood is kept in `data`.
 * Format: outputs of vfpctrl on Windows Server 2019 and 2022.
 */
export function parseRuleBody(lines: readonly string[]): VfpRuleBody {
  const draft: Draft = {
    name: '',
    friendlyName: '',
    priority: undefined,
    flags: '',
    typeText: '',
    conditions: noConditions(),
    flowTtl: undefined,
    dips: [],
    dipCount: undefined,
    encapSource: undefined,
    encapDestinations: [],
    greKey: undefined,
    setSourceMac: undefined,
    setDestinationMac: undefined,
    setSourceIp: undefined,
    setDestinationIp: undefined,
    natPool: undefined,
    data: [],
  };
  let section: 'head' | 'conditions' | 'data' = 'head';
  for (const raw of lines) {
    const line = bareLine(raw);
    if (line !== '' && !isCounterLine(line)) section = addLine(line, section, draft);
  }
  const { typeText, friendlyName, name, ...rest } = draft;
  return {
    ...rest,
    name: name === '' ? friendlyName : name,
    friendlyName: friendlyName === '' ? name : friendlyName,
    terminating: /\bterminating\b/i.test(draft.flags),
    type: ruleType(typeText),
    typeText,
  };
}

function addLine(
  line: string,
  section: 'head' | 'conditions' | 'data',
  draft: Draft,
): 'head' | 'conditions' | 'data' {
  const pair = keyValue(line);
  switch (pair?.key) {
    case 'RULE':
      draft.name = pair.value;
      return 'head';
    case 'Friendly name':
      draft.friendlyName = pair.value;
      return 'head';
    case 'Priority':
      if (section === 'data') break;
      draft.priority = count(pair.value);
      if (draft.priority === undefined) draft.data.push(line);
      return 'head';
    case 'Flags':
      if (section === 'data') break;
      draft.flags = pair.value;
      return 'head';
    case 'Type':
      if (section === 'data') break;
      draft.typeText = pair.value;
      return 'head';
    case 'Conditions':
      if (pair.value !== '') addCondition(pair.value, draft.conditions);
      return 'conditions';
    case 'Flow TTL':
      draft.flowTtl = count(pair.value);
      if (draft.flowTtl === undefined) draft.data.push(line);
      return 'head';
    case 'Rule Data':
      if (pair.value !== '') addData(pair.value, draft);
      return 'data';
    case 'FlagsEx':
      if (pair.value !== '0') draft.data.push(line);
      return 'head';
    case 'Transposition':
    case 'Modify':
      draft.data.push(line);
      return 'data';
    default:
      break;
  }
  if (section === 'conditions') addCondition(line, draft.conditions);
  else addData(line, draft);
  return section;
}

function addData(line: string, draft: Draft): void {
  draft.data.push(line);
  if (line.startsWith('{')) {
    addDestinations(line, draft);
    return;
  }
  const pool = /\bSLB_NATPOOL\S*/.exec(line)?.[0];
  if (pool !== undefined) draft.natPool ??= pool;
  const pair = keyValue(line);
  if (pair === undefined || pair.value === '') return;
  switch (pair.key.toLowerCase()) {
    case 'count of dip ranges':
      draft.dipCount = count(pair.value);
      break;
    case 'encap source ip':
      draft.encapSource = canonicalIp(pair.value) ?? pair.value;
      break;
    case 'gre key':
      draft.greKey = count(pair.value);
      break;
    case 'source mac':
      draft.setSourceMac = mac(pair.value) ?? pair.value;
      break;
    case 'destination mac':
      draft.setDestinationMac = mac(pair.value) ?? pair.value;
      break;
    case 'source ip':
      draft.setSourceIp = canonicalIp(pair.value) ?? pair.value;
      break;
    case 'destination ip':
      draft.setDestinationIp = canonicalIp(pair.value) ?? pair.value;
      break;
    case 'nat pool':
    case 'nat pool name':
    case 'nat range':
    case 'nat range name':
      draft.natPool ??= pair.value;
      break;
    case 'dip range(s)':
    case 'encap destination(s)':
      if (pair.value.startsWith('{')) addDestinations(pair.value, draft);
      break;
    default:
      break;
  }
}

/** `{ 10.244.1.4 : 80 }` of load balancing, `{ IP address=…, MAC address=…, GRE key=… }` of encapsulation. */
function addDestinations(line: string, draft: Draft): void {
  for (const [, inside = ''] of line.matchAll(/\{([^}]*)\}?/g)) {
    if (inside.includes('=')) {
      const destination = encapDestination(inside);
      if (destination) draft.encapDestinations.push(destination);
    } else {
      const dip = dipOf(inside.trim());
      if (dip) draft.dips.push(dip);
    }
  }
}

function dipOf(text: string): VfpDip | undefined {
  const match = /^(.*?)\s*:\s*(\d{1,5})(?:-\d{1,5})?$/.exec(text);
  const spaced = /^(\S+)\s+:\s+(\d{1,5})(?:-\d{1,5})?$/.exec(text) ?? match;
  const [first = '', last = first] = (spaced?.[1] ?? '').split('-');
  const ip = canonicalIp(first);
  if (!spaced || ip === undefined || canonicalIp(last) !== ip) return undefined;
  return { ip, port: Number(spaced[2]) };
}

function encapDestination(text: string): VfpEncapDestination | undefined {
  const fields = new Map<string, string>();
  for (const part of text.split(',')) {
    const equals = part.indexOf('=');
    if (equals > 0)
      fields.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim());
  }
  const ip = fields.get('ip address');
  if (ip === undefined) return undefined;
  const macText = fields.get('mac address');
  const key = fields.get('gre key');
  return {
    ip: canonicalIp(ip) ?? ip,
    mac: macText === undefined ? undefined : (mac(macText) ?? macText),
    greKey: key === undefined ? undefined : count(key),
  };
}
