import { mac } from '../../model/ids';
import type { PacketMonitorComponent } from '../../model/packet-monitor';
import { findJson, itemsOf, member, numberOf, textOf } from '../json-tree';
import { LineAccount, pastedLines } from '../line-account';
import type { Parser, ParseResult, Region } from '../parser';
import type { TextLine } from '../text-line';

const RULED = /^\s*-{2,}(?:\s+-+)+\s*$/;
const HEAD = /^\s*Id\s{1,}(?:\S.*\s)?(?:Name|MAC Address|Driver)\b/i;
const MAC = /\b(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}\b/;

function parse(region: Region): ParseResult {
  const account = new LineAccount(region);
  const lines = pastedLines(region);
  const items = [...jsonComponents(lines, account), ...tableComponents(lines, account)];
  return account.result(
    ...(items.length > 0 ? [{ kind: 'pktmon-components', items } as const] : []),
  );
}

/** Tables under a heading each: `Id`, then columns that differ, the name last. */
function tableComponents(
  lines: readonly TextLine[],
  account: LineAccount,
): PacketMonitorComponent[] {
  const items: PacketMonitorComponent[] = [];
  let group: string | undefined;
  let before: TextLine | undefined;
  let heading: TextLine | undefined;
  let inTable = false;
  for (const line of lines) {
    const text = line.text.trim();
    if (account.has(line.n)) continue;
    if (text === '') {
      inTable = false;
      continue;
    }
    const row = /^(\d+)\s+(\S.*)$/.exec(text);
    if (RULED.test(line.text) && before !== undefined && HEAD.test(before.text)) {
      inTable = true;
      group = heading?.text.trim().replace(/:$/, '') ?? group;
      account.claim(line.n);
      account.claim(before.n);
      if (heading !== undefined) account.claim(heading.n);
      heading = undefined;
    } else if (inTable && row !== null) {
      account.claim(line.n);
      const [, id = '', rest = ''] = row;
      const address = MAC.exec(rest)?.[0];
      items.push({
        id: Number(id),
        name: rest
          .replace(MAC, '')
          .replace(/\s{2,}/g, ' ')
          .trim(),
        group,
        mac: address === undefined ? undefined : mac(address),
        evidence: [account.at(line.n)],
      });
    } else if (!HEAD.test(line.text)) {
      heading = line;
      inTable = false;
    }
    before = line;
  }
  return items;
}

/** `pktmon list --json`: groups with components. */
function jsonComponents(
  lines: readonly TextLine[],
  account: LineAccount,
): PacketMonitorComponent[] {
  if (!lines.some(({ text }) => /^\s*[[{]/.test(text))) return [];
  const items: PacketMonitorComponent[] = [];
  for (const document of findJson(lines)) {
    const groups = itemsOf(document.root);
    const all = groups.flatMap((group) => itemsOf(member(group, 'Components')));
    // Counters name their components too; they have a reader of their own.
    if (all.length === 0 || all.some((each) => member(each, 'Counters') !== undefined)) continue;
    account.claim(document.line, document.endLine);
    if (!document.complete)
      account.note('truncated', 'The JSON ends before it is closed.', document.endLine);
    for (const group of groups)
      for (const component of itemsOf(member(group, 'Components'))) {
        const id = numberOf(member(component, 'Id'));
        if (id === undefined) continue;
        items.push({
          id,
          name: textOf(member(component, 'Name')) ?? '',
          group: textOf(member(group, 'Group')),
          mac: mac(textOf(member(component, 'MacAddress')) ?? ''),
          evidence: [account.at(component.line, component.endLine)],
        });
      }
  }
  return items;
}

/**
 * `pktmon list`, also with `--all` or `--json`: the components that Packet Monitor can watch, with
 * the numbers that its logs and counters name them by. The numbers change when Windows starts.
 */
export const packetMonitorComponentsParser: Parser = {
  kind: 'pktmon-list',
  title: 'Places in the network stack that Packet Monitor can watch, with their numbers',
  command: 'pktmon list --all',
  recognise(region, head) {
    const table = head.some(
      (line, at) => HEAD.test(line) && RULED.test(head[at + 1] ?? '') && !/\|/.test(line),
    );
    if (table && /pktmon/i.test(region.file.path)) return 75;
    if (table && head.some((line) => /pktmon\b/i.test(line) || /MAC Address\s+Name/i.test(line)))
      return 65;
    const json = head.some((line) => /"Components"\s*:/.test(line));
    return json && head.some((line) => /"Group"\s*:/.test(line)) ? 85 : 0;
  },
  parse,
};
