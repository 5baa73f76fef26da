import type { IpInterface } from '../model/tcpip';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { claimEchoes, printedNumber } from './printed-objects';
import { readObjectLists } from './powershell/object-list';

const HEADING = /^Interface\s+(\S.*?)\s+Parameters\s*$/i;

const switchOf = (text: string | undefined): boolean | undefined =>
  text === undefined
    ? undefined
    : /^enabled/i.test(text)
      ? true
      : /^disabled/i.test(text)
        ? false
        : undefined;

/** The name of the adapter, which collectlogs.ps1 puts into the file's name. */
const nameFromPath = (path: string): string | undefined => /([^/]+)_int\.txt$/i.exec(path)?.[1];

/** `netsh int ipv4 sh int <index>` (`<adapter>_int.txt`): parameters of one interface, forwarding among them. */
export const netshInterfaceParametersParser: Parser = {
  kind: 'netsh-interface-parameters',
  title: 'Parameters of one IPv4 interface (forwarding, weak host, MTU)',
  command: 'netsh int ipv4 sh int <index>',
  recognise(region, head) {
    if (head.some((line) => /^\s*IfLuid\s+:/i.test(line))) return 92;
    if (head.some((line) => HEADING.test(line.trim()))) return 85;
    return nameFromPath(region.file.path) === undefined ? 0 : 38;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /\bnetsh\b.*\bint/i);
    const items: IpInterface[] = [];
    let name = nameFromPath(region.file.path);
    let heading: number | undefined;
    for (const { n, text } of lines) {
      const match = HEADING.exec(text.trim());
      if (match) {
        heading = n;
        name = match[1];
        account.claim(n);
      } else if (heading !== undefined && n === heading + 1 && /^\s*-+\s*$/.test(text))
        account.claim(n);
    }
    for (const object of readObjectLists(lines)) {
      const value = (label: string): string | undefined => object.properties.get(label)?.value;
      if (value('ifluid') === undefined && value('weak host sends') === undefined) continue;
      account.claim(object.line, object.endLine);
      const ifIndex = printedNumber(value('ifindex'));
      if (ifIndex === undefined) {
        account.note('truncated', 'The interface index is missing', object.line, object.endLine);
        continue;
      }
      const forwarding = object.properties.get('forwarding');
      items.push({
        ifIndex,
        alias: name,
        mtu: printedNumber(/^\d+/.exec(value('link mtu') ?? '')?.[0]),
        metric: printedNumber(value('metric')),
        state: value('state'),
        forwarding: switchOf(forwarding?.value),
        addresses: [],
        evidence: [
          ...(forwarding ? [account.at(forwarding.line, forwarding.endLine)] : []),
          account.at(object.line, object.endLine),
        ],
      });
    }
    return account.result(...(items.length > 0 ? [{ kind: 'ip-interfaces', items } as const] : []));
  },
};
