import type { Ipv6Setting } from '../model/tcpip';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { claimEchoes } from './printed-objects';

/** A value that is not set is printed as nothing. `reg query` prints it as `0xff`. */
const LIST = /^\s*DisabledComponents\s*:\s*(-?\d+|0x[0-9a-f]+)?\s*$/i;
const REG = /^\s*DisabledComponents\s+REG_DWORD\s+(0x[0-9a-f]+)\s*$/i;

/** The registry value `DisabledComponents` of Tcpip6: which parts of IPv6 are turned off. */
export const ipv6SettingParser: Parser = {
  kind: 'ipv6-setting',
  title: 'Which parts of IPv6 the registry turns off',
  command:
    'Get-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Tcpip6\\Parameters | select DisabledComponents',
  recognise(region, head) {
    if (head.some((line) => LIST.test(line) || REG.test(line))) return 85;
    return /(^|\/)tcpip\.txt$/i.test(region.file.path) ? 38 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /Tcpip6|DisabledComponents/i);
    const items: Ipv6Setting[] = [];
    for (const { n, text } of lines) {
      const match = LIST.exec(text) ?? REG.exec(text);
      if (!match) continue;
      account.claim(n);
      // Half a number would be another number.
      if (account.endsInside(n)) {
        account.note('truncated', 'The value may be cut', n);
        continue;
      }
      const value = match[1] === undefined ? undefined : Number(match[1]) >>> 0;
      items.push({ disabledComponents: value, evidence: [account.at(n)] });
    }
    return account.result(...(items.length > 0 ? [{ kind: 'ipv6-setting', items } as const] : []));
  },
};
