import type { CapturedFlow } from '../../model/capture';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import type { Expectation } from './expected-headers';

/** Addresses that a load balancer may give packets as their source: source VIPs and the node's own. */
export function balancerSources(snapshot: NodeSnapshot): ReadonlySet<string> {
  return new Set(
    [
      snapshot.addresses.managementIp?.value,
      ...snapshot.sourceVips.map(({ address }) => address?.value),
      ...snapshot.loadBalancers.map(({ sourceVip }) => sourceVip),
    ].filter((address) => address !== undefined),
  );
}

/** Does the flow go where one of the rules sends it? */
export const isBackend = ({ headers }: Expectation, { server }: CapturedFlow): boolean =>
  headers.some(({ destinationIp }) => destinationIp === server.address);
