import { macText } from '../../model/ids';
import { networkRef } from '../../snapshot/entity-ref';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';
import { counted } from './peers';
import { isSubnets, remoteSubnets } from './remote-subnet-check';

export const rule: Rule = {
  meta: {
    id: 'IN-OVL-RSR-DRMAC',
    step: 7,
    symptom: 'inter-node',
    severity: 'error',
    title: "Each RemoteSubnetRoute carries the peer's current router MAC",
    description:
      "The inner frame of a VXLAN packet is addressed to the peer's distributed router. The MAC in the RemoteSubnetRoute must be the one the peer has: of its HNS network on Windows, of its vxlan device on Linux.",
    impact:
      'The peer receives the packets and throws them away: silence in one direction, often since it was rebuilt.',
    needs: ['networks', ['nodes', 'peerNode']],
    compares: ['nodes', 'networks'],
    modes: ['overlay'],
    falsePositives: 'None known; bundle and node objects must be of about the same time.',
    references: [
      'https://github.com/flannel-io/flannel/blob/master/pkg/backend/vxlan/vxlan_windows.go',
      'https://learn.microsoft.com/windows-server/networking/sdn/technologies/hyper-v-network-virtualization/hyperv-network-virtualization-technical-details-windows-server',
    ],
    explains: [
      'IN-OVL-VFP-DRIFT',
      'CT-POD-POD-REMOTE',
      'FLOW-POD-POD-OVL',
      'SVC-DIP-REACH',
      'CT-REMOTE-NODEPORT',
      'DNS-BOTH-BAD',
    ],
  },
  check(context) {
    const subnets = remoteSubnets(context);
    if (!isSubnets(subnets)) return subnets;
    const judged = subnets.flatMap((subnet) => {
      const { routerMac } = subnet.peer;
      const macs = subnet.routes.filter((r) => r.drMac !== undefined);
      return routerMac === undefined || macs.length === 0 ? [] : [{ ...subnet, routerMac, macs }];
    });
    if (judged.length === 0)
      return notChecked('The router MAC of no peer is known', 'nodes', 'peerNode');
    const wrong = judged.filter(
      ({ routerMac, macs }) => !macs.some((r) => r.drMac === routerMac.value),
    );
    const findings = wrong.map(({ peer, prefix, network, routerMac, macs }): FindingDraft => {
      const [route] = macs;
      const used = macText(route?.drMac ?? '');
      const real = macText(routerMac.value);
      return {
        title: `${peer.name} throws this node's packets away`,
        summary: `The RemoteSubnetRoute for ${prefix} addresses the router MAC ${used}; the router of ${peer.name} has ${real}.`,
        cause: `The network of ${peer.name} was made anew and got another router MAC, and this node still holds the old one: VXLAN packets arrive, their inner frame is addressed to nobody there.`,
        remedy: [
          {
            text: `Restart flannel on ${peer.name} first, so that its annotation tells the current MAC.`,
            command: 'Restart-Service flanneld',
          },
          {
            text: 'Then restart flanneld on this node; it writes the policy anew.',
            command: 'Restart-Service flanneld',
            disturbs: 'Nothing while the subnet of this node stays the same.',
            verify: {
              kind: 'observation',
              text: `The policy for ${prefix} and the REMOTESUBNETROUTE_ENCAP rules in VFP name ${real}`,
            },
          },
        ],
        entities: [peer.entity, networkRef(network)],
        evidence: [
          ...(route?.evidence ?? network.evidence.slice(0, 1)),
          ...routerMac.evidence.slice(0, 1),
        ],
      };
    });
    return firedOrPassed(
      findings,
      `The router MAC is right for ${counted(judged.length, subnets.length)}`,
    );
  },
};
