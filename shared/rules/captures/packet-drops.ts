import { dropReasonText } from '../../model/drop-reasons';
import type { EntityRef } from '../../model/finding';
import { inCidr, withPort } from '../../model/ip';
import type { DroppedPackets } from '../../model/packet-monitor';
import { endpointRef, fileRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { countOf, someOf } from '../evidence-lines';
import { fired, notChecked, passed, type FindingDraft, type Outcome } from '../rule';

/** The reasons a rule is about, and which of the packets. */
export interface DropQuestion {
  /** PKTMON_DROP_REASON. */
  readonly codes: readonly number[];
  /** So many packets, to tell a fault from what happens now and then. */
  readonly least?: number;
  /** Only packets to an endpoint that this node has. */
  readonly toOwnEndpoint?: boolean;
}

const TUNNEL_PORT = 4789;

/**
 * The outcome of a rule about drop reasons. Looks at packets to one receiver that pods are concerned
 * with: by their addresses, or in a tunnel. What goes to everybody, and the traffic of the host
 * alone, is dropped on healthy nodes too.
 */
export function judgeDrops(
  snapshot: NodeSnapshot,
  question: DropQuestion,
  draft: (who: string) => Pick<FindingDraft, 'title' | 'cause' | 'remedy'>,
): Outcome {
  const { logs } = snapshot.packetMonitor;
  const appearances = logs.reduce((sum, log) => sum + log.appearances, 0);
  const drops = logs.flatMap((log) => log.drops);
  if (drops.length === 0)
    return notChecked(
      `The log shows ${countOf(appearances, 'packet')} and no drop of any kind: it may hold flows only`,
      'packetLog',
    );
  const isPods = podAddresses(snapshot);
  if (isPods === undefined)
    return notChecked('Which addresses are those of pods is not known', 'endpoints');
  const asked = drops.filter(({ code }) => code !== undefined && question.codes.includes(code));
  const shown = asked.filter(({ source, toMany }) => source !== undefined && !toMany);
  const concerned = shown.filter((drop) =>
    question.toOwnEndpoint === true ? isOwnEndpoint(snapshot, drop) : concernsPods(drop, isPods),
  );
  const count = total(concerned);
  if (count >= (question.least ?? 1) && count > 0)
    return fired(finding(snapshot, concerned, draft));
  const hidden = total(asked.filter(({ source, toMany }) => source === undefined && !toMany));
  if (hidden >= (question.least ?? 1) && hidden > 0)
    return notChecked(
      `${countOf(hidden, 'packet')} dropped for such a reason, of which the log does not show the addresses`,
      'packetLog',
    );
  const unknown = total(drops.filter(({ code }) => code === undefined));
  return passed(
    `${passedText(count, total(asked))} among ${countOf(total(drops), 'dropped packet')}${unknown > 0 ? `; the reasons of ${unknown} are not known here` : ''}`,
  );
}

const passedText = (concerned: number, all: number): string =>
  concerned > 0
    ? `${concerned} for such a reason, too few to mean anything,`
    : all > 0
      ? `${all} for such a reason, none of them of pods,`
      : 'none for such a reason';

const total = (drops: readonly DroppedPackets[]): number =>
  drops.reduce((sum, { count }) => sum + count, 0);

const concernsPods = (
  { source, sourcePort, destination, destinationPort }: DroppedPackets,
  isPods: (address: string) => boolean,
): boolean =>
  sourcePort === TUNNEL_PORT ||
  destinationPort === TUNNEL_PORT ||
  [source, destination].some((address) => address !== undefined && isPods(address));

function isOwnEndpoint(snapshot: NodeSnapshot, { destination }: DroppedPackets): boolean {
  const endpoints = snapshot.links.endpointsByIp.get(destination ?? '') ?? [];
  return endpoints.some(({ isRemote }) => isRemote !== true);
}

/** Whether an address belongs to a pod or service, as far as anything tells; undefined where nothing does. */
export function podAddresses(snapshot: NodeSnapshot): ((address: string) => boolean) | undefined {
  const { pods, services } = snapshot.cluster;
  const cidr = snapshot.addresses.podCidr?.value;
  if (snapshot.endpoints.length === 0 && pods.length === 0 && cidr === undefined) return undefined;
  const own = snapshot.addresses.managementIp?.value;
  const known = new Set([
    ...snapshot.endpoints.flatMap(({ ipAddresses }) => ipAddresses),
    ...pods.filter(({ hostNetwork }) => hostNetwork !== true).flatMap(({ ips }) => ips),
    ...services.flatMap(({ clusterIps }) => clusterIps),
  ]);
  return (address) =>
    address !== own &&
    (known.has(address) || (cidr !== undefined && inCidr(address, cidr) === true));
}

function finding(
  snapshot: NodeSnapshot,
  drops: readonly DroppedPackets[],
  draft: (who: string) => Pick<FindingDraft, 'title' | 'cause' | 'remedy'>,
): FindingDraft {
  const worst = drops.toSorted((a, b) => b.count - a.count);
  const [first] = worst;
  return {
    ...draft(first === undefined ? '' : pathOf(first)),
    summary: `${countOf(total(drops), 'packet')} dropped: ${someOf(worst.map((drop) => dropText(snapshot, drop)))}.`,
    entities: entitiesOf(snapshot, worst),
    evidence: worst.slice(0, 5).flatMap(({ evidence }) => evidence),
  };
}

const end = (address: string | undefined, port: number | undefined): string =>
  address === undefined ? '?' : port === undefined ? address : withPort(address, port);

const pathOf = ({ source, destination, destinationPort }: DroppedPackets): string =>
  `${end(source, undefined)} to ${end(destination, destinationPort)}`;

function dropText(snapshot: NodeSnapshot, drop: DroppedPackets): string {
  const { components } = snapshot.packetMonitor;
  const at = components.find(({ id }) => id === drop.component)?.name;
  const where =
    drop.component === undefined
      ? ''
      : ` at component ${drop.component}${at === undefined ? '' : `, ${at}`}`;
  const why = drop.code === undefined ? drop.reason : dropReasonText(drop.code);
  return `${drop.count} from ${pathOf(drop)}${where} (${why})`;
}

function entitiesOf(snapshot: NodeSnapshot, drops: readonly DroppedPackets[]): EntityRef[] {
  const addresses = drops.flatMap(({ source, destination }) => [source, destination]);
  const refs = [...new Set(addresses)]
    .flatMap((address) => snapshot.links.endpointsByIp.get(address ?? '') ?? [])
    .map(endpointRef);
  const files = [...new Set(drops.flatMap(({ evidence }) => evidence.map(({ file }) => file)))];
  return [...refs.slice(0, 6), ...files.map(fileRef)];
}

/** The log that the rules about drops need, made anew after the remedy. */
export const traceAgain = (shows: string) =>
  ({
    kind: 'command',
    command:
      'pktmon start --capture --comp all; <reproduce>; pktmon stop; pktmon etl2txt PktMon.etl',
    shows,
  }) as const;

export const DROP_REFERENCES = [
  'https://github.com/microsoft/retina/blob/main/pkg/metrics/types_windows.go',
  'https://learn.microsoft.com/windows-server/administration/windows-commands/pktmon-etl2txt',
] as const;
