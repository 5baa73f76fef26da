import type { PortRange } from '../model/tcpip';
import { protocolIn } from './excluded-port-range';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { claimEchoes } from './printed-objects';

const VALUE = /^\s*\S.*?\s*:\s*(\d{1,5})\s*$/;
const DASHES = /^\s*-{10,}\s*$/;

/**
 * `netsh int ipv4 sh dynamicportrange tcp|udp`: a title with the protocol, dashes, then first port
 * and number of ports (in this order in every language).
 */
export const dynamicPortRangeParser: Parser = {
  kind: 'dynamic-port-range',
  title: 'Ports that Windows hands out by itself',
  command: 'netsh int ipv4 sh dynamicportrange tcp',
  recognise(region, head) {
    if (head.some((line) => /Dynamic Port Range/i.test(line))) return 92;
    const form = head.some(
      (line, at) =>
        DASHES.test(line) &&
        VALUE.test(head[at + 1] ?? '') &&
        VALUE.test(head[at + 2] ?? '') &&
        protocolIn(head[at - 1] ?? '') !== undefined,
    );
    if (form) return 80;
    return /dynamicportrange/i.test(region.file.path) ? 38 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    claimEchoes(lines, account, /dynamicport/i);
    const items: PortRange[] = [];
    let seen = false;
    lines.forEach(({ n, text }, at) => {
      if (!DASHES.test(text)) return;
      const title = lines[at - 1];
      const protocol = protocolIn(title?.text ?? '');
      if (!title || protocol === undefined) return;
      seen = true;
      const first = lines[at + 1];
      const count = lines[at + 2];
      const from = Number(VALUE.exec(first?.text ?? '')?.[1]);
      const ports = Number(VALUE.exec(count?.text ?? '')?.[1]);
      account.claim(title.n, n);
      // Half a number would be another number.
      const cut = count !== undefined && account.endsInside(count.n);
      if (
        !first ||
        !count ||
        cut ||
        !Number.isFinite(from) ||
        !Number.isFinite(ports) ||
        ports < 1
      ) {
        account.note('truncated', 'The port range is not complete', n);
        return;
      }
      account.claim(first.n, count.n);
      items.push({
        use: 'dynamic',
        protocol,
        from,
        to: from + ports - 1,
        administered: false,
        evidence: [account.at(first.n, count.n)],
      });
    });
    return account.result(
      ...(seen ? [{ kind: 'port-ranges', items, use: 'dynamic' } as const] : []),
    );
  },
};
