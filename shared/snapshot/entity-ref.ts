import type { CniConfig } from '../model/cni';
import type { EntityRef } from '../model/finding';
import { withPort } from '../model/ip';
import type { HnsEndpoint, HnsLoadBalancer, HnsNamespace, HnsNetwork } from '../model/hns';
import { shortGuid } from '../model/ids';
import type { KubeNode, KubePod, KubeService } from '../model/kubernetes';
import type { Adapter, Compartment, Route } from '../model/tcpip';

/** Links to entities: one place that says how an object is keyed and named for people. */

/** By its GUID; named as HNS names it, else by the beginning of the GUID. */
export function networkRef(network: HnsNetwork): EntityRef {
  return { kind: 'network', id: network.id, name: network.name ?? shortGuid(network.id) };
}

/** By its GUID; named by its first address, which is what people look for. */
export function endpointRef(endpoint: HnsEndpoint): EntityRef {
  const name = endpoint.ipAddresses[0] ?? endpoint.name ?? shortGuid(endpoint.id);
  return { kind: 'endpoint', id: endpoint.id, name };
}

/** `10.96.0.10:53/UDP`, or `NodePort 31486/TCP` for a load balancer without a VIP. */
export function loadBalancerName(lb: HnsLoadBalancer): string {
  const port = lb.ports[0];
  const protocol = protocolName(port?.protocol);
  const suffix = `${port?.externalPort === undefined ? '' : String(port.externalPort)}${protocol === '' ? '' : `/${protocol}`}`;
  if (lb.vips.length === 0)
    return suffix === ''
      ? `load balancer ${shortGuid(lb.id)}`
      : `NodePort ${suffix}${lb.isIpv6 === true ? ' (IPv6)' : ''}`;
  const [vip = ''] = lb.vips;
  if (suffix !== '' && lb.vips.length === 1) return withPort(vip, suffix);
  return `${lb.vips.join(', ')}${suffix === '' ? '' : `:${suffix}`}`;
}

/** By its GUID; named by VIP and port or NodePort. */
export function loadBalancerRef(lb: HnsLoadBalancer): EntityRef {
  return { kind: 'load-balancer', id: lb.id, name: loadBalancerName(lb) };
}

/** `TCP`, `UDP`, or the number; '' when not known. */
export function protocolName(protocol: number | undefined): string {
  if (protocol === undefined) return '';
  return protocol === 6
    ? 'TCP'
    : protocol === 17
      ? 'UDP'
      : protocol === 1
        ? 'ICMP'
        : String(protocol);
}

/** By its GUID, which is all the name it has. */
export function namespaceRef(namespace: HnsNamespace): EntityRef {
  return { kind: 'namespace', id: namespace.id, name: shortGuid(namespace.id) };
}

/** By its number: compartments have no GUID in the listings. */
export function compartmentRef(compartment: Compartment): EntityRef {
  return { kind: 'compartment', id: String(compartment.id), name: `compartment ${compartment.id}` };
}

/** By compartment and name: a name may stand in several compartments. */
export function adapterRef(adapter: Adapter): EntityRef {
  return { kind: 'adapter', id: `${adapter.compartment}/${adapter.name}`, name: adapter.name };
}

/** By destination, next hop and interface, which together tell routes of a table apart. */
export function routeRef(route: Route): EntityRef {
  return {
    kind: 'route',
    id: `${route.destination} ${route.nextHop} ${route.ifIndex ?? route.interfaceAddress ?? ''}`.trim(),
    name: `${route.destination} via ${route.nextHop}`,
  };
}

/** A VFP port by the name of its dump; rule and group ids are `<dump file>#<index>`. */
export function vfpPortRef(file: string, index: number, name: string): EntityRef {
  return {
    kind: 'vfp-port',
    id: `${file}#${index}`,
    name: name === '' ? 'port of the fragment' : shortGuid(name),
  };
}

/** A rule of a VFP dump by its place in it: names of rules recur on every port. */
export function vfpRuleRef(file: string, index: number, name: string): EntityRef {
  return { kind: 'vfp-rule', id: `${file}#${index}`, name };
}

/** A group of a VFP dump by its place in it: every port has groups of the same names. */
export function vfpGroupRef(file: string, index: number, name: string): EntityRef {
  return { kind: 'vfp-group', id: `${file}#${index}`, name };
}

/** By namespace and name; by the name alone where the listing has no namespace. */
export function serviceRef(service: KubeService): EntityRef {
  const name =
    service.namespace === undefined ? service.name : `${service.namespace}/${service.name}`;
  return { kind: 'service', id: name, name };
}

/** By namespace and name; shown by the name alone. */
export function podRef(pod: KubePod): EntityRef {
  const id = pod.namespace === undefined ? pod.name : `${pod.namespace}/${pod.name}`;
  return { kind: 'pod', id, name: pod.name };
}

/** A node of the cluster by the name that Kubernetes knows it by. */
export function nodeRef(node: KubeNode): EntityRef {
  return { kind: 'node', id: node.name, name: node.name };
}

/** By its file; named by the `name` in it, which is that of the HNS network. */
export function cniConfigRef(config: CniConfig): EntityRef {
  return { kind: 'cni-config', id: config.file, name: config.name?.value ?? config.file };
}

/** A file of the bundle by its path; shown by its last part. */
export function fileRef(path: string): EntityRef {
  return { kind: 'file', id: path, name: path.split('/').pop() ?? path };
}

/** A log of the bundle by its path, where its entries matter and not the file. */
export function logRef(path: string): EntityRef {
  return { kind: 'log', id: path, name: path.split('/').pop() ?? path };
}

/** By the name of the program, in any case: Windows does not distinguish it. */
export function processRef(name: string): EntityRef {
  return { kind: 'process', id: name.toLowerCase(), name };
}

/** By the name of the service (not what it displays), in any case. */
export function windowsServiceRef(name: string): EntityRef {
  return { kind: 'windows-service', id: name.toLowerCase(), name };
}
