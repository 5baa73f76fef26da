import { canonicalIp } from '../model/ip';
import type { DnsClientSetting } from '../model/tcpip';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { nestedValue } from './powershell/nested-value';
import {
  claimEchoes,
  hasColumns,
  printedNumber,
  printedObjects,
  type PrintedObject,
} from './printed-objects';

/** AddressFamily is printed as a word, or as the number of Windows Sockets. */
const FAMILY: ReadonlyMap<string, 4 | 6> = new Map([
  ['ipv4', 4],
  ['2', 4],
  ['ipv6', 6],
  ['23', 6],
]);

/** `{a, b}` as its words; whether PowerShell cut the list. */
function words(text: string | undefined): { readonly items: readonly string[]; cut: boolean } {
  if (text === undefined) return { items: [], cut: false };
  const value = nestedValue(text);
  if (value.kind !== 'list') return { items: text === '' ? [] : [text], cut: false };
  const items = value.items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
  return { items: items.filter((item) => item !== ''), cut: !value.complete };
}

/**
 * `Get-DnsClientServerAddress` (a table), `Get-DnsClientGlobalSetting` and `Get-DnsClientNrptPolicy`
 * (lists): what the DNS client of the host asks, and whom.
 */
export const dnsClientParser: Parser = {
  kind: 'dns-client',
  title: 'Servers, suffixes and policy of the DNS client',
  command: 'Get-DnsClientServerAddress; Get-DnsClientGlobalSetting; Get-DnsClientNrptPolicy',
  recognise(region, head) {
    if (head.some((line) => /^\s*UseSuffixSearchList\s+:/i.test(line))) return 88;
    if (hasColumns(head, 'interfacealias', 'serveraddresses')) return 88;
    if (head.some((line) => /^\s*InterfaceAlias\s.*\bServerAddresses\b/i.test(line))) return 88;
    return /(^|\/)dnsclient\.txt$/i.test(region.file.path) ? 38 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /Get-DnsClient/i);
    const list = (object: PrintedObject, name: string): readonly string[] => {
      const { items, cut } = words(object.value(name));
      if (cut) account.note('truncated', `${name} is cut`, object.line, object.endLine);
      return items.map((item) => canonicalIp(item) ?? item);
    };
    const at = (object: PrintedObject) => [account.at(object.line, object.endLine)];
    const items: DnsClientSetting[] = [];
    for (const object of printedObjects(lines, account, [['interfacealias'], ['serveraddresses']]))
      items.push({
        kind: 'servers',
        alias: object.value('interfacealias') ?? '',
        ifIndex: printedNumber(object.value('interfaceindex')),
        family: FAMILY.get((object.value('addressfamily') ?? '').toLowerCase()),
        servers: list(object, 'serveraddresses'),
        evidence: at(object),
      });
    for (const object of printedObjects(lines, account, [['suffixsearchlist']])) {
      const used = object.value('usesuffixsearchlist');
      items.push({
        kind: 'suffixes',
        suffixes: list(object, 'suffixsearchlist'),
        used: used === undefined ? undefined : /^true$/i.test(used),
        evidence: at(object),
      });
    }
    for (const object of printedObjects(lines, account, [['namespace'], ['nameservers']])) {
      const spaces = list(object, 'namespace');
      for (const namespace of spaces)
        items.push({
          kind: 'policy',
          namespace,
          servers: list(object, 'nameservers'),
          evidence: at(object),
        });
    }
    return account.result(...(items.length > 0 ? [{ kind: 'dns-client', items } as const] : []));
  },
};
