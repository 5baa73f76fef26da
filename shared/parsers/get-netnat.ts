import { cidrText, parseCidr } from '../model/ip';
import type { WindowsNat } from '../model/tcpip';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { claimEchoes, hasColumns, printedObjects } from './printed-objects';

const prefix = (text: string | undefined): string | undefined => {
  const cidr = text === undefined ? undefined : parseCidr(text);
  return cidr && cidrText(cidr);
};

/** `Get-NetNat`: one object for each NAT of Windows; nothing is printed where there is none. */
export const getNetNatParser: Parser = {
  kind: 'get-netnat',
  title: 'NAT of Windows itself',
  command: 'Get-NetNat',
  recognise(region, head) {
    if (hasColumns(head, 'internalipinterfaceaddressprefix')) return 90;
    return /(^|\/)(Get-?NetNat|nat)\.txt$/i.test(region.file.path) ? 38 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /Get-NetNat\b/i);
    const items: WindowsNat[] = [];
    const objects = printedObjects(lines, account, [['internalipinterfaceaddressprefix']]);
    for (const object of objects) {
      const internal = object.value('internalipinterfaceaddressprefix');
      const active = object.value('active');
      if (internal !== undefined && prefix(internal) === undefined) {
        const place = object.at('internalipinterfaceaddressprefix') ?? object;
        account.note('skipped', `${internal} is no prefix`, place.line, place.endLine);
      }
      items.push({
        name: object.value('name') ?? '',
        internalPrefix: prefix(internal),
        externalPrefix: prefix(object.value('externalipinterfaceaddressprefix')),
        active: active === undefined ? undefined : /^true$/i.test(active),
        evidence: [account.at(object.line, object.endLine)],
      });
    }
    return account.result(...(objects.length > 0 ? [{ kind: 'windows-nat', items } as const] : []));
  },
};
