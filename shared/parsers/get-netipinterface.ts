import type { IpInterface } from '../model/tcpip';
import { mergeInterfaces } from './interface-merge';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { claimEchoes, hasColumns, printedNumber, printedObjects } from './printed-objects';

const isEnabled = (text: string | undefined): boolean | undefined =>
  text === undefined
    ? undefined
    : /^enabled$/i.test(text)
      ? true
      : /^disabled$/i.test(text)
        ? false
        : undefined;

/** `Get-NetIPInterface` as table or list. Where both families are listed, the IPv4 values count. */
export const getNetIpInterfaceParser: Parser = {
  kind: 'get-netipinterface',
  title: 'Metric, MTU and state of the IP interfaces',
  command: 'Get-NetIPInterface -IncludeAllCompartments',
  recognise: (_region, head) =>
    hasColumns(head, 'interfacealias', 'interfacemetric') ||
    head.some((line) => /\bNlMtu\(Bytes\)/i.test(line))
      ? 88
      : 0,
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /\bGet-NetIPInterface\b/i);
    const v4: IpInterface[] = [];
    const v6: IpInterface[] = [];
    const objects = printedObjects(
      lines,
      account,
      [
        ['interfaceindex', 'ifindex'],
        ['interfacealias'],
        ['nlmtu(bytes)', 'nlmtu', 'interfacemetric', 'connectionstate'],
      ],
      ['destinationprefix', 'ipaddress'],
    );
    for (const object of objects) {
      const ifIndex = printedNumber(object.value('interfaceindex', 'ifindex'));
      if (ifIndex === undefined) {
        account.note('skipped', 'The interface has no readable index', object.line, object.endLine);
        continue;
      }
      (/6/.test(object.value('addressfamily') ?? '') ? v6 : v4).push({
        ifIndex,
        alias: object.value('interfacealias'),
        mtu: printedNumber(object.value('nlmtu(bytes)', 'nlmtu')),
        metric: printedNumber(object.value('interfacemetric')),
        state: object.value('connectionstate'),
        forwarding: isEnabled(object.value('forwarding')),
        addresses: [],
        evidence: [account.at(object.line, object.endLine)],
      });
    }
    if (objects.length === 0) return account.result();
    return account.result({ kind: 'ip-interfaces', items: mergeInterfaces([...v4, ...v6]) });
  },
};
