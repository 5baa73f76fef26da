import type { Evidence } from '../model/evidence';
import type { EntityRef } from '../model/finding';
import type { HnsEndpoint } from '../model/hns';
import type { VfpDump } from '../model/vfp';
import { endpointRef, vfpPortRef } from '../snapshot/entity-ref';
import type { NodeSnapshot } from '../snapshot/node-snapshot';

/** The VFP port of a pod of this node. */
export interface PodPort {
  readonly endpoint: HnsEndpoint;
  readonly dump: VfpDump;
  readonly port: number;
  /** Name of the pod or its address, for people. */
  readonly name: string;
  readonly ref: EntityRef;
  readonly evidence: Evidence;
}

/**
 * Endpoints of pods of this node: local, on the pod network, and neither the bridge (`*_ep`) nor
 * the source VIP: something of the pod (its object, container, namespace, NIC or NAT policy) is seen.
 */
export function podEndpoints(snapshot: NodeSnapshot): HnsEndpoint[] {
  const { links } = snapshot;
  const network = snapshot.mode.podNetworkId;
  return snapshot.endpoints.filter((e) => {
    if (e.isRemote === true || /_ep$/i.test(e.name ?? '')) return false;
    if (network !== undefined && e.networkId !== undefined && e.networkId !== network) return false;
    const adapter = links.adapterOf.get(e);
    return (
      links.podOf.has(e) ||
      e.sharedContainers.length > 0 ||
      links.namespaceOf.has(e) ||
      (adapter !== undefined && adapter.compartment.id !== 1) ||
      e.policies.some((p) => p.kind === 'outbound-nat')
    );
  });
}

/** How a pod's endpoint is called: its pod, else its address. */
export function podName(snapshot: NodeSnapshot, endpoint: HnsEndpoint): string {
  return snapshot.links.podOf.get(endpoint)?.name ?? endpointRef(endpoint).name;
}

/** VFP ports of the pods of this node. */
export function podPorts(snapshot: NodeSnapshot): PodPort[] {
  return podEndpoints(snapshot).flatMap((endpoint) => {
    const at = snapshot.links.vfpPortOf.get(endpoint);
    const port = at?.dump.ports[at.port];
    if (at === undefined || port === undefined) return [];
    return [
      {
        endpoint,
        dump: at.dump,
        port: at.port,
        name: podName(snapshot, endpoint),
        ref: vfpPortRef(at.dump.file, port.index, port.name),
        evidence: port.evidence,
      },
    ];
  });
}
