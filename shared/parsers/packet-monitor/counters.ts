import type { PacketMonitorCounter, PacketMonitorSample } from '../../model/packet-monitor';
import { findJson, itemsOf, member, numberOf, textOf, type JsonValue } from '../json-tree';
import { LineAccount, pastedLines } from '../line-account';
import type { Parser, ParseResult, Region } from '../parser';
import type { TextLine } from '../text-line';

/** `Upper   Rx   23   2,145 | Tx   40   5,312`, with more before it and perhaps a reason behind it. */
const ROW =
  /^(.*\S)\s+(Rx|Tx|In|Out|Ingress|Egress|Inbound|Outbound)\s+([\d.,\u00a0\u202f]+)\s+([\d.,\u00a0\u202f]+)\s*\|\s*(Rx|Tx|In|Out|Ingress|Egress|Inbound|Outbound)\s+([\d.,\u00a0\u202f]+)\s+([\d.,\u00a0\u202f]+)(?:\s+(\S.*))?$/i;
const HEAD = /\bCounter\b.*\bDirection\b.*\|/i;
const RULED = /^\s*-{2,}(?:\s+(?:-+|\|))+\s*$/;
const SAYS = /^(?:all counters (?:are|were) (?:zero|0)|packet monitor is not running)/i;
const DROPS = /drop/i;

const whole = (text: string): number => Number(text.replace(/\D/g, ''));

function parse(region: Region): ParseResult {
  const account = new LineAccount(region);
  const lines = pastedLines(region);
  const read = [...jsonCounters(lines, account), ...tableCounters(lines, account)];
  const running = !lines.some(({ text }) => /^\s*packet monitor is not running/i.test(text));
  const zero = lines.some(({ text }) => /^\s*all counters (?:are|were) (?:zero|0)/i.test(text));
  // A monitor that does not run has counted nothing: that is no sample of zeros.
  if (read.length === 0 && !(running && zero)) return account.result();
  const first = read[0]?.evidence[0] ?? account.at(region.line);
  const sample: PacketMonitorSample = {
    file: region.file.path,
    order: /-2\.\w+$/.test(region.file.path) ? 2 : 1,
    counters: read,
    evidence: [first],
  };
  return account.result({ kind: 'pktmon-counters', items: [sample] });
}

/** Rows of one component follow each other; only the first has its id and name. */
function tableCounters(lines: readonly TextLine[], account: LineAccount): PacketMonitorCounter[] {
  const counters: PacketMonitorCounter[] = [];
  let component: number | undefined;
  let name = '';
  let heading: TextLine | undefined;
  let inTable = false;
  for (const line of lines) {
    const { n } = line;
    const text = line.text.trim();
    if (account.has(n)) continue;
    if (text === '') continue;
    const row = ROW.exec(text);
    if (row === null) {
      if (HEAD.test(text) || RULED.test(text) || SAYS.test(text)) {
        account.claim(n);
        if (heading !== undefined) account.claim(heading.n);
        inTable = true;
      } else if (inTable && account.endsInside(n)) {
        account.claim(n);
        account.note('truncated', 'The counters end inside a row.', n);
      }
      heading = row === null && !HEAD.test(text) && !RULED.test(text) ? line : undefined;
      continue;
    }
    const [, before = '', , inPackets = '', , , outPackets = '', , reason] = row;
    const { id, words } = leading(before);
    const counter = words.at(-1) ?? '';
    const given = words.slice(0, -1).join(' ');
    if (id !== undefined) component = id;
    if (id !== undefined || given !== '') name = given;
    account.claim(n);
    counters.push({
      component,
      name,
      counter,
      drops: DROPS.test(counter),
      packets: [whole(inPackets), whole(outPackets)],
      lastDropReason: reason,
      evidence: [account.at(n)],
    });
  }
  return counters;
}

/** `65 TCPIP   Drops` into id and the columns behind it. The counter is one word at the end. */
function leading(text: string): { id: number | undefined; words: readonly string[] } {
  const found = /^(\d+)\s+(\S.*)$/.exec(text);
  const rest = (found?.[2] ?? text).trim();
  const space = rest.search(/\s+\S+$/);
  const words = space < 0 ? [rest] : [rest.slice(0, space).trim(), rest.slice(space).trim()];
  return { id: found === null ? undefined : Number(found[1]), words };
}

/** `pktmon counters --json`: groups with components with counters, each Inbound and Outbound. */
function jsonCounters(lines: readonly TextLine[], account: LineAccount): PacketMonitorCounter[] {
  if (!lines.some(({ text }) => /^\s*[[{]/.test(text))) return [];
  const counters: PacketMonitorCounter[] = [];
  for (const document of findJson(lines)) {
    const components = itemsOf(document.root).flatMap((group) =>
      itemsOf(member(group, 'Components')),
    );
    if (!components.some((component) => member(component, 'Counters') !== undefined)) continue;
    account.claim(document.line, document.endLine);
    if (!document.complete)
      account.note('truncated', 'The JSON ends before it is closed.', document.endLine);
    for (const component of components)
      for (const counter of itemsOf(member(component, 'Counters'))) {
        const counted = jsonCounter(component, counter, account);
        if (counted !== undefined) counters.push(counted);
      }
  }
  return counters;
}

function jsonCounter(
  component: JsonValue,
  counter: JsonValue,
  account: LineAccount,
): PacketMonitorCounter | undefined {
  const packets = (way: string): number | undefined =>
    numberOf(member(member(counter, way), 'Packets'));
  const into = packets('Inbound');
  const out = packets('Outbound');
  if (into === undefined || out === undefined) return undefined;
  const name = textOf(member(counter, 'Name')) ?? textOf(member(counter, 'Type')) ?? '';
  const type = `${name} ${textOf(member(counter, 'Type')) ?? ''}`;
  return {
    component: numberOf(member(component, 'Id')),
    name: textOf(member(component, 'Name')) ?? '',
    counter: name,
    drops: DROPS.test(type),
    packets: [into, out],
    evidence: [account.at(counter.line, counter.endLine)],
  };
}

/**
 * `pktmon counters`: a table for each adapter or vSwitch with rows of components, and the same as
 * JSON with `--json`. Columns by learn.microsoft.com (pktmon counters; packet counters of Packet
 * Monitor); numbers may have separators of the language of Windows.
 */
export const packetMonitorCountersParser: Parser = {
  kind: 'pktmon-counters',
  title: 'Packets that Packet Monitor counted at each component, and the drops among them',
  command: 'pktmon counters',
  recognise(region, head) {
    if (head.some((line) => HEAD.test(line) || ROW.test(line.trim()))) return 92;
    if (head.some((line) => /"Inbound"\s*:/.test(line))) return 92;
    const named = /pktmon-?counters?(?:-\d)?\.(?:txt|json)$/i.test(region.file.path);
    if (head.some((line) => SAYS.test(line.trim()))) return named ? 80 : 60;
    return named ? 38 : 0;
  },
  parse,
};
