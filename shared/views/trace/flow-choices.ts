import type { FlowChoice } from '../../ipc/trace-schemas';
import type { HnsEndpoint } from '../../model/hns';
import { canonicalIp } from '../../model/ip';
import { isHostEndpoint, podEndpoints } from '../../rules/pod-endpoints';
import { loadBalancerName, podRef, protocolName, serviceRef } from '../../snapshot/entity-ref';
import type { Case, NodeSnapshot } from '../../snapshot/node-snapshot';

/** An address that stands for the internet: of the range for documentation (RFC 5737). */
export const INTERNET = '203.0.113.10';

/** `10.0.0.1:80`, `[fd00::1]:80`. */
export const withPort = (ip: string, port: number | undefined): string =>
  port === undefined ? ip : ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;

const protocolOf = (text: string): { protocol?: 'tcp' | 'udp' } =>
  /^tcp$/i.test(text) ? { protocol: 'tcp' } : /^udp$/i.test(text) ? { protocol: 'udp' } : {};

/** The port that load balancers send to an endpoint: what its pod listens on. */
export function listeningPort(snapshot: NodeSnapshot, endpoint: HnsEndpoint): number | undefined {
  const [balancer] = snapshot.links.loadBalancersOf.get(endpoint.id) ?? [];
  return balancer?.ports[0]?.internalPort;
}

/** Everything that can stand at one end of a flow: pods of the node first, an example of the internet last. */
export function flowChoices(
  snapshot: NodeSnapshot,
  theCase: Case,
  end: 'from' | 'to',
): readonly FlowChoice[] {
  const local = podEndpoints(snapshot);
  return [
    ...local.flatMap((endpoint) => podChoice(snapshot, endpoint, end)),
    ...(end === 'to' ? [...services(snapshot), ...balancers(snapshot)] : []),
    ...otherPods(snapshot, local),
    ...otherEndpoints(snapshot, local),
    ...nodes(snapshot, theCase),
    {
      value: end === 'to' ? `${INTERNET}:443` : INTERNET,
      title: 'The internet',
      detail: `${INTERNET}, an example`,
      group: 'addresses',
    },
  ];
}

function podChoice(
  snapshot: NodeSnapshot,
  endpoint: HnsEndpoint,
  end: 'from' | 'to',
): FlowChoice[] {
  const [ip] = endpoint.ipAddresses;
  if (ip === undefined) return [];
  const pod = snapshot.links.podOf.get(endpoint);
  const name = pod === undefined ? ip : podRef(pod).id;
  const port = end === 'to' ? listeningPort(snapshot, endpoint) : undefined;
  const value =
    pod === undefined ? withPort(ip, port) : `${name}${port === undefined ? '' : `:${port}`}`;
  return [
    {
      value,
      title: pod?.name ?? ip,
      detail: [...endpoint.ipAddresses, pod?.namespace].filter(Boolean).join(' · '),
      group: 'pods',
    },
  ];
}

function services(snapshot: NodeSnapshot): FlowChoice[] {
  return snapshot.cluster.services.flatMap((service) => {
    const [ip] = service.clusterIps.flatMap((each) => canonicalIp(each) ?? []);
    if (ip === undefined) return [];
    return service.ports.map((port): FlowChoice => ({
      value: `${serviceRef(service).id}:${port.port}`,
      title: `${service.name}:${port.port}`,
      detail: `${withPort(ip, port.port)}/${port.protocol} · ${service.namespace ?? 'default'}`,
      group: 'services',
      ...protocolOf(port.protocol),
    }));
  });
}

function balancers(snapshot: NodeSnapshot): FlowChoice[] {
  const node = snapshot.addresses.managementIp?.value;
  return snapshot.loadBalancers.flatMap((balancer) => {
    const known = snapshot.links.serviceOf.get(balancer);
    if (known !== undefined && !known.viaNodePort) return [];
    const ip = balancer.vips[0] ?? node;
    const [port] = balancer.ports;
    if (ip === undefined || port?.externalPort === undefined) return [];
    return [
      {
        value: withPort(ip, port.externalPort),
        title: loadBalancerName(balancer),
        detail:
          known === undefined ? `load balancer ${balancer.id.slice(0, 8)}` : known.service.name,
        group: 'load-balancers',
        ...protocolOf(protocolName(port.protocol)),
      },
    ];
  });
}

function otherPods(snapshot: NodeSnapshot, local: readonly HnsEndpoint[]): FlowChoice[] {
  const shown = new Set(local.flatMap((endpoint) => snapshot.links.podOf.get(endpoint) ?? []));
  return snapshot.cluster.pods.flatMap((pod) => {
    const [ip] = pod.ips;
    if (ip === undefined || shown.has(pod)) return [];
    return [
      {
        value: podRef(pod).id,
        title: pod.name,
        detail: [ip, pod.node === undefined ? pod.namespace : `on ${pod.node}`]
          .filter(Boolean)
          .join(' · '),
        group: 'pods' as const,
      },
    ];
  });
}

function otherEndpoints(snapshot: NodeSnapshot, local: readonly HnsEndpoint[]): FlowChoice[] {
  const pods = new Set([...local]);
  return snapshot.endpoints.flatMap((endpoint) => {
    const [ip] = endpoint.ipAddresses;
    if (ip === undefined || pods.has(endpoint)) return [];
    const what =
      endpoint.isRemote === true
        ? 'remote endpoint'
        : isHostEndpoint(endpoint)
          ? 'endpoint of the host'
          : 'endpoint';
    const name = endpoint.name === undefined ? '' : ` · ${endpoint.name}`;
    return [{ value: ip, title: ip, detail: `${what}${name}`, group: 'endpoints' as const }];
  });
}

function nodes(snapshot: NodeSnapshot, theCase: Case): FlowChoice[] {
  const collected = theCase.nodes.flatMap(({ name, snapshots }): FlowChoice[] => {
    const ip = snapshots.at(-1)?.addresses.managementIp?.value;
    return ip === undefined ? [] : [{ value: name, title: name, detail: ip, group: 'nodes' }];
  });
  const names = new Set(collected.map(({ title }) => title.toLowerCase()));
  const others = snapshot.cluster.nodes.flatMap((node): FlowChoice[] => {
    const [ip] = node.internalIps;
    if (ip === undefined || names.has(node.name.toLowerCase())) return [];
    return [{ value: ip, title: node.name, detail: ip, group: 'nodes' }];
  });
  return [...collected, ...others];
}

/** Without the pod that sends, named as it is offered or by an address: what it sends to itself stays in it. */
export const withoutSender = (
  choices: readonly FlowChoice[],
  sender: string,
): readonly FlowChoice[] =>
  choices.filter(
    ({ value, detail, group }) =>
      group !== 'pods' ||
      (value !== sender &&
        !value.startsWith(`${sender}:`) &&
        !detail.split(' · ').includes(sender)),
  );

/** Those that hold every word of the text. */
export function matchingChoices(
  choices: readonly FlowChoice[],
  text: string,
): readonly FlowChoice[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return choices.filter(({ value, title, detail, group }) => {
    const all = `${group} ${value} ${title} ${detail}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
