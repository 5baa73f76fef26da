import { canonicalIp, parseIp } from '../model/ip';
import type { Route } from '../model/tcpip';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { claimEchoes, hasColumns, printedNumber, printedObjects } from './printed-objects';

/** Address and length as PowerShell prints them, canonical; undefined when the prefix was cut. */
function prefixOf(text: string | undefined): string | undefined {
  const [address = '', length = ''] = (text ?? '').split('/');
  const ip = canonicalIp(address);
  return ip !== undefined && /^\d{1,3}$/.test(length) ? `${ip}/${length}` : undefined;
}

/**
 * `Get-NetRoute` as table or list. Columns may be dropped at the right and a narrow header wraps
 * vertically (`if` / `Me` / `tr` / `ic`). The unspecified next hop means on-link.
 */
export const getNetRouteParser: Parser = {
  kind: 'get-netroute',
  title: 'Routes of all compartments by interface index',
  command: 'Get-NetRoute -IncludeAllCompartments',
  recognise(region, head) {
    if (hasColumns(head, 'destinationprefix', 'nexthop')) return 90;
    return /(^|[/_-])routes?\.txt$/i.test(region.file.path) ? 25 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /\bGet-NetRoute\b/i);
    const items: Route[] = [];
    const objects = printedObjects(lines, account, [['destinationprefix'], ['nexthop']]);
    for (const object of objects) {
      if (account.endsInside(object.endLine)) {
        account.note('truncated', 'The file ends in the middle of this route', object.endLine);
        continue;
      }
      const destination = prefixOf(object.value('destinationprefix'));
      const hop = parseIp(object.value('nexthop') ?? '');
      if (destination === undefined || hop === undefined) {
        account.note(
          'skipped',
          'The route has no readable destination or next hop',
          object.line,
          object.endLine,
        );
        continue;
      }
      items.push({
        destination,
        nextHop:
          hop.value === 0n ? 'on-link' : (canonicalIp(object.value('nexthop') ?? '') ?? 'on-link'),
        ifIndex: printedNumber(object.value('ifindex', 'interfaceindex')),
        routeMetric: printedNumber(object.value('routemetric')),
        interfaceMetric: printedNumber(object.value('ifmetric', 'interfacemetric')),
        persistent: /^Persistent/i.test(object.value('policystore', 'store') ?? ''),
        source: 'Get-NetRoute',
        evidence: [account.at(object.line, object.endLine)],
      });
    }
    return account.result(...(objects.length > 0 ? [{ kind: 'routes', items } as const] : []));
  },
};
