import { canonicalIp } from '../../model/ip';
import type { KubeService } from '../../model/kubernetes';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { podFamilies } from '../cni/active-config';
import { dnsServices } from '../dns-service';
import { isWholeListing } from '../evidence-lines';
import {
  familyOf,
  loadBalancersFor,
  missingFrontends,
  protocolOf,
  readyBackends,
  type Frontend,
} from '../service-load-balancers';

/** Addresses of a service that need a load balancer of their own here; those of DNS are judged by rules of their own. */
export function clusterFrontends(snapshot: NodeSnapshot, service: KubeService): Frontend[] {
  if (service.headless || service.type === 'ExternalName') return [];
  const dns = dnsServices(snapshot).includes(service);
  // On a node whose pods have one family only, kube-proxy makes no load balancers of the other.
  const families = podFamilies(snapshot);
  return service.clusterIps.flatMap((text) => {
    const vip = canonicalIp(text);
    const family = familyOf(text);
    if (vip === undefined || !families.has(family)) return [];
    return service.ports.flatMap((servicePort): Frontend[] => {
      const protocol = protocolOf(servicePort.protocol);
      if (protocol === undefined || (dns && servicePort.port === 53)) return [];
      const ready = readyBackends(snapshot, service, servicePort, family) ?? [];
      const usable =
        service.internalTrafficPolicy === 'Local'
          ? ready.filter(({ node }) => node?.toLowerCase() === snapshot.node.toLowerCase())
          : ready;
      return usable.length === 0
        ? []
        : [{ service, servicePort, vip, family, port: servicePort.port, protocol }];
    });
  });
}

/** NodePorts that this node serves: one for each family that its pods have. */
export function nodePortFrontends(snapshot: NodeSnapshot): Frontend[] {
  const own = snapshot.node.toLowerCase();
  const families = podFamilies(snapshot);
  return snapshot.cluster.services.flatMap((service) =>
    service.ports.flatMap((servicePort): Frontend[] => {
      const protocol = protocolOf(servicePort.protocol);
      if (servicePort.nodePort === undefined || protocol === undefined) return [];
      const port = servicePort.nodePort;
      const asked = new Set(service.clusterIps.map(familyOf));
      return [...asked].flatMap((family) => {
        if (!families.has(family)) return [];
        const ready = readyBackends(snapshot, service, servicePort, family) ?? [];
        const served =
          service.externalTrafficPolicy === 'Local'
            ? ready.filter(({ node }) => node?.toLowerCase() === own)
            : ready;
        return served.length === 0
          ? []
          : [{ service, servicePort, vip: undefined, family, port, protocol }];
      });
    }),
  );
}

/**
 * Frontends of services (those of DNS on port 53 left out) that have no load balancer; undefined
 * where that cannot be told.
 */
export function missingServiceFrontends(snapshot: NodeSnapshot): Frontend[] | undefined {
  if (!isWholeListing(snapshot, 'hns-load-balancers')) return undefined;
  const { services } = snapshot.cluster;
  if (services.length === 0 || snapshot.cluster.endpoints.length === 0) return undefined;
  const wanted = [
    ...services.flatMap((service) => clusterFrontends(snapshot, service)),
    ...nodePortFrontends(snapshot),
  ];
  return missingFrontends(snapshot, wanted).map(({ frontend }) => frontend);
}

/** Has every load balancer that services need been made, those of DNS too? False where it cannot be told. */
export function allFrontendsServed(snapshot: NodeSnapshot): boolean {
  const families = podFamilies(snapshot);
  const dns = dnsServices(snapshot).every(({ clusterIps, ports }) =>
    clusterIps
      .filter((ip) => families.has(familyOf(ip)))
      .every((ip) =>
        ports.every(({ port, protocol: name }) => {
          const protocol = protocolOf(name);
          const at = { vip: canonicalIp(ip) ?? ip, family: familyOf(ip), port };
          return (
            protocol === undefined || loadBalancersFor(snapshot, { ...at, protocol }).length > 0
          );
        }),
      ),
  );
  return dns && missingServiceFrontends(snapshot)?.length === 0;
}
