import type { VSwitchPort } from '../model/tcpip';
import type { Contradiction } from './node-snapshot';

/**
 * A port of the vSwitch that several outputs list (ports.txt as text, vfp/ports.json) is one port:
 * the mention that says most leads, the others fill its gaps. Two MAC addresses of one port are kept
 * as a contradiction.
 */
export function mergePorts(mentions: readonly VSwitchPort[]): {
  readonly items: readonly VSwitchPort[];
  readonly contradictions: readonly Contradiction[];
} {
  const byName = new Map<string, VSwitchPort[]>();
  for (const port of mentions) byName.set(port.name, [...(byName.get(port.name) ?? []), port]);
  const all = [...byName.values()].map((list) =>
    [...list].sort((a, b) => richness(b) - richness(a)),
  );
  return {
    items: all.map((list) => list.reduce(join)),
    contradictions: all.flatMap((list) => macsOf(list)),
  };
}

const richness = (port: VSwitchPort): number =>
  Object.values(port).filter((value) => value !== undefined).length + port.counters.size;

function join(lead: VSwitchPort, other: VSwitchPort): VSwitchPort {
  const filled = Object.fromEntries(
    Object.entries(lead).filter(([, value]) => value !== undefined),
  ) as Partial<VSwitchPort>;
  return {
    ...other,
    ...filled,
    name: lead.name,
    counters: new Map([...other.counters, ...lead.counters]),
    evidence: [...lead.evidence, ...other.evidence],
  };
}

function macsOf(list: readonly VSwitchPort[]): Contradiction[] {
  const values = new Map(
    list.flatMap(({ mac, evidence }) =>
      mac !== undefined && evidence[0] !== undefined ? [[mac, evidence[0]] as const] : [],
    ),
  );
  if (values.size < 2) return [];
  return [
    {
      object: `vSwitch port ${list[0]?.name ?? ''}`,
      field: 'MAC address',
      values: [...values].map(([value, evidence]) => ({ value, evidence })),
    },
  ];
}
