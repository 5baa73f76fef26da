import type { Evidence } from '../model/evidence';
import type { NodeSnapshot } from '../snapshot/node-snapshot';

/** One counter with what it stood at in two samples, as far as both were taken. */
export interface CounterSample {
  readonly where: string;
  readonly counter: string;
  readonly first: number | undefined;
  readonly second: number | undefined;
  readonly evidence: readonly Evidence[];
}

/** How much a counter grew; undefined with one sample, or where it was set back in between. */
export function growthOf({ first, second }: CounterSample): number | undefined {
  if (first === undefined || second === undefined || second < first) return undefined;
  return second - first;
}

/** What adapters counted, each counter that is not zero. */
export function adapterSamples({ adapterStatistics }: NodeSnapshot): CounterSample[] {
  return paired(
    adapterStatistics.flatMap(({ adapter, order, file, counters, evidence }) =>
      [...counters].map(([counter, value]) => ({
        folder: folderOf(file),
        where: adapter,
        counter,
        order,
        value,
        evidence,
      })),
    ),
  );
}

/** What HNS counted at its endpoints. */
export function endpointSamples({ endpointStatistics, links }: NodeSnapshot): CounterSample[] {
  return paired(
    endpointStatistics.flatMap((sample) => {
      const { endpointId, order, file, evidence } = sample;
      const where = links.endpointById.get(endpointId)?.ipAddresses[0] ?? endpointId;
      return (
        [
          ['Packets received', sample.received],
          ['Packets sent', sample.sent],
          ['Dropped on the way in', sample.droppedIn],
          ['Dropped on the way out', sample.droppedOut],
        ] as const
      ).map(([counter, value]) => ({
        folder: folderOf(file),
        where,
        counter,
        order,
        value,
        evidence,
      }));
    }),
  );
}

/** What Packet Monitor counted at its components, both ways. */
export function packetMonitorSamples({ packetMonitor }: NodeSnapshot): CounterSample[] {
  return paired(
    packetMonitor.samples.flatMap(({ file, order, counters }) =>
      counters.flatMap(({ component, name, counter, packets, evidence }) =>
        packets.map((value, way) => ({
          folder: folderOf(file),
          where: component === undefined ? name : `${name} (${component})`,
          counter: `${counter} ${way === 0 ? 'in' : 'out'}`,
          order,
          value,
          evidence,
        })),
      ),
    ),
  );
}

interface Counted {
  readonly folder: string;
  readonly where: string;
  readonly counter: string;
  readonly order: 1 | 2;
  readonly value: number;
  readonly evidence: readonly Evidence[];
}

function paired(counted: readonly Counted[]): CounterSample[] {
  const samples = new Map<string, CounterSample>();
  for (const { folder, where, counter, order, value, evidence } of counted) {
    const key = `${folder}\n${where}\n${counter}`;
    const before = samples.get(key);
    samples.set(key, {
      where,
      counter,
      first: order === 1 ? value : before?.first,
      second: order === 2 ? value : before?.second,
      evidence: [...evidence, ...(before?.evidence ?? [])],
    });
  }
  return [...samples.values()].filter(({ first, second }) => (first ?? 0) > 0 || (second ?? 0) > 0);
}

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/') + 1);
