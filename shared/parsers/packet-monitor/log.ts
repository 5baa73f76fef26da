import type { LineRange } from '../../model/evidence';
import { dropReasonCode } from '../../model/drop-reasons';
import type { DroppedPackets, PacketMonitorComponent } from '../../model/packet-monitor';
import { linesOf, type Parser, type ParseResult, type Region } from '../parser';
import { packetEnds, type PacketEnds } from './packet-ends';

/** `PktGroupId` is not translated where the other words are. */
const PACKET = /\bPktGroupId \d+\s*[,、，]/;
const NUMBERS = /\bPktNumber (\d+)/;
const DROPPED =
  /\bDropReason\s+(.*?)\s*[,、，]\s*DropLocation\s+(0x[0-9A-Fa-f]+|\d+)|\bDropReason\s+(.*?)\s*(?:[,、，]\s*\w+ \d|$)/;
const COMPONENT = /\[Microsoft-Windows-PktMon\]\s+Component (\d+), Type ([^,]*?)\s*, Name (.*\S)/;
const OURS = /\[Microsoft-Windows-PktMon\]/;
const AT = /\bComponent (\d+)/;
/** Different drops that are told apart; a storm repeats the same few. */
const MOST_DROPS = 5000;

type Drop = { -readonly [K in keyof DroppedPackets]: DroppedPackets[K] };

/** A drop of which the packet itself stands on the next line. */
interface Open {
  readonly n: number;
  readonly reason: string;
  readonly location: string | undefined;
  readonly component: number | undefined;
}

class LogReader {
  appearances = 0;
  dropped = 0;
  first = 0;
  untold = 0;
  readonly components: PacketMonitorComponent[] = [];
  readonly drops = new Map<string, Drop>();
  readonly claimed: { line: number; endLine: number }[] = [];
  #open: Open | undefined;
  #inPacket = false;

  constructor(private readonly file: string) {}

  line(n: number, text: string): void {
    if (PACKET.test(text)) return this.#packet(n, text);
    if (OURS.test(text)) {
      this.#closeOpen();
      this.#inPacket = false;
      this.#claim(n);
      const component = COMPONENT.exec(text);
      if (component) this.#component(n, component);
      return;
    }
    // What the packet holds: indented, and for a drop with the word before it.
    if (this.#inPacket && /^\s+\S/.test(text)) {
      this.#claim(n);
      this.#closeOpen(text);
    } else if (text.trim() !== '') this.#inPacket = false;
  }

  end(): void {
    this.#closeOpen();
  }

  #packet(n: number, text: string): void {
    this.#closeOpen();
    this.#claim(n);
    if (this.first === 0) this.first = n;
    this.#inPacket = true;
    this.appearances += 1;
    const found = DROPPED.exec(text);
    if (found === null) return;
    this.dropped += 1;
    const component = AT.exec(text)?.[1];
    this.#open = {
      n,
      reason: found[1] ?? found[3] ?? '',
      location: found[2],
      component: component === undefined ? undefined : Number(component),
    };
  }

  #closeOpen(packet = ''): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    this.#drop(open, packetEnds(packet), packet === '' ? open.n : open.n + 1);
  }

  #drop({ n, reason, location, component }: Open, ends: PacketEnds, endLine: number): void {
    const port = ends.destinationPort ?? '';
    const key = `${reason}|${component}|${ends.source}|${ends.destination}|${port}|${ends.toMany}`;
    const known = this.drops.get(key);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    if (this.drops.size >= MOST_DROPS) {
      this.untold += 1;
      return;
    }
    const evidence = [{ file: this.file, line: n, endLine }];
    const code = dropReasonCode(reason);
    this.drops.set(key, { code, reason, location, component, count: 1, ...ends, evidence });
  }

  #component(n: number, [, id = '', type = '', name = '']: RegExpExecArray): void {
    this.components.push({
      id: Number(id),
      name: `${type} ${name}`.trim(),
      evidence: [{ file: this.file, line: n, endLine: n }],
    });
  }

  #claim(n: number): void {
    const last = this.claimed.at(-1);
    if (last !== undefined && last.endLine >= n - 1) last.endLine = n;
    else this.claimed.push({ line: n, endLine: n });
  }
}

function parse(region: Region): ParseResult {
  const reader = new LogReader(region.file.path);
  for (const { n, text } of linesOf(region)) reader.line(n, text);
  reader.end();
  const line = Math.max(reader.first, region.line);
  const claimed: readonly LineRange[] = reader.claimed;
  if (reader.appearances === 0 && reader.components.length === 0)
    return { facts: [], claimed, notes: [] };
  return {
    facts: [
      ...(reader.appearances > 0
        ? [
            {
              kind: 'pktmon-logs',
              items: [
                {
                  file: region.file.path,
                  appearances: reader.appearances,
                  dropped: reader.dropped,
                  drops: [...reader.drops.values()],
                  evidence: [{ file: region.file.path, line, endLine: line }],
                },
              ],
            } as const,
          ]
        : []),
      ...(reader.components.length > 0
        ? [{ kind: 'pktmon-components', items: reader.components } as const]
        : []),
    ],
    claimed,
    notes:
      reader.untold > 0
        ? [
            {
              line,
              endLine: line,
              message: `${reader.untold} more drops, of other packets than the first ${MOST_DROPS}, are counted and not told apart.`,
              kind: 'info',
            },
          ]
        : [],
  };
}

/**
 * A log of Packet Monitor as text (`pktmon etl2txt`, before `pktmon format`): a line a packet and
 * component (`PktGroupId`, `PktNumber`, `Appearance`, direction, type, component, edge, filter,
 * sizes), for a drop with its reason and location, then the packet in the way of tcpdump.
 * Source: learn.microsoft.com, "Troubleshoot packet drops", and logs in public issues.
 */
export const packetMonitorLogParser: Parser = {
  kind: 'pktmon-log',
  title: 'A log of Packet Monitor as text: packets at each component, and why they were dropped',
  command: 'pktmon etl2txt <file>.etl',
  recognise(_region, head) {
    if (head.some((line) => PACKET.test(line) && NUMBERS.test(line))) return 96;
    return head.some((line) => COMPONENT.test(line)) ? 90 : 0;
  },
  parse,
};
