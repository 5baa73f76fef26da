import type { Evidence } from '../../model/evidence';
import type { AdapterStatistics } from '../../model/tcpip';

/** What one adapter dropped and passed between two samples. */
export interface AdapterGrowth {
  readonly adapter: string;
  readonly dropped: number;
  readonly passed: number;
  /** The counter that grew most. */
  readonly counter: string;
  readonly evidence: readonly Evidence[];
}

const LOSS = /(Discarded\w*Packets|PacketErrors)$/i;
const PACKETS = /^(Received|Sent)(Unicast|Multicast|Broadcast)Packets$/i;

/** Growth of the counters of drops of each adapter that has two samples in one folder. */
export function adapterGrowth(statistics: readonly AdapterStatistics[]): AdapterGrowth[] {
  const folder = ({ file }: AdapterStatistics): string => file.slice(0, file.lastIndexOf('/') + 1);
  return statistics
    .filter(({ order }) => order === 2)
    .flatMap((second): AdapterGrowth[] => {
      const firsts = statistics.filter(
        (each) =>
          each.order === 1 && each.adapter === second.adapter && folder(each) === folder(second),
      );
      const [first] = firsts;
      if (first === undefined || firsts.length > 1) return [];
      const grown = [...second.counters].map(
        ([name, value]) => [name, value - (first.counters.get(name) ?? value)] as const,
      );
      // The adapter was started anew in between: the difference means nothing.
      if (grown.some(([, by]) => by < 0)) return [];
      const losses = grown.filter(([name]) => LOSS.test(name)).sort((a, b) => b[1] - a[1]);
      const [worst] = losses;
      if (worst === undefined) return [];
      return [
        {
          adapter: second.adapter,
          dropped: losses.reduce((sum, [, by]) => sum + by, 0),
          passed: grown.filter(([name]) => PACKETS.test(name)).reduce((sum, [, by]) => sum + by, 0),
          counter: worst[0],
          evidence: [...second.evidence, ...first.evidence],
        },
      ];
    });
}
