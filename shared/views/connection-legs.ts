import type { ConnectionLeg } from '../ipc/live-action-schemas';
import type { HnsLoadBalancer, PortMapping } from '../model/hns';
import type { NodeSnapshot } from '../snapshot/node-snapshot';

const TCP = 6;
/** Of each kind; the first tell as much as all. */
const MOST_OF_A_KIND = 10;
/** Windows itself connects there to see whether it has the internet. */
export const INTERNET = { host: 'www.msftconnecttest.com', port: 80 };

/**
 * TCP connections that a node should be able to open, by what its snapshot shows: to pods here and
 * elsewhere at the ports that load balancers send to, to VIPs of services (DNS among them), to
 * NodePorts at its own address, and to the internet. Their names are those of ValidateKubernetes
 * where it has such a test.
 */
export function connectionLegs(snapshot: NodeSnapshot): readonly ConnectionLeg[] {
  const backends = backendLegs(snapshot).map(({ isRemote, host, port }) => ({
    isRemote,
    name: `Host should be able to reach ${isRemote ? `backend ${addressText(host, port)} on another node` : `local pod ${addressText(host, port)}`}`,
    ...{ host, port },
  }));
  const kinds = [
    backends.filter(({ isRemote }) => !isRemote),
    backends.filter(({ isRemote }) => isRemote),
    vipLegs(snapshot).map(({ host, port, service }) => ({
      name: `Host should be able to reach the service VIP ${addressText(host, port)}${service}`,
      ...{ host, port },
    })),
    nodePortLegs(snapshot),
  ];
  const found = kinds.flatMap((legs) => legs.slice(0, MOST_OF_A_KIND));
  if (found.length === 0) return [];
  return [
    ...found.map(({ name, host, port }) => ({ name, host, port })),
    {
      name: `Host should reach the internet at ${addressText(INTERNET.host, INTERNET.port)}`,
      ...INTERNET,
    },
  ];
}

interface Target {
  readonly host: string;
  readonly port: number;
}

/** What load balancers send TCP to. */
export function backendLegs(
  snapshot: NodeSnapshot,
): readonly (Target & { readonly isRemote: boolean })[] {
  return distinct(
    tcpMappings(snapshot).flatMap(({ balancer, mapping }) => backends(snapshot, balancer, mapping)),
  );
}

/** The addresses of services for TCP; `service` names it, in brackets, where it is known. */
export function vipLegs(
  snapshot: NodeSnapshot,
): readonly (Target & { readonly service: string })[] {
  return distinct(
    tcpMappings(snapshot).flatMap(({ balancer, mapping: { externalPort: port } }) =>
      port === undefined
        ? []
        : balancer.vips.map((host) => ({ host, port, service: serviceOf(snapshot, balancer) })),
    ),
  );
}

function nodePortLegs(snapshot: NodeSnapshot): readonly ConnectionLeg[] {
  const host = snapshot.addresses.managementIp?.value;
  if (host === undefined) return [];
  return distinct(
    tcpMappings(snapshot).flatMap(({ balancer, mapping: { externalPort: port } }) =>
      port === undefined || balancer.vips.length > 0 || balancer.isIpv6 === true
        ? []
        : [
            {
              name: `Host should be able to reach its NodePort ${addressText(host, port)}${serviceOf(snapshot, balancer)}`,
              ...{ host, port },
            },
          ],
    ),
  );
}

const tcpMappings = (
  snapshot: NodeSnapshot,
): readonly { readonly balancer: HnsLoadBalancer; readonly mapping: PortMapping }[] =>
  snapshot.loadBalancers.flatMap((balancer) =>
    balancer.ports
      .filter(({ protocol }) => protocol === TCP)
      .map((mapping) => ({ balancer, mapping })),
  );

/** An address with its port, as people write it. */
export const addressText = (host: string, port: number): string =>
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
): readonly (Target & { readonly isRemote: boolean })[] {
  if (internalPort === undefined) return [];
  return endpointIds.flatMap((id) => {
    const endpoint = snapshot.links.endpointById.get(id);
    const host = endpoint?.ipAddresses[0];
    return endpoint === undefined || host === undefined
      ? []
      : [{ isRemote: endpoint.isRemote === true, host, port: internalPort }];
  });
}

function distinct<T extends Target>(legs: readonly T[]): readonly T[] {
  return [...new Map(legs.map((leg) => [`${leg.host} ${leg.port}`, leg])).values()];
}
