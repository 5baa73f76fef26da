import { cidrCovers, cidrText, parseCidr } from '../model/ip';
import { clusterIps } from '../rules/cni/cluster-ranges';
import type { NodeSnapshot } from '../snapshot/node-snapshot';

/** What a NAT exception is held against, and whether it agrees. */
export interface ExceptionRemark {
  readonly same: boolean;
  readonly message: string;
  readonly expected?: string | undefined;
}

/**
 * Holds one exception of OutBoundNAT against the networks that are exempt on such a node: the pod
 * network, the subnet of the nodes, the addresses of services. Undefined for one that is like none of
 * them: sites add their own.
 */
export function exceptionRemark(
  snapshot: NodeSnapshot,
  value: string,
): ExceptionRemark | undefined {
  const known = [
    { from: 'the pod network', text: snapshot.cluster.netConfs[0]?.network?.value },
    { from: 'the subnet of the node', text: snapshot.addresses.managementSubnet?.value },
  ].flatMap(({ from, text }) => {
    const cidr = text === undefined ? undefined : parseCidr(text);
    return cidr === undefined ? [] : [{ from, text: cidrText(cidr) }];
  });
  const equal = known.find(({ text }) => text === value.trim());
  if (equal !== undefined) return { same: true, message: `as ${equal.from}` };
  const cidr = parseCidr(value);
  const services = clusterIps(snapshot);
  if (cidr !== undefined && cidr.length > 0 && services.length > 0) {
    if (services.every((service) => cidrCovers(cidr, service.cidr)))
      return { same: true, message: 'covers the addresses of services' };
  }
  const address = (text: string): string => text.trim().split('/')[0] ?? '';
  const near = known.find(({ text }) => address(text) === address(value));
  return near && { same: false, message: `${near.from} says otherwise`, expected: near.text };
}
