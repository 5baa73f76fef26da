import { macText } from '../../model/ids';
import { parseCidr } from '../../model/ip';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';

/** Whose MAC it is, as far as the node knows: `the default gateway 10.127.130.1 (00-…)`. */
export function ownerOfMac(mac: string, snapshot: NodeSnapshot): string {
  const shown = macText(mac);
  const ips = snapshot.neighbours.filter((each) => each.mac === mac).map(({ ip }) => ip);
  const gateways = new Set(
    snapshot.routes
      .filter(({ destination }) => parseCidr(destination)?.length === 0)
      .map(({ nextHop }) => nextHop),
  );
  const gateway = ips.find((ip) => gateways.has(ip));
  if (gateway !== undefined) return `the default gateway ${gateway} (${shown})`;
  const [endpoint] = snapshot.links.endpointsByMac.get(mac) ?? [];
  const own = endpoint?.ipAddresses[0];
  if (own !== undefined) return `${own} (${shown})`;
  const [ip] = ips;
  if (ip === undefined) return `${shown}, which no neighbour of the node has`;
  const node = snapshot.cluster.nodes.find(({ internalIps }) => internalIps.includes(ip));
  return node === undefined ? `${ip} (${shown})` : `node ${node.name}, ${ip} (${shown})`;
}
