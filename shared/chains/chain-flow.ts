import type { FlowQuestion } from '../trace/flow';
import { canonicalIp, inCidr, nthAddress, parseCidr } from '../model/ip';
import { dnsVips } from '../rules/dns-service';
import { podEndpoints } from '../rules/pod-endpoints';
import { podRef, serviceRef } from '../snapshot/entity-ref';
import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';
import { askingPod, balancerEnd, endpointEnd } from '../views/trace/flow-about';
import { INTERNET, withPort } from '../views/trace/flow-choices';
import { brokenLink, type SymptomChain } from './chain';

/** The packet whose trace shows what a chain says; undefined where the node has no pod to send one. */
export function flowOfChain(
  chain: SymptomChain,
  snapshot: NodeSnapshot,
  theCase: Case,
): FlowQuestion | undefined {
  const subject = chain.id.slice(chain.id.indexOf(':') + 1);
  switch (chain.symptom) {
    case 'outbound':
      return outbound(subject, snapshot);
    case 'services':
      return service(chain, subject, snapshot);
    case 'dns': {
      const vip = dnsVips(snapshot)[0]?.ip;
      const from = sender(chain, snapshot);
      if (vip === undefined || from === undefined) return undefined;
      return { from, to: withPort(vip, 53), protocol: 'udp' };
    }
    case 'inter-node': {
      const from = askingPod(snapshot);
      const prefix = subject.slice(subject.indexOf(':') + 1);
      const to = from === undefined ? undefined : podIn(prefix, snapshot, theCase);
      return from === undefined || to === undefined ? undefined : { from, to };
    }
  }
}

/** The pod that the broken link names, else any of the node. */
function sender(chain: SymptomChain, snapshot: NodeSnapshot): string | undefined {
  const local = new Set(podEndpoints(snapshot));
  for (const { kind, id } of brokenLink(chain)?.entities ?? []) {
    const endpoint =
      kind === 'endpoint'
        ? snapshot.links.endpointById.get(id)
        : kind === 'vfp-port'
          ? snapshot.links.endpointOfVfpPort.get(id)
          : undefined;
    if (endpoint !== undefined && local.has(endpoint)) return endpointEnd(snapshot, endpoint);
  }
  return askingPod(snapshot);
}

function outbound(subject: string, snapshot: NodeSnapshot): FlowQuestion | undefined {
  const endpoint = snapshot.links.endpointById.get(subject);
  const pod = snapshot.cluster.pods.find((each) => podRef(each).id === subject);
  const from = endpoint === undefined ? pod && podRef(pod).id : endpointEnd(snapshot, endpoint);
  return from === undefined ? undefined : { from, to: `${INTERNET}:443`, protocol: 'tcp' };
}

function service(
  chain: SymptomChain,
  subject: string,
  snapshot: NodeSnapshot,
): FlowQuestion | undefined {
  const from = sender(chain, snapshot);
  if (from === undefined) return undefined;
  const named = (brokenLink(chain)?.entities ?? []).flatMap(({ kind, id }) =>
    kind === 'load-balancer' ? (snapshot.links.loadBalancerById.get(id) ?? []) : [],
  );
  const known = snapshot.cluster.services.find((each) => serviceRef(each).id === subject);
  const vip = canonicalIp(known?.clusterIps[0] ?? subject);
  const ofVip = (each: (typeof named)[number]): boolean =>
    vip !== undefined && each.vips.includes(vip);
  const balancer = named.find(ofVip) ?? snapshot.loadBalancers.find(ofVip);
  if (balancer !== undefined) return { from, ...balancerEnd(snapshot, balancer) };
  const [port] = known?.ports ?? [];
  if (vip === undefined || port === undefined) return undefined;
  return { from, to: withPort(vip, port.port), protocol: port.protocol === 'UDP' ? 'udp' : 'tcp' };
}

/** A pod of the prefix, or an address of it where none is known. */
function podIn(prefix: string, snapshot: NodeSnapshot, theCase: Case): string | undefined {
  const inside = (ip: string): boolean => inCidr(ip, prefix) === true;
  const pods = [...snapshot.cluster.pods, ...theCase.cluster.pods];
  const pod = pods.find(({ ips, hostNetwork }) => hostNetwork !== true && ips.some(inside));
  if (pod !== undefined) return pod.ips.find(inside);
  const remote = snapshot.endpoints.flatMap(({ ipAddresses }) => ipAddresses).find(inside);
  const cidr = parseCidr(prefix);
  return remote ?? (cidr && nthAddress(cidr, 10));
}
