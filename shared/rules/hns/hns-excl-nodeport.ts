import type { KubeService } from '../../model/kubernetes';
import type { PortRange } from '../../model/tcpip';
import { fileRef, serviceRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { countOf, isWholeListing, lineWith } from '../evidence-lines';
import { doesNotApply, firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { loadBalancersFor, protocolOf, proxyJustStarted } from '../service-load-balancers';

interface NodePort {
  readonly service: KubeService;
  readonly port: number;
  readonly protocol: 6 | 17;
}

export const rule: Rule = {
  meta: {
    id: 'HNS-EXCL-NODEPORT',
    step: 6,
    symptom: 'services',
    severity: 'error',
    title: 'No NodePort lies in an excluded port range',
    description:
      'Looks for NodePorts that Windows has excluded from use and that have no load balancer in HNS.',
    impact:
      'kube-proxy cannot make the load balancer ("port already exists"): the port does not answer on this node.',
    needs: ['excludedPorts', 'kubeServices', 'loadBalancers'],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    falsePositives:
      'HNS itself excludes the ports of its load balancers: where the load balancer is there, the exclusion is its own.',
    references: [
      'https://github.com/kubernetes/kubernetes/issues/117783',
      'https://github.com/kubernetes/kubernetes/issues/107114',
    ],
    explains: ['SVC-NODEPORT-NOLB', 'SVC-VFP-NODEPORT'],
  },
  check({ snapshot }) {
    const excluded = snapshot.portRanges.filter((r) => r.use === 'excluded' && !r.administered);
    if (excluded.length === 0 && !snapshot.portRanges.some(({ use }) => use === 'excluded'))
      return notChecked('No output names the excluded port ranges', 'excludedPorts');
    const ports = nodePortsOf(snapshot.cluster.services);
    if (ports.length === 0) return doesNotApply('No service has a NodePort');
    if (proxyJustStarted(snapshot)) return doesNotApply('kube-proxy had just started');
    const inside = ports.flatMap((at) => {
      const range = excluded.find((r) => covers(r, at));
      return range ? [{ at, range }] : [];
    });
    const missing = inside.filter(({ at }) => lacksLoadBalancer(snapshot, at));
    if (missing.length > 0 && !isWholeListing(snapshot, 'hns-load-balancers'))
      return notChecked('The list of load balancers is cut', 'loadBalancers');
    return firedOrPassed(
      missing.map(({ at, range }) => finding(snapshot, at, range)),
      `${countOf(ports.length, 'NodePort')} looked at, ${inside.length} of them excluded by HNS itself`,
    );
  },
};

function nodePortsOf(services: readonly KubeService[]): NodePort[] {
  return services.flatMap((service) =>
    service.ports.flatMap(({ nodePort, protocol }): NodePort[] => {
      const number = protocolOf(protocol);
      return nodePort === undefined || number === undefined
        ? []
        : [{ service, port: nodePort, protocol: number }];
    }),
  );
}

const covers = (range: PortRange, { port, protocol }: NodePort): boolean =>
  port >= range.from && port <= range.to && range.protocol === (protocol === 6 ? 'tcp' : 'udp');

const lacksLoadBalancer = (snapshot: NodeSnapshot, { port, protocol }: NodePort): boolean =>
  loadBalancersFor(snapshot, { vip: undefined, family: 4, port, protocol }).length === 0;

function finding(
  snapshot: NodeSnapshot,
  { service, port, protocol }: NodePort,
  range: PortRange,
): FindingDraft {
  const name = protocol === 6 ? 'tcp' : 'udp';
  return {
    title: `NodePort ${port} of service ${service.name} is excluded from use on this node`,
    summary: `Windows excludes ${name.toUpperCase()} ports ${range.from} to ${range.to}, and HNS has no load balancer for port ${port}.`,
    cause:
      'Another program or an earlier state of HNS reserved the range before kube-proxy asked for the port.',
    remedy: [
      {
        text: 'Move the dynamic range away from the NodePorts and restart the node; reservations are made anew at its start.',
        command: `netsh int ipv4 set dynamicportrange ${name} start=34000 num=31536`,
        disturbs: 'The node restarts: drain it first.',
        verify: {
          kind: 'command',
          command: `netsh int ipv4 sh excludedportrange ${name}`,
          shows: `no longer covers port ${port}`,
        },
      },
    ],
    entities: [serviceRef(service), ...range.evidence.slice(0, 1).map(({ file }) => fileRef(file))],
    evidence: [
      ...range.evidence,
      ...lineWith(snapshot, service.evidence.slice(0, 1), String(port), 60),
    ],
  };
}
