import type { HnsNetwork } from '../../model/hns';
import { notChecked, passed, type Outcome, type RuleContext } from '../rule';
import {
  peersOf,
  podNetworkOf,
  routesTo,
  subnetsOf,
  type Peer,
  type RemoteSubnetRoute,
} from './peers';

/** A peer's pod subnet with the policies this node holds for it. */
export interface RemoteSubnet {
  readonly peer: Peer;
  readonly prefix: string;
  readonly network: HnsNetwork;
  readonly routes: readonly RemoteSubnetRoute[];
}

/**
 * What the rules about the content of RemoteSubnetRoutes start from: the subnets of known peers
 * that have a policy. An outcome instead when there is nothing to compare.
 */
export function remoteSubnets({
  snapshot,
  case: theCase,
}: RuleContext): readonly RemoteSubnet[] | Outcome {
  const network = podNetworkOf(snapshot);
  if (network === undefined)
    return notChecked('The overlay network is not in the HNS listing', 'networks');
  const known = peersOf(snapshot, theCase);
  if (known === undefined) return notChecked('The other nodes are not known', 'nodes');
  const subnets = subnetsOf(known.peers, snapshot).flatMap(({ peer, prefix }): RemoteSubnet[] => {
    const routes = routesTo(network, prefix);
    return routes.length === 0 ? [] : [{ peer, prefix, network, routes }];
  });
  return subnets.length === 0 ? passed('There is no RemoteSubnetRoute to a known peer') : subnets;
}

/** Did `remoteSubnets` find something to compare? */
export function isSubnets(
  result: readonly RemoteSubnet[] | Outcome,
): result is readonly RemoteSubnet[] {
  return Array.isArray(result);
}
