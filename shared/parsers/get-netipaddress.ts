import { canonicalIp } from '../model/ip';
import type { IpInterface } from '../model/tcpip';
import { mergeInterfaces } from './interface-merge';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { claimEchoes, hasColumns, printedNumber, printedObjects } from './printed-objects';

/** `Get-NetIPAddress` as list (the default) or table: the addresses of every interface index. */
export const getNetIpAddressParser: Parser = {
  kind: 'get-netipaddress',
  title: 'IP addresses by interface index',
  command: 'Get-NetIPAddress -IncludeAllCompartments',
  recognise: (_region, head) =>
    hasColumns(head, 'ifindex', 'ipaddress', 'prefixlength') ||
    hasColumns(head, 'ipaddress', 'interfaceindex')
      ? 88
      : 0,
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /\bGet-NetIPAddress\b/i);
    const items: IpInterface[] = [];
    const objects = printedObjects(lines, account, [
      ['ipaddress'],
      ['interfaceindex', 'ifindex'],
      ['prefixlength', 'interfacealias', 'addressfamily'],
    ]);
    for (const object of objects) {
      const ifIndex = printedNumber(object.value('interfaceindex', 'ifindex'));
      const address = canonicalIp(object.value('ipaddress') ?? '');
      if (ifIndex === undefined || address === undefined) {
        account.note(
          'skipped',
          'The address or its interface is not readable',
          object.line,
          object.endLine,
        );
        continue;
      }
      items.push({
        ifIndex,
        alias: object.value('interfacealias'),
        addresses: [address],
        evidence: [account.at(object.line, object.endLine)],
      });
    }
    if (objects.length === 0) return account.result();
    return account.result({ kind: 'ip-interfaces', items: mergeInterfaces(items) });
  },
};
