import type { IpInterface } from '../model/tcpip';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { claimEchoes } from './printed-objects';

const DASHES = /^\s*-+(\s+-+){4}\s*$/;
const ROW = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+(?: \S+)*?)(?:\s{2,}(.+?)|\s(\S.*?))\s*$/;

/** `netsh int ipv4 sh int` (mtu.txt): index, metric, MTU, state and name, rows below five groups of dashes. */
export const netshInterfacesParser: Parser = {
  kind: 'netsh-interfaces',
  title: 'MTU, metric and state of the IPv4 interfaces',
  command: 'netsh int ipv4 sh int',
  recognise(region, head) {
    if (
      head.some(
        (line, at) =>
          DASHES.test(line) && (ROW.test(head[at + 1] ?? '') || /\bMTU\b/.test(head[at - 1] ?? '')),
      )
    ) {
      return 90;
    }
    return /(^|[/_-])mtu\.txt$/i.test(region.file.path) ? 35 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /\bnetsh\b.*\bint/i);
    const items: IpInterface[] = [];
    let inTable = false;
    let seen = false;
    lines.forEach(({ n, text }, at) => {
      if (DASHES.test(text)) {
        inTable = true;
        seen = true;
        account.claim((lines[at - 1]?.text ?? '').trim() === '' ? n : n - 1, n);
        return;
      }
      if (!inTable) return;
      const row = ROW.exec(text);
      if (row) {
        account.claim(n);
        items.push({
          ifIndex: Number(row[1]),
          metric: Number(row[2]),
          mtu: Number(row[3]),
          state: row[4],
          alias: row[5] ?? row[6],
          addresses: [],
          evidence: [account.at(n)],
        });
      } else if (/^\s*\d/.test(text)) {
        account.skip('The interface row is cut', n);
      } else if (text.trim() !== '' || items.length > 0) inTable = false;
    });
    return account.result(...(seen ? [{ kind: 'ip-interfaces', items } as const] : []));
  },
};
