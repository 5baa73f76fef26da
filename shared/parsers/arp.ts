import { mac } from '../model/ids';
import { canonicalIp } from '../model/ip';
import type { Neighbour } from '../model/tcpip';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { claimEchoes, hasColumns, printedNumber, printedObjects } from './printed-objects';

/** `Interface: 10.0.0.4 --- 0x18`; the word is translated, the form is not. */
const SECTION = /^\s*\S.*?:\s*([0-9.]+)\s+---\s+0x([0-9a-f]+)\s*$/i;
const ROW = /^\s+(\d{1,3}(?:\.\d{1,3}){3})\s+([0-9a-f]{2}(?:-[0-9a-f]{2}){5})?\s+(\S.*?)\s*$/i;

/** `arp -a` by interface, and `Get-NetNeighbor` as table or list. */
export const arpParser: Parser = {
  kind: 'arp',
  title: 'Neighbours: which MAC address each IP address was seen at',
  command: 'arp -a; Get-NetNeighbor',
  recognise(region, head) {
    if (head.some((line) => SECTION.test(line))) return 92;
    if (hasColumns(head, 'ipaddress', 'linklayeraddress')) return 90;
    return /(^|[/_-])arp\.txt$/i.test(region.file.path) ? 35 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /\b(arp(\.exe)?\s+-a|Get-NetNeighbor)\b/i);
    const items: Neighbour[] = [];
    let section:
      | { readonly address: string | undefined; readonly ifIndex: number; readonly line: number }
      | undefined;
    let seen = false;
    for (const { n, text } of lines) {
      const head = SECTION.exec(text);
      if (head) {
        account.claim(n);
        seen = true;
        section = {
          address: canonicalIp(head[1] ?? ''),
          ifIndex: parseInt(head[2] ?? '', 16),
          line: n,
        };
        continue;
      }
      const row = section && ROW.exec(text);
      const ip = canonicalIp(row?.[1] ?? '');
      if (section && row && ip !== undefined) {
        account.claim(n);
        items.push({
          interfaceAddress: section.address,
          ifIndex: section.ifIndex,
          ip,
          mac: mac(row[2] ?? ''),
          state: row[3],
          evidence: [account.at(n)],
        });
      } else if (section && n === section.line + 1 && text.trim() !== '' && !/\d/.test(text))
        account.claim(n);
      else if (text.trim() === '') section = undefined;
    }
    for (const object of printedObjects(lines, account, [['ipaddress'], ['linklayeraddress']])) {
      seen = true;
      const ip = canonicalIp(object.value('ipaddress') ?? '');
      if (ip === undefined) {
        account.note('skipped', 'The address is not readable', object.line, object.endLine);
        continue;
      }
      items.push({
        ifIndex: printedNumber(object.value('ifindex', 'interfaceindex')),
        ip,
        mac: mac(object.value('linklayeraddress') ?? ''),
        state: object.value('state'),
        evidence: [account.at(object.line, object.endLine)],
      });
    }
    return account.result(...(seen ? [{ kind: 'neighbours', items } as const] : []));
  },
};
