import type { FlowQuestionView } from '../../ipc/flow-question';
import type { EntityKind } from '../../model/finding';
import type { HnsEndpoint, HnsLoadBalancer } from '../../model/hns';
import { canonicalIp, nthAddress, parseCidr } from '../../model/ip';
import type { KubeService } from '../../model/kubernetes';
import { dnsVips } from '../../rules/dns-service';
import { podEndpoints } from '../../rules/pod-endpoints';
import { podRef, protocolName, routeRef, serviceRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import type { ViewContext } from '../../inspect/view-context';
import { vfpObject } from '../../tables/vfp-tables';
import { INTERNET, listeningPort, withPort } from './flow-choices';

type Question = FlowQuestionView;

/** How an endpoint is named in a question: by its pod, or by its address. */
export function endpointEnd(snapshot: NodeSnapshot, endpoint: HnsEndpoint): string | undefined {
  const pod = snapshot.links.podOf.get(endpoint);
  return pod === undefined ? endpoint.ipAddresses[0] : podRef(pod).id;
}

/** The pod that asks where a question names only its destination: of the same address family. */
export function askingPod(snapshot: NodeSnapshot, but?: string): string | undefined {
  const pods = podEndpoints(snapshot).filter(({ ipAddresses }) => ipAddresses.length > 0);
  const [first] = pods.filter(({ ipAddresses }) => !ipAddresses.includes(but ?? ''));
  const chosen = first ?? pods[0];
  return chosen && endpointEnd(snapshot, chosen);
}

/** The flow that shows most of an object; undefined for what no packet comes to. */
export function flowAboutObject(
  context: ViewContext,
  kind: EntityKind,
  id: string,
): Question | undefined {
  const { snapshot } = context;
  const { links, cluster } = snapshot;
  switch (kind) {
    case 'endpoint': {
      const endpoint = links.endpointById.get(id);
      return endpoint && aboutEndpoint(context, endpoint);
    }
    case 'pod': {
      const pod = cluster.pods.find((each) => podRef(each).id === id);
      const ip = pod?.ips[0];
      const endpoint = ip === undefined ? undefined : links.endpointsByIp.get(ip)?.[0];
      if (endpoint !== undefined) return aboutEndpoint(context, endpoint);
      return pod && toAddress(snapshot, podRef(pod).id);
    }
    case 'service': {
      const service = cluster.services.find((each) => serviceRef(each).id === id);
      return service && toService(context, service);
    }
    case 'load-balancer': {
      const balancer = links.loadBalancerById.get(id);
      return balancer && toBalancer(context, balancer);
    }
    case 'node': {
      const ip = cluster.nodes.find(({ name }) => name === id)?.internalIps[0];
      return toAddress(snapshot, ip ?? id);
    }
    case 'vfp-port': {
      const endpoint = links.endpointOfVfpPort.get(id);
      return endpoint && aboutEndpoint(context, endpoint);
    }
    case 'vfp-rule':
      return aboutRule(context, id);
    case 'route': {
      const route = snapshot.routes.find((each) => routeRef(each).id === id);
      const cidr = route && parseCidr(route.destination);
      if (cidr === undefined) return undefined;
      return toAddress(snapshot, cidr.length === 0 ? INTERNET : nthAddress(cidr, 10));
    }
    default:
      return undefined;
  }
}

function toAddress(snapshot: NodeSnapshot, to: string): Question | undefined {
  const from = askingPod(snapshot, to);
  return from === undefined ? undefined : { from, to };
}

function aboutEndpoint(context: ViewContext, endpoint: HnsEndpoint): Question | undefined {
  const { snapshot } = context;
  const [ip] = endpoint.ipAddresses;
  const end = endpointEnd(snapshot, endpoint);
  if (ip === undefined || end === undefined) return undefined;
  if (endpoint.isRemote === true)
    return toAddress(snapshot, withPort(ip, listeningPort(snapshot, endpoint)));
  const named = balancersInFindings(context, 'endpoint', endpoint.id)[0];
  if (named !== undefined) return { from: end, ...balancerEnd(snapshot, named) };
  const vip = dnsVips(snapshot).find((each) => each.ip.includes(':') === ip.includes(':'))?.ip;
  if (vip !== undefined) return { from: end, to: withPort(vip, 53), protocol: 'udp' };
  return { from: end, to: withPort(INTERNET, 443), protocol: 'tcp' };
}

/** Load balancers that the findings about an object name. */
function balancersInFindings(
  { snapshot, findings, findingsOf }: ViewContext,
  kind: EntityKind,
  id: string,
): readonly HnsLoadBalancer[] {
  return findingsOf(kind, id)
    .flatMap((index) => findings[index]?.entities ?? [])
    .flatMap((entity) =>
      entity.kind === 'load-balancer' ? (snapshot.links.loadBalancerById.get(entity.id) ?? []) : [],
    );
}

/** The pod that a finding about the object names, else any. */
function sufferer(context: ViewContext, kind: EntityKind, id: string): string | undefined {
  const { snapshot, findings } = context;
  const local = new Set(podEndpoints(snapshot));
  for (const index of context.findingsOf(kind, id)) {
    for (const entity of findings[index]?.entities ?? []) {
      if (entity.kind !== 'endpoint') continue;
      const endpoint = snapshot.links.endpointById.get(entity.id);
      if (endpoint !== undefined && local.has(endpoint)) return endpointEnd(snapshot, endpoint);
    }
  }
  return askingPod(snapshot);
}

/**
 * The receiving end of a flow to a load balancer: VIP and port, for a NodePort the node's own
 * address.
 */
export function balancerEnd(
  snapshot: NodeSnapshot,
  balancer: HnsLoadBalancer,
): Pick<Question, 'to' | 'protocol'> {
  const [port] = balancer.ports;
  const ip = balancer.vips[0] ?? snapshot.addresses.managementIp?.value ?? '';
  const protocol = protocolName(port?.protocol).toLowerCase();
  return {
    to: withPort(ip, port?.externalPort),
    ...(protocol === 'tcp' || protocol === 'udp' ? { protocol } : {}),
  };
}

function toBalancer(context: ViewContext, balancer: HnsLoadBalancer): Question | undefined {
  const from = sufferer(context, 'load-balancer', balancer.id);
  return from === undefined ? undefined : { from, ...balancerEnd(context.snapshot, balancer) };
}

function toService(context: ViewContext, service: KubeService): Question | undefined {
  const { links, loadBalancers } = context.snapshot;
  const [balancer] = loadBalancers.filter((lb) => links.serviceOf.get(lb)?.service === service);
  const from =
    balancer === undefined
      ? askingPod(context.snapshot)
      : sufferer(context, 'load-balancer', balancer.id);
  const [port] = service.ports;
  if (from === undefined || port === undefined) return undefined;
  const protocol = port.protocol.toLowerCase();
  return {
    from,
    to: `${serviceRef(service).id}:${port.port}`,
    ...(protocol === 'tcp' || protocol === 'udp' ? { protocol } : {}),
  };
}

/** A rule that is for one destination: the flow it is made for, from the pod whose port it stands on. */
function aboutRule(context: ViewContext, id: string): Question | undefined {
  const place = vfpObject(context, id);
  if (place === undefined || place.index >= place.dump.ruleCount) return undefined;
  const { dump, index } = place;
  const endpoint = context.snapshot.links.endpointOfVfpPort.get(
    `${dump.file}#${dump.portOf(index)}`,
  );
  if (endpoint === undefined) return undefined;
  const from = endpointEnd(context.snapshot, endpoint);
  const { destinationIps, destinationPorts, protocols } = dump.body(
    dump.bodyIdOf(index),
  ).conditions;
  const ip = canonicalIp(destinationIps[0] ?? '');
  const port = /^\d+$/.test(destinationPorts[0] ?? '') ? Number(destinationPorts[0]) : undefined;
  if (ip === undefined || from === undefined) return aboutEndpoint(context, endpoint);
  return {
    from,
    to: withPort(ip, port),
    ...(protocols[0] === 6 && port !== undefined ? { protocol: 'tcp' as const } : {}),
    ...(protocols[0] === 17 && port !== undefined ? { protocol: 'udp' as const } : {}),
  };
}

const ADDRESS =
  /\[?((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})\]?(?::(\d{1,5}))?/gi;

/** The flow between the first two addresses of a text, or to the only one. */
export function flowAboutText(snapshot: NodeSnapshot, text: string): Question | undefined {
  const found = [...text.matchAll(ADDRESS)].flatMap(([, host = '', port]) => {
    const ip = canonicalIp(host);
    return ip === undefined ? [] : [{ ip, port: port === undefined ? undefined : Number(port) }];
  });
  const [first] = found;
  if (first === undefined) return undefined;
  const second = found.find(({ ip }) => ip !== first.ip);
  if (second === undefined) return toAddress(snapshot, withPort(first.ip, first.port));
  return { from: first.ip, to: withPort(second.ip, second.port) };
}
