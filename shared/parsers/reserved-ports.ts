import type { PortReservation } from '../model/tcpip';
import { protocolIn } from './excluded-port-range';
import { LineAccount, pastedLines } from './line-account';
import type { Parser } from './parser';

const ESTIMATE = /\bup to\s+(\d+)\b/i;
const PROBE = /\b(\d+)\b.*\b64\s+ports/i;
const OURS =
  /(reserv\w*|exclu\w*|available|running out).*\b(ranges?|ports?|blocks?)\b|\bports?\b.*(reserv|exclu|running out)/i;
/** A longer line is no sentence; the patterns would try each of its words against all that follow. */
const SENTENCE = 1000;

const isOurs = (line: string): boolean => line.length <= SENTENCE && OURS.test(line);

/**
 * reservedports.txt: an estimate of how many blocks of 64 ports are still free and a trial
 * reservation, each one sentence (collectlogs.ps1 and portReservationTest.ps1). HNS takes such blocks.
 */
export const reservedPortsParser: Parser = {
  kind: 'reserved-ports',
  title: 'How many blocks of 64 ports HNS can still reserve',
  command: '.\\collectlogs.ps1 (reservedports.txt)',
  recognise(region, head) {
    if (head.some((line) => isOurs(line) && PROBE.test(line))) return 85;
    if (head.some((line) => /^\s*ERROR:/.test(line) && isOurs(line))) return 70;
    return /reservedports/i.test(region.file.path) ? 38 : 0;
  },
  parse(region) {
    const account = new LineAccount(region);
    const named = /reservedports/i.test(region.file.path);
    const items: PortReservation[] = [];
    for (const { n, text } of pastedLines(region)) {
      const line = text.trim();
      const ours =
        isOurs(line) && (PROBE.test(line) || ESTIMATE.test(line) || /^(ERROR|WARNING):/.test(line));
      if (line === '' || (!ours && !(named && /^(ERROR|WARNING):/.test(line)))) continue;
      account.claim(n);
      const number = ESTIMATE.exec(line)?.[1] ?? PROBE.exec(line)?.[1];
      items.push({
        protocol: protocolIn(line),
        freeBlocks: number === undefined ? undefined : Number(number),
        error: /^ERROR:/.test(line) || /\b(couldn'?t|could not|can ?not|failed)\b/i.test(line),
        text: line,
        evidence: [account.at(n)],
      });
    }
    return account.result(
      ...(items.length > 0 ? [{ kind: 'port-reservations', items } as const] : []),
    );
  },
};
