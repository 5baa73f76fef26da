import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { exactRoutes, widerRoute } from './host-routes';
import type { Peer } from './peers';

/** Clouds by the scheme of a node's providerID. */
export const CLOUD_NAMES: ReadonlyMap<string, string> = new Map([
  ['azure', 'Azure'],
  ['aws', 'AWS'],
  ['gce', 'Google Cloud'],
]);

/** Plugins that no agent sets routes for: somebody else makes them, or the fabric has them. */
const WITHOUT_AGENT: readonly string[] = ['win-bridge', 'sdnbridge'];

/** Does the CNI come without an agent that keeps routes to the pods of other nodes? */
export const isWithoutAgent = (snapshot: NodeSnapshot): boolean =>
  WITHOUT_AGENT.includes(snapshot.mode.cni);

/**
 * The cloud whose fabric takes packets for pods to their nodes, as Google Cloud does for nodes with
 * sdnbridge: the CNI has no agent, the nodes are in a cloud, and the host has no route to the pods of
 * any of them, so that the default route is the way. Undefined where the host should have routes.
 */
export function cloudOfPods(snapshot: NodeSnapshot, peers: readonly Peer[]): string | undefined {
  if (!isWithoutAgent(snapshot)) return undefined;
  const schemes = peers.map(({ providerId }) => providerId?.split('://')[0]?.toLowerCase() ?? '');
  const cloud = schemes.map((scheme) => CLOUD_NAMES.get(scheme)).find((name) => name !== undefined);
  if (cloud === undefined) return undefined;
  const routed = peers
    .flatMap(({ podCidrs }) => podCidrs)
    .some(
      (prefix) =>
        exactRoutes(snapshot, prefix).length > 0 || widerRoute(snapshot, prefix) !== undefined,
    );
  return routed ? undefined : cloud;
}
