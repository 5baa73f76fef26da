import type { ContainerRef, HostLookup, InsideAsk } from '../ipc/live-action-schemas';
import { canonicalIp, inCidr } from '../model/ip';
import { clusterDns, clusterDomain, dnsPodAddresses } from '../rules/dns-service';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { addressText, backendLegs, INTERNET, vipLegs } from './connection-legs';
import type { ContainerChoice } from './container-choices';

/** Of each kind: each takes seconds, one after another. */
const MOST_OF_A_KIND = 4;
const MOST_DNS_PODS = 2;
/** A name that the answer says nothing of but that the server looks further. */
const OUTSIDE = 'www.msftconnecttest.com.';

/** The name that every cluster has; with its last dot no suffix is tried. */
export const clusterName = (snapshot: NodeSnapshot): string =>
  `kubernetes.default.svc.${clusterDomain(snapshot)}.`;

/** The servers of the cluster's DNS: the addresses of its service, then DNS pods themselves. */
export function dnsServers(
  snapshot: NodeSnapshot,
): readonly { readonly ip: string; readonly kind: 'service' | 'pod' }[] {
  const vips = (clusterDns(snapshot)?.vips ?? []).filter((ip) => canonicalIp(ip) !== undefined);
  const pods = dnsPodAddresses(snapshot)
    .filter((ip) => !vips.includes(ip))
    .slice(0, MOST_DNS_PODS);
  return [
    ...vips.map((ip) => ({ ip, kind: 'service' as const })),
    ...pods.map((ip) => ({ ip, kind: 'pod' as const })),
  ];
}

/** What the node itself asks the cluster's DNS for. */
export function hostLookups(snapshot: NodeSnapshot): readonly HostLookup[] {
  return dnsServers(snapshot).map(({ ip }) => ({ name: clusterName(snapshot), server: ip }));
}

/**
 * What a pod should be able to reach, by the snapshot of its node: pods here and elsewhere at the
 * ports that load balancers send to, services, the internet, and the cluster's DNS by real lookups.
 * Their names are those of ValidateKubernetes where it has such a test, so that its checks judge them.
 */
export function podLegs(
  snapshot: NodeSnapshot,
  { container, addresses }: ContainerChoice,
): readonly InsideAsk[] {
  const from = ` (from ${container.name})`;
  const connect = (name: string, host: string, port: number): InsideAsk => ({
    program: 'curl',
    container,
    test: `${name}${from}`,
    host,
    port,
  });
  const backends = backendLegs(snapshot).filter(
    ({ host }) => !addresses.includes(host) && isPod(snapshot, host),
  );
  const [local, remote] = [false, true].map((far) =>
    eachHost(backends.filter(({ isRemote }) => isRemote === far)).slice(0, MOST_OF_A_KIND),
  );
  return [
    ...(local ?? []).map(({ host, port }) =>
      connect(`Pod should be able to reach local pod ${addressText(host, port)}`, host, port),
    ),
    ...(remote ?? []).map(({ host, port }) =>
      connect(`Pod should be able to reach remote pod ${addressText(host, port)}`, host, port),
    ),
    ...vipLegs(snapshot)
      .slice(0, MOST_OF_A_KIND)
      .map(({ host, port, service }) =>
        connect(
          `Pod should be able to reach service VIP ${addressText(host, port)}${service}`,
          host,
          port,
        ),
      ),
    ...dnsLegs(snapshot, container, from),
    connect(
      `Pod should have internet connectivity to ${addressText(INTERNET.host, INTERNET.port)}`,
      INTERNET.host,
      INTERNET.port,
    ),
  ];
}

/** One port of each pod first: another pod tells more than another port of the same. */
function eachHost<T extends { readonly host: string }>(legs: readonly T[]): readonly T[] {
  const first = [...new Map(legs.toReversed().map((leg) => [leg.host, leg])).values()].reverse();
  return [...first, ...legs.filter((leg) => !first.includes(leg))];
}

/** Backends may be processes of a node as well, such as the API server: those are no pods. */
function isPod(snapshot: NodeSnapshot, host: string): boolean {
  const pods = snapshot.cluster.pods.filter(({ ips }) => ips.includes(host));
  if (pods.length > 0) return pods.every(({ hostNetwork }) => hostNetwork !== true);
  const prefixes = [
    ...snapshot.cluster.nodes.flatMap(({ podCidrs }) => podCidrs),
    ...snapshot.cluster.netConfs.flatMap(({ network }) => (network ? [network.value] : [])),
    ...(snapshot.addresses.podCidr ? [snapshot.addresses.podCidr.value] : []),
  ];
  return prefixes.some((prefix) => inCidr(host, prefix) === true);
}

function dnsLegs(snapshot: NodeSnapshot, container: ContainerRef, from: string): InsideAsk[] {
  const servers = dnsServers(snapshot);
  const name = clusterName(snapshot);
  const ask = (asked: string, server: string, kind: string): InsideAsk => ({
    program: 'nslookup',
    container,
    test: `Pod should resolve ${asked} at DNS ${kind} ${server}${from}`,
    name: asked,
    server,
  });
  const [first] = servers;
  return [
    ...servers.map(({ ip, kind }) => ask(name, ip, kind)),
    ...(first === undefined ? [] : [ask(OUTSIDE, first.ip, first.kind)]),
  ];
}
