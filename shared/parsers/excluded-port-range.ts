import type { PortRange } from '../model/tcpip';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';
import { promptAt } from './powershell/prompt';

const DASHES = /^\s*-{5,}\s+-{5,}\s*$/;
const ROW = /^\s*(\d{1,5})\s+(\d{1,5})(?:\s+(\*))?\s*$/;
const FOOTER = /^\s*\*\s+-\s/;

/**
 * The protocol that a heading of netsh names, whatever the language around it; undefined where
 * it names none.
 */
export const protocolIn = (text: string): 'tcp' | 'udp' | undefined => {
  const word = /\b(tcp|udp)\b/i.exec(text)?.[1]?.toLowerCase();
  return word === 'tcp' || word === 'udp' ? word : undefined;
};

/**
 * `netsh int ipv4 sh excludedportrange tcp|udp`: rows of two ports below two groups of dashes; `*`
 * marks an exclusion that an administrator made. Titles are translated, or lost in copying.
 */
export const excludedPortRangeParser: Parser = {
  kind: 'excluded-port-range',
  title: 'Ports that are reserved and cannot be bound',
  command: 'netsh int ipv4 sh excludedportrange tcp',
  recognise(region, head) {
    if (head.some((line) => /Port Exclusion Ranges/i.test(line))) return 92;
    if (head.some((line, at) => DASHES.test(line) && ROW.test(head[at + 1] ?? ''))) return 80;
    return /excludedportrange/i.test(region.file.path) ? 38 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const lines = pastedLines(region);
    const items: PortRange[] = [];
    let protocol: 'tcp' | 'udp' | undefined;
    let inTable = false;
    let sections = 0;
    lines.forEach(({ n, text }, at) => {
      const command = promptAt(text)?.command;
      if (command !== undefined) {
        inTable = false;
        if (!/excludedportrange/i.test(command)) return;
        account.claim(n);
        protocol = protocolIn(command);
      } else if (/Port Exclusion Ranges/i.test(text)) {
        account.claim(n);
        sections += 1;
        protocol = protocolIn(text);
      } else if (DASHES.test(text)) {
        inTable = true;
        sections += 1;
        account.claim((lines[at - 1]?.text ?? '').trim() === '' ? n : n - 1, n);
        const title = lines.slice(Math.max(0, at - 4), Math.max(0, at - 1)).reverse();
        const titled = title.find(
          (line) => !promptAt(line.text) && protocolIn(line.text) !== undefined,
        );
        if (titled) {
          protocol = protocolIn(titled.text);
          account.claim(titled.n);
        }
      } else if (inTable && ROW.test(text) && account.endsInside(n)) {
        account.skip('The file ends inside of this row', n);
      } else if (inTable && ROW.test(text)) {
        const row = ROW.exec(text);
        account.claim(n);
        const from = Number(row?.[1]);
        const to = Number(row?.[2]);
        // Windows prints such rows where two exclusions overlap; they still tell what is taken.
        if (to < from)
          account.note('guessed', `The range ends before it starts (${from} to ${to})`, n);
        items.push({
          use: 'excluded',
          protocol,
          from: Math.min(from, to),
          to: Math.max(from, to),
          administered: row?.[3] !== undefined,
          evidence: [account.at(n)],
        });
      } else if (inTable && FOOTER.test(text)) account.claim(n);
      else if (inTable && /^\s*\d+\s*$/.test(text)) account.skip('The port range is cut', n);
    });
    return account.result(
      ...(sections > 0 ? [{ kind: 'port-ranges', items, use: 'excluded' } as const] : []),
    );
  },
};
