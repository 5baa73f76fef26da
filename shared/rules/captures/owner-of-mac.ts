import { macText } from '../../model/ids';
import { parseCidr } from '../../model/ip';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';

/** Whose MAC it is, as far as the node knows: `the default gateway 10.127.130.1`. */
export function ownerOfMac(mac: string, snapshot: NodeSnapshot): string {
  const ips = snapshot.neighbours.filter((each) => each.mac === mac).map(({ ip }) => ip);
  const gateways = new Set(
    snapshot.routes
      .filter(({ destination }) => parseCidr(destination)?.length === 0)
      .map(({ nextHop }) => nextHop),
  );
  const gateway = ips.find((ip) => gateways.has(ip));
  if (gateway !== undefined) return `the default gateway ${gateway}`;
  const [endpoint] = snapshot.links.endpointsByMac.get(mac) ?? [];
  const own = endpoint?.ipAddresses[0];
  if (own !== undefined) return own;
  const [ip] = ips;
  if (ip === undefined) return `${macText(mac)}, which no neighbour of the node has`;
  const node = snapshot.cluster.nodes.find(({ internalIps }) => internalIps.includes(ip));
  return node === undefined ? ip : `node ${node.name}, ${ip}`;
}
