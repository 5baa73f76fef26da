import type { DnsLookup } from '../../model/system';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { clusterDns, clusterDomain, isDnsPod } from '../dns-service';

/** Lookups from inside of containers, by whom they asked and for what; of each the last one. */
export interface Lookups {
  /** For a name of the cluster, straight at a DNS pod. */
  readonly direct: DnsLookup | undefined;
  /** For a name of the cluster, at the address of the DNS service. */
  readonly viaVip: DnsLookup | undefined;
  /** For a name outside of the cluster, at the DNS service or a DNS pod. */
  readonly external: DnsLookup | undefined;
}

/** No answer came at all: other than "there is no such name", this says that the server is out of reach. */
export const unanswered = ({ ok, message }: DnsLookup): boolean =>
  !ok &&
  !/does not exist|non-existent|nxdomain|no address in the answer|refused/i.test(message ?? '');

/**
 * Sorts the lookups made by hand. A lookup on the node itself is left out: on Server 2019 without
 * its later updates the host does not reach service addresses, so its failure proves nothing.
 */
export function lookupsOf(snapshot: NodeSnapshot): Lookups {
  const vips = clusterDns(snapshot)?.vips ?? [];
  const domain = clusterDomain(snapshot);
  const inCluster = (name: string): boolean => {
    const plain = name.toLowerCase().replace(/\.$/, '');
    return (
      plain.endsWith(`.${domain}`) ||
      plain.endsWith('.svc') ||
      !plain.includes('.') ||
      /^kubernetes\./.test(plain)
    );
  };
  const inside = snapshot.dnsLookups.filter(({ container }) => container !== undefined);
  const toVip = ({ server }: DnsLookup): boolean => server === undefined || vips.includes(server);
  const toPod = ({ server }: DnsLookup): boolean =>
    server !== undefined && !vips.includes(server) && isDnsPod(snapshot, server);
  return {
    direct: inside.findLast((lookup) => inCluster(lookup.name) && toPod(lookup)),
    viaVip: inside.findLast((lookup) => inCluster(lookup.name) && toVip(lookup)),
    external: inside.findLast(
      (lookup) => !inCluster(lookup.name) && (toVip(lookup) || toPod(lookup)),
    ),
  };
}

/** A lookup in words: `kubernetes.default... at 10.96.0.10: timeout`. */
export function lookupText({ name, server, ok, answers, message }: DnsLookup): string {
  const at = server === undefined ? 'the DNS server of the pod' : server;
  return `${name} at ${at}: ${ok ? (answers[0] ?? 'answered') : (message ?? 'no answer')}`;
}
