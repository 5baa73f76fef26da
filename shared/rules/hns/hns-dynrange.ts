import type { PortRange } from '../../model/tcpip';
import { fileRef, serviceRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { countOf, someOf } from '../evidence-lines';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';

/** Ports that the agents of every node listen on, and VXLAN. */
const OWN: readonly (readonly [port: number, protocol: 'tcp' | 'udp', what: string])[] = [
  [10250, 'tcp', 'kubelet'],
  [10256, 'tcp', 'the health check of kube-proxy'],
  [4789, 'udp', 'VXLAN'],
];

export const rule: Rule = {
  meta: {
    id: 'HNS-DYNRANGE',
    step: 6,
    severity: 'warning',
    title: 'Windows hands out no ports that services need',
    description:
      'Compares the dynamic port range with the NodePorts of the cluster and with the ports of kubelet, kube-proxy and VXLAN.',
    impact:
      'Any program may get such a port for an outgoing connection; the service then fails with "port already exists".',
    needs: ['excludedPorts'],
    falsePositives:
      'It goes wrong by chance only: as long as no program takes the port, all works.',
    references: [
      'https://github.com/kubernetes-sigs/image-builder/issues/947',
      'https://github.com/kubernetes/kubernetes/issues/111697',
    ],
  },
  check({ snapshot }) {
    const ranges = snapshot.portRanges.filter(({ use }) => use === 'dynamic');
    if (ranges.length === 0)
      return notChecked('No output names the dynamic port range', 'excludedPorts');
    const findings = ranges.flatMap((range) => finding(snapshot, range) ?? []);
    return firedOrPassed(
      findings,
      ranges.map(({ protocol, from, to }) => `${protocol ?? '?'} ${from} to ${to}`).join(', '),
    );
  },
};

function finding(snapshot: NodeSnapshot, range: PortRange): FindingDraft | undefined {
  const within = (port: number): boolean => port >= range.from && port <= range.to;
  const services = snapshot.cluster.services.filter(({ ports }) =>
    ports.some(
      ({ nodePort, protocol }) =>
        nodePort !== undefined &&
        within(nodePort) &&
        protocol.toLowerCase() === (range.protocol ?? 'tcp'),
    ),
  );
  const own = OWN.filter(
    ([port, protocol]) =>
      protocol === range.protocol &&
      within(port) &&
      (port !== 4789 || snapshot.mode.mode === 'overlay'),
  );
  if (services.length === 0 && own.length === 0) return undefined;
  const taken = [
    ...own.map(([port, , what]) => `${port} of ${what}`),
    ...(services.length > 0
      ? [
          `NodePorts of ${countOf(services.length, 'service')} (${someOf(services.map(({ name }) => name))})`,
        ]
      : []),
  ];
  const protocol = (range.protocol ?? 'tcp').toUpperCase();
  return {
    title: `Windows may hand out ${protocol} ports that services need`,
    summary: `The dynamic range ${range.from} to ${range.to} holds ${taken.join(', ')}.`,
    cause: 'The range was enlarged downwards.',
    remedy: [
      {
        text: 'Let the dynamic range begin above the NodePorts.',
        command: `netsh int ipv4 set dynamicportrange ${range.protocol ?? 'tcp'} start=34000 num=31536`,
        disturbs: 'Nothing that runs; programs get other ports for new connections.',
        verify: {
          kind: 'command',
          command: `netsh int ipv4 sh dynamicportrange ${range.protocol ?? 'tcp'}`,
          shows: 'shows a range above 32767',
        },
      },
    ],
    entities: [
      ...services.slice(0, 10).map(serviceRef),
      ...range.evidence.slice(0, 1).map(({ file }) => fileRef(file)),
    ],
    evidence: [
      ...range.evidence,
      ...services.slice(0, 3).flatMap(({ evidence }) => evidence.slice(0, 1)),
    ],
  };
}
