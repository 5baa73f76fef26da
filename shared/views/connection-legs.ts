import type { ConnectionLeg } from '../ipc/live-action-schemas';
import type { HnsLoadBalancer, PortMapping } from '../model/hns';
import type { NodeSnapshot } from '../snapshot/node-snapshot';

const TCP = 6;
/** Of each kind; the first tell as much as all. */
const MOST_OF_A_KIND = 10;
/** Windows itself connects there to see whether it has the internet. */
const INTERNET = { host: 'www.msftconnecttest.com', port: 80 };

/**
 * TCP connections that a node should be able to open, by what its snapshot shows: to pods here and
 * elsewhere at the ports that load balancers send to, to VIPs of services (DNS among them), to
 * NodePorts at its own address, and to the internet. Their names are those of ValidateKubernetes
 * where it has such a test.
 */
export function connectionLegs(snapshot: NodeSnapshot): readonly ConnectionLeg[] {
  const kinds = [[], [], [], []] as ConnectionLeg[][];
  const [local, remote, vips, nodePorts] = kinds;
  for (const balancer of snapshot.loadBalancers) {
    for (const mapping of balancer.ports) {
      if (mapping.protocol !== TCP) continue;
      for (const { isRemote, host, port } of backends(snapshot, balancer, mapping))
        (isRemote ? remote : local)?.push({
          name: `Host should be able to reach ${isRemote ? `backend ${at(host, port)} on another node` : `local pod ${at(host, port)}`}`,
          ...{ host, port },
        });
      const port = mapping.externalPort;
      if (port === undefined) continue;
      for (const host of balancer.vips)
        vips?.push({
          name: `Host should be able to reach the service VIP ${at(host, port)}${serviceOf(snapshot, balancer)}`,
          ...{ host, port },
        });
      const own = snapshot.addresses.managementIp?.value;
      if (balancer.vips.length === 0 && own !== undefined && balancer.isIpv6 !== true)
        nodePorts?.push({
          name: `Host should be able to reach its NodePort ${at(own, port)}${serviceOf(snapshot, balancer)}`,
          ...{ host: own, port },
        });
    }
  }
  const found = kinds.flatMap((legs) => distinct(legs).slice(0, MOST_OF_A_KIND));
  if (found.length === 0) return [];
  return [
    ...found,
    { name: `Host should reach the internet at ${at(INTERNET.host, INTERNET.port)}`, ...INTERNET },
  ];
}

const at = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** ` (kube-system/kube-dns)`; names of services are those that the API allows, or are left out. */
function serviceOf(snapshot: NodeSnapshot, balancer: HnsLoadBalancer): string {
  const service = snapshot.links.serviceOf.get(balancer)?.service;
  if (service === undefined) return '';
  const name = `${service.namespace ?? 'default'}/${service.name}`;
  return /^[a-z0-9./-]{1,120}$/.test(name) ? ` (${name})` : '';
}

function backends(
  snapshot: NodeSnapshot,
  { endpointIds }: HnsLoadBalancer,
  { internalPort }: PortMapping,
): readonly { readonly isRemote: boolean; readonly host: string; readonly port: number }[] {
  if (internalPort === undefined) return [];
  return endpointIds.flatMap((id) => {
    const endpoint = snapshot.links.endpointById.get(id);
    const host = endpoint?.ipAddresses[0];
    return endpoint === undefined || host === undefined
      ? []
      : [{ isRemote: endpoint.isRemote === true, host, port: internalPort }];
  });
}

function distinct(legs: readonly ConnectionLeg[]): readonly ConnectionLeg[] {
  return [...new Map(legs.map((leg) => [`${leg.host} ${leg.port}`, leg])).values()];
}
