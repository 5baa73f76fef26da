import { networkRef } from '../../snapshot/entity-ref';
import { argument } from '../commands';
import { firedOrPassed, type FindingDraft, type Rule } from '../rule';
import { counted, peerLine } from './peers';
import { isSubnets, remoteSubnets } from './remote-subnet-check';

export const rule: Rule = {
  meta: {
    id: 'IN-OVL-RSR-PA',
    step: 7,
    symptom: 'inter-node',
    severity: 'error',
    title: 'Each RemoteSubnetRoute names the address of its peer',
    description:
      'The ProviderAddress of a RemoteSubnetRoute is where VXLAN packets for that subnet are sent. It must be an address of the node that owns the subnet.',
    impact:
      'Packets for the pods of that peer are sent to a machine that is not the peer, or is gone.',
    needs: ['networks'],
    compares: ['nodes', 'networks'],
    modes: ['overlay'],
    cnis: ['flannel-vxlan', 'win-overlay', 'sdnoverlay'],
    falsePositives:
      'A peer with an overlay NIC of its own: the public-ip that flannel notes is accepted beside the InternalIPs.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://learn.microsoft.com/virtualization/windowscontainers/container-networking/architecture',
    ],
    explains: [
      'IN-OVL-VFP-DRIFT',
      'CT-POD-POD-REMOTE',
      'FLOW-POD-POD-OVL',
      'SVC-DIP-REACH',
      'CT-REMOTE-NODEPORT',
      'HNS-EP-PA',
      'DNS-BOTH-BAD',
    ],
  },
  check(context) {
    const subnets = remoteSubnets(context);
    if (!isSubnets(subnets)) return subnets;
    const judged = subnets.filter(
      ({ peer, routes }) =>
        peer.ips.length > 0 && routes.some((r) => r.providerAddress !== undefined),
    );
    const wrong = judged.filter(
      ({ peer, routes }) =>
        !routes.some(
          (r) => r.providerAddress !== undefined && peer.ips.includes(r.providerAddress),
        ),
    );
    const findings = wrong.map(({ peer, prefix, network, routes }): FindingDraft => {
      const [route] = routes;
      const address = route?.providerAddress ?? '';
      return {
        title: `Packets for pods on ${peer.name} go to ${address}`,
        summary: `The RemoteSubnetRoute for ${prefix} names the provider address ${address}; ${peer.name} is at ${peer.ips.join(', ')}.`,
        cause: `${peer.name} changed its address or its public-ip annotation is wrong, and the policy of this node was not renewed.`,
        remedy: [
          {
            text: 'Restart flanneld on this node; it writes the policy anew from the lease.',
            command: 'Restart-Service flanneld',
            verify: {
              kind: 'observation',
              text: `The policy for ${prefix} names ${peer.ips[0] ?? 'the peer'}`,
            },
          },
          {
            text: `If it comes back, correct the annotation flannel.alpha.coreos.com/public-ip of ${peer.name} and restart flannel there.`,
            command: `kubectl get node ${argument(peer.name)} -o yaml`,
          },
        ],
        entities: [peer.entity, networkRef(network)],
        evidence: [
          ...(route?.evidence ?? network.evidence.slice(0, 1)),
          ...peerLine(context.snapshot, peer, prefix),
        ],
      };
    });
    return firedOrPassed(
      findings,
      `The provider address is right for ${counted(judged.length, judged.length)}`,
    );
  },
};
