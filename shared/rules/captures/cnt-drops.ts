import type { Evidence } from '../../model/evidence';
import type { PacketMonitorCounter, PacketMonitorSample } from '../../model/packet-monitor';
import type { HnsEndpoint, HnsEndpointStatistics } from '../../model/hns';
import type { VSwitchPort } from '../../model/tcpip';
import { endpointRef, fileRef } from '../../snapshot/entity-ref';
import type { Case, NodeSnapshot } from '../../snapshot/node-snapshot';
import { countOf } from '../evidence-lines';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { adapterGrowth } from './adapter-growth';

/** So many packets within the samples; broadcasts and ARP make a few drops on every node. */
const LEAST = 100;
const SHARE = 0.01;

/** What grew at one place between two samples. */
interface Growth {
  readonly where: string;
  readonly dropped: number;
  readonly passed: number;
  readonly why: string | undefined;
  readonly evidence: readonly Evidence[];
  readonly endpoint: HnsEndpoint | undefined;
}

export const rule: Rule = {
  meta: {
    id: 'CNT-DROPS',
    step: 8,
    severity: 'warning',
    title: 'No counter of dropped packets rises',
    description:
      'Holds two samples of the counters of Packet Monitor, of HNS at its endpoints, of the adapters, or of the ports of the vSwitch, against each other: 100 packets and 1 % of all that passed may be dropped between them.',
    impact: 'Packets are lost at the place that counts them: slow or broken connections.',
    needs: [['packetCounters', 'endpointCounters', 'vswitchPorts', 'adapterCounters']],
    falsePositives:
      'Broadcasts and ARP are dropped on healthy nodes. What an ACL drops on purpose is not counted here.',
    references: [
      'https://learn.microsoft.com/windows-server/administration/windows-commands/pktmon-counters',
      'https://github.com/microsoft/retina/tree/main/pkg/plugin/hnsstats',
    ],
  },
  check({ snapshot, case: theCase }) {
    const pairs = monitorPairs(snapshot.packetMonitor.samples);
    const earlier = earlierPorts(snapshot, theCase);
    const endpoints = endpointPairs(snapshot.endpointStatistics);
    const adapters = adapterGrowth(snapshot.adapterStatistics);
    const samples = [...pairs, ...endpoints, ...adapters];
    if (samples.length === 0 && earlier === undefined)
      return notChecked(
        'One sample of counters says nothing of when the drops were: two are needed',
        'packetCounters',
      );
    const grown = [
      ...pairs.flatMap(([first, second]) => monitorGrowth(first, second)),
      ...endpoints.flatMap(([first, second]) => endpointGrowth(first, second, snapshot)),
      ...adapters.map(({ adapter, counter, ...counted }): Growth => ({
        ...counted,
        where: `adapter ${adapter}`,
        why: counter,
        endpoint: undefined,
      })),
      ...snapshot.vswitchPorts.flatMap((port) =>
        portGrowth(earlier?.get(port.name), port, snapshot),
      ),
    ];
    const findings = grown
      .filter(({ dropped, passed }) => dropped >= LEAST && dropped > SHARE * (passed + dropped))
      .sort((a, b) => b.dropped - a.dropped)
      .map(finding);
    return firedOrPassed(
      findings,
      `${countOf(grown.length, 'counter')} of drops in two samples, none of which rises much`,
    );
  },
};

const folderOf = ({ file }: { readonly file: string }): string =>
  file.slice(0, file.lastIndexOf('/') + 1);

/** Samples of one folder, the earlier first. */
function monitorPairs(
  samples: readonly PacketMonitorSample[],
): (readonly [PacketMonitorSample, PacketMonitorSample])[] {
  return samples
    .filter(({ order }) => order === 2)
    .flatMap((second) => {
      const firsts = samples.filter(
        (each) => each.order === 1 && folderOf(each) === folderOf(second),
      );
      const [first] = firsts;
      return first !== undefined && firsts.length === 1 ? [[first, second] as const] : [];
    });
}

const keyOf = ({ component, name, counter }: PacketMonitorCounter): string =>
  `${component ?? name} ${counter}`;

function monitorGrowth(first: PacketMonitorSample, second: PacketMonitorSample): Growth[] {
  const before = new Map(first.counters.map((counter) => [keyOf(counter), counter]));
  const deltas = second.counters.map((counter) => {
    const [into = 0, out = 0] = before.get(keyOf(counter))?.packets ?? [];
    return { counter, packets: [counter.packets[0] - into, counter.packets[1] - out] as const };
  });
  // Counters were set back in between: the difference means nothing.
  if (deltas.some(({ packets }) => packets[0] < 0 || packets[1] < 0)) return [];
  const passedAt = (component: number | undefined): number =>
    Math.max(
      0,
      ...deltas
        .filter(({ counter }) => !counter.drops && counter.component === component)
        .map(({ packets }) => packets[0] + packets[1]),
    );
  const most = Math.max(0, ...deltas.map(({ counter }) => passedAt(counter.component)));
  return deltas
    .filter(({ counter }) => counter.drops)
    .map(({ counter, packets }) => ({
      where: `${counter.name === '' ? 'component' : counter.name} (${counter.component ?? '?'})`,
      dropped: packets[0] + packets[1],
      passed: passedAt(counter.component) || most,
      why: counter.lastDropReason,
      evidence: [...counter.evidence, ...(before.get(keyOf(counter))?.evidence ?? [])],
      endpoint: undefined,
    }));
}

