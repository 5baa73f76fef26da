import { argument } from '../commands';
import { isWholeListing } from '../evidence-lines';
import { networkRef } from '../../snapshot/entity-ref';
import { firedOrPassed, notChecked, passed, type FindingDraft, type Rule } from '../rule';
import {
  counted,
  peersOf,
  podNetworkOf,
  readyPeers,
  remoteSubnetRoutes,
  routesTo,
  subnetsOf,
  peerLine,
} from './peers';

export const rule: Rule = {
  meta: {
    id: 'IN-OVL-RSR-MISSING',
    step: 7,
    symptom: 'inter-node',
    severity: 'error',
    title: 'The overlay network has a RemoteSubnetRoute for every peer',
    description:
      'On overlay a RemoteSubnetRoute policy of the HNS network takes the place of a static route: pod subnet, address and router MAC of the peer, VXLAN id. A peer without one gets no packets.',
    impact: 'Pods of this node do not reach pods of that peer.',
    needs: ['networks'],
    compares: ['nodes', 'networks'],
    modes: ['overlay'],
    cnis: ['flannel-vxlan', 'win-overlay', 'sdnoverlay'],
    falsePositives:
      'A peer that joined a moment ago has no lease yet. Peers that are not Ready are left out.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/flannel-io/flannel/blob/master/pkg/backend/vxlan/vxlan_network_windows.go',
    ],
    explains: [
      'IN-OVL-VFP-DRIFT',
      'CT-POD-POD-REMOTE',
      'FLOW-POD-POD-OVL',
      'SVC-DIP-REACH',
      'CT-REMOTE-NODEPORT',
      'LOG-KP-PROVIDER',
      'DNS-BOTH-BAD',
      'HNS-EP-PA',
    ],
  },
  check({ snapshot, case: theCase }) {
    const network = podNetworkOf(snapshot);
    if (network === undefined)
      return notChecked('The overlay network is not in the HNS listing', 'networks');
    if (network.policies.length === 0 && network.subnets.length === 0) {
      return notChecked('Only a listing without policies names the network', 'networks');
    }
    const known = peersOf(snapshot, theCase);
    if (known === undefined)
      return notChecked('The pod subnets of the other nodes are not known', 'nodes');
    const subnets = subnetsOf(readyPeers(known.peers), snapshot);
    if (subnets.length === 0) return passed(`No other node has pods (${known.source})`);
    const missing = subnets.filter(({ prefix }) => routesTo(network, prefix).length === 0);
    if (missing.length > 0 && !isWholeListing(snapshot, 'hns-networks'))
      return notChecked(
        'The list of networks is cut; the policy may be in the lost part',
        'networks',
      );
    const present = remoteSubnetRoutes(network).flatMap((r) => r.evidence.slice(0, 1));
    const findings = missing.map(({ peer, prefix }): FindingDraft => ({
      title: `Pods on ${peer.name} (${prefix}) are out of reach`,
      summary: `The network ${network.name ?? network.id} has no RemoteSubnetRoute for ${prefix}, the pods of ${peer.name}; it has them for ${counted(subnets.length - missing.length, subnets.length)}.`,
      cause: `flanneld did not add the policy for ${peer.name}: it does not run, missed the lease, or the peer uses another backend. The switch does not know to which node these packets belong.`,
      remedy: [
        {
          text: 'Restart flanneld; it adds a policy for every lease that it finds.',
          command: 'Restart-Service flanneld',
          disturbs: 'Nothing while the subnet of this node stays the same.',
          verify: {
            kind: 'command',
            command: `(Get-HnsNetwork | ? Name -eq ${argument(network.name ?? '<network>')}).Policies`,
            shows: `names ${prefix}`,
          },
        },
        {
          text: `If it stays away, compare the flannel annotations of ${peer.name} with this node: backend type, VNI and public-ip.`,
          command: `kubectl get node ${argument(peer.name)} -o jsonpath='{.metadata.annotations}'`,
        },
      ],
      entities: [peer.entity, networkRef(network)],
      evidence: [
        ...(present.length > 0 ? present.slice(0, 3) : network.evidence.slice(0, 1)),
        ...peerLine(snapshot, peer, prefix),
      ],
    }));
    return firedOrPassed(
      findings,
      `RemoteSubnetRoutes for ${counted(subnets.length, subnets.length)} (${known.source})`,
    );
  },
};
