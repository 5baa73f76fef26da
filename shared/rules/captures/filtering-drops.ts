import type { FilteringDrop } from '../../model/filtering';
import { inCidr, withPort } from '../../model/ip';
import { endpointRef, fileRef, protocolName } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { countOf, someOf } from '../evidence-lines';
import { fired, notChecked, passed, type FindingDraft, type Outcome } from '../rule';
import { podAddresses } from './packet-drops';

/** A filter that means it drops again when the packet is sent again. */
const LEAST_OUT = 3;
/** What comes in for a port that nobody listens on is dropped, too: a few are nothing. */
const LEAST_IN = 10;

const TO_MANY = ['224.0.0.0/4', '255.255.255.255/32', 'ff00::/8'] as const;

/**
 * What the Windows Filtering Platform recorded of packets of pods. Packets that pods send or the
 * node forwards are meant to pass; those that come in are told of as an information, since a port
 * without a listener drops, too.
 */
export function judgeFilteringDrops(snapshot: NodeSnapshot): Outcome {
  const isPods = podAddresses(snapshot);
  if (isPods === undefined)
    return notChecked('Which addresses are those of pods is not known', 'endpoints');
  const all = snapshot.filteringDrops;
  const ofPods = all.filter(
    ({ local, remote, loopback }) =>
      !loopback &&
      [local, remote].some((ip) => ip !== undefined && isPods(ip)) &&
      ![local, remote].some((ip) => ip !== undefined && isToMany(ip)),
  );
  const out = ofPods.filter(({ direction, count }) => direction !== 'in' && count >= LEAST_OUT);
  const into = ofPods.filter(({ direction, count }) => direction === 'in' && count >= LEAST_IN);
  if (out.length === 0 && into.length === 0)
    return passed(
      `${total(ofPods)} of pods, too few to mean anything, among ${countOf(total(all), 'packet')} that the Windows Filtering Platform dropped`,
    );
  return fired(
    ...(out.length > 0 ? [finding(snapshot, out, 'out')] : []),
    ...(into.length > 0 ? [finding(snapshot, into, 'in')] : []),
  );
}

const isToMany = (ip: string): boolean => TO_MANY.some((cidr) => inCidr(ip, cidr) === true);

const total = (drops: readonly FilteringDrop[]): number =>
  drops.reduce((sum, { count }) => sum + count, 0);

function finding(
  snapshot: NodeSnapshot,
  drops: readonly FilteringDrop[],
  way: 'in' | 'out',
): FindingDraft {
  const worst = drops.toSorted((a, b) => b.count - a.count);
  const filters = [...new Set(worst.flatMap(({ filterId }) => filterId ?? []))];
  const [first] = worst;
  const what =
    way === 'out'
      ? 'A Windows filter drops packets of pods'
      : 'Packets to pods are dropped by a Windows filter';
  return {
    ...(way === 'in' ? { severity: 'info' as const } : {}),
    title: first === undefined ? what : `${what}: ${pathOf(first)}`,
    summary: `${countOf(total(drops), 'packet')} dropped: ${someOf(worst.map(dropText))}.`,
    cause:
      way === 'out'
        ? 'A rule of the Windows firewall, or a filter of another product, denies them.'
        : 'A rule of the Windows firewall denies them, or no program listens on the port: Windows drops those by a filter, too.',
    remedy: [
      {
        text:
          filters.length === 0
            ? 'Look the filter up among all filters of the node.'
            : `Look up filter ${filters.slice(0, 3).join(', ')}: its name says whose it is.`,
        command: 'netsh wfp show filters file=-',
        disturbs: 'Nothing.',
        verify: {
          kind: 'command',
          command: 'netsh wfp show netevents file=-',
          shows: 'shows no new drop by this filter',
        },
      },
    ],
    entities: [
      ...[...new Set(worst.flatMap(({ local, remote }) => [local ?? '', remote ?? '']))]
        .flatMap((ip) => snapshot.links.endpointsByIp.get(ip) ?? [])
        .slice(0, 6)
        .map(endpointRef),
      ...worst.slice(0, 1).flatMap(({ evidence }) => evidence.map(({ file }) => fileRef(file))),
    ],
    evidence: worst.slice(0, 5).flatMap(({ evidence }) => evidence),
  };
}

const end = (ip: string | undefined, port: number | undefined): string =>
  ip === undefined ? '?' : port === undefined || port === 0 ? ip : withPort(ip, port);

function pathOf({ direction, local, localPort, remote, remotePort }: FilteringDrop): string {
  return direction === 'in'
    ? `${end(remote, undefined)} to ${end(local, localPort)}`
    : `${end(local, undefined)} to ${end(remote, remotePort)}`;
}

function dropText(drop: FilteringDrop): string {
  const { count, protocol, filterId, program } = drop;
  const by = [
    ...(protocol === undefined ? [] : [protocolName(protocol)]),
    ...(filterId === undefined ? [] : [`filter ${filterId}`]),
    ...(program === undefined ? [] : [program]),
  ].join(', ');
  return `${count} from ${pathOf(drop)}${by === '' ? '' : ` (${by})`}`;
}