/** Both samples of each endpoint, of one folder. */
function endpointPairs(
  samples: readonly HnsEndpointStatistics[],
): (readonly [HnsEndpointStatistics, HnsEndpointStatistics])[] {
  const keyed = (order: 1 | 2): ReadonlyMap<string, HnsEndpointStatistics> =>
    new Map(
      samples
        .filter((each) => each.order === order)
        .map((each) => [`${folderOf(each)} ${each.endpointId}`, each]),
    );
  const firsts = keyed(1);
  return [...keyed(2)].flatMap(([key, second]) => {
    const first = firsts.get(key);
    return first === undefined ? [] : [[first, second] as const];
  });
}

function endpointGrowth(
  first: HnsEndpointStatistics,
  second: HnsEndpointStatistics,
  { links }: NodeSnapshot,
): Growth[] {
  const grown = (of: 'received' | 'sent' | 'droppedIn' | 'droppedOut'): number =>
    second[of] - first[of];
  const all = [grown('received'), grown('sent'), grown('droppedIn'), grown('droppedOut')];
  // The endpoint was made anew, and counts from zero.
  if (all.some((by) => by < 0)) return [];
  const endpoint = links.endpointById.get(second.endpointId);
  const [into, out] = [grown('droppedIn'), grown('droppedOut')];
  return [
    {
      where: `endpoint ${endpoint?.ipAddresses[0] ?? second.endpointId}`,
      dropped: into + out,
      passed: grown('received') + grown('sent'),
      why: `${into} on the way in, ${out} on the way out`,
      evidence: [...second.evidence, ...first.evidence],
      endpoint,
    },
  ];
}

/** Ports of the snapshot before this one of the same node, by name. */
function earlierPorts(
  snapshot: NodeSnapshot,
  theCase: Case,
): ReadonlyMap<string, VSwitchPort> | undefined {
  const node = theCase.nodes.find(({ snapshots }) => snapshots.includes(snapshot));
  const at = node?.snapshots.indexOf(snapshot) ?? 0;
  const before = node?.snapshots[at - 1];
  if (before === undefined || before.vswitchPorts.length === 0) return undefined;
  return new Map(before.vswitchPorts.map((port) => [port.name, port]));
}

const isDrop = (name: string): boolean => /drop/i.test(name) && !/\bacl\b/i.test(name);
const isPacket = (name: string): boolean =>
  /\bpackets?\b/i.test(name) && !/drop|byte|syn|rst|fin\b/i.test(name);

function portGrowth(
  before: VSwitchPort | undefined,
  port: VSwitchPort,
  { links }: NodeSnapshot,
): Growth[] {
  if (before === undefined) return [];
  const grown = [...port.counters].map(
    ([name, value]) => [name, value - (before.counters.get(name) ?? value)] as const,
  );
  // The port was made anew, and counts from zero.
  if (grown.some(([, by]) => by < 0)) return [];
  const sum = (which: (name: string) => boolean): number =>
    grown.filter(([name]) => which(name)).reduce((all, [, by]) => all + by, 0);
  const worst = grown.filter(([name]) => isDrop(name)).sort((a, b) => b[1] - a[1])[0];
  if (worst === undefined) return [];
  return [
    {
      where: port.friendlyName ?? port.nicFriendlyName ?? `port ${port.name}`,
      dropped: worst[1],
      passed: sum(isPacket),
      why: worst[0],
      evidence: [...port.evidence, ...before.evidence],
      endpoint: [...links.vswitchPortOf].find(([, of]) => of === port)?.[0],
    },
  ];
}

function finding(growth: Growth): FindingDraft {
  const { endpoint } = growth;
  return {
    title: `Packets are being dropped at ${growth.where}`,
    summary: `Between two samples ${growth.dropped} packets were dropped there, and ${growth.passed} passed${growth.why === undefined ? '' : ` (${growth.why})`}.`,
    cause:
      'The counter says where, not why: a filter, a port that is not ready, a MAC or VLAN that is not allowed, or no receiver.',
    remedy: [
      {
        text: 'Log the drops with their reasons while it happens, and open the text here.',
        command:
          'pktmon start --capture --comp all --type drop; <wait>; pktmon stop; pktmon etl2txt PktMon.etl',
        disturbs: 'Nothing.',
        verify: { kind: 'command', command: 'pktmon counters', shows: 'shows no more drops' },
      },
    ],
    entities: [
      ...(endpoint === undefined ? [] : [endpointRef(endpoint)]),
      ...growth.evidence.slice(0, 1).map(({ file }) => fileRef(file)),
    ],
    evidence: growth.evidence,
  };
}
