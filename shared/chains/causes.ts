import type { NetworkMode } from '../snapshot/node-snapshot';
import type { ChainSymptom } from './chain';

/**
 * When a symptom is met in practice, by mode; shown under a broken chain. After the causes that
 * "Troubleshooting Kubernetes Networking on Windows: Part 1" names for its four examples, in our
 * own words.
 */
const EVERYWHERE: Readonly<Record<ChainSymptom, readonly string[]>> = {
  'inter-node': [
    'The flannel settings of the Linux and the Windows nodes differ: net-conf.json (type, network, VNI, port) or the network name in cni-conf.json and cni.conf.',
    'flanneld is not running, or started before the node had its pod subnet, and missed the leases of other nodes.',
  ],
  outbound: [
    'The exceptions of the OutBoundNAT policy in the CNI configuration are wrong: a mistyped prefix exempts more than pods, services and the node subnet.',
    'The policy was put right later, and the pods were made before: an endpoint keeps the policies it was created with.',
    'The test was a ping: only TCP and UDP get outbound NAT, so ICMP to the outside has no answer even on a healthy node.',
  ],
  services: [
    'kube-proxy stopped while it was programming, or HNS was restarted under it: the load balancers of before are no longer complete.',
    'kube-proxy runs without --hostname-override equal to the node name: it takes local pods for remote ones.',
    'kube-proxy started before the pod network was there, or with another network name (KUBE_NETWORK).',
  ],
  dns: [
    'The CNI configuration names a DNS server that is not the address of the kube-dns service, or search suffixes of another cluster domain.',
    'The load balancers of kube-dns are gone or point to DNS pods that were replaced; a restart of kube-proxy makes them anew.',
    'Names fail only because pods do not reach other nodes, where the DNS pods run: look at the inter-node path first.',
  ],
};

const BY_MODE: Readonly<
  Partial<Record<NetworkMode['mode'], Partial<Record<ChainSymptom, readonly string[]>>>>
> = {
  l2bridge: {
    'inter-node': [
      'The static routes of the host were lost when the vSwitch or the HNS network was made anew; flanneld sets them only when a lease changes or it starts.',
      'The nodes run in a public cloud, and its network has no user-defined routes for the pod subnets.',
      'The nodes are not on one layer 2 segment: host-gw needs every next hop to be a neighbour.',
    ],
    outbound: [
      'The node subnet is missing in the exceptions, or the /32 route to the node in cni.conf is of another node (copied image).',
      'The default route of the bridge wins over that of the management interface.',
    ],
  },
  overlay: {
    'inter-node': [
      'A node was reinstalled or its network made anew: it has a new router MAC or address, and others still hold the old RemoteSubnetRoute.',
      'The node was joined again with another pod subnet, and sourceVip.json and sourceVipRequest.json of its earlier life are still there.',
      'UDP port 4789 is blocked on the way, or VNI 4096 and port 4789 are not set for all nodes.',
    ],
    services: [
      'The source VIP (sourceVip.json, --source-vip) is of an earlier pod subnet: replies of remote backends do not find the way back.',
    ],
  },
};

/** Causes of a symptom for a mode, the particular ones first. */
export function causesOf(symptom: ChainSymptom, mode: NetworkMode['mode']): readonly string[] {
  return [...(BY_MODE[mode]?.[symptom] ?? []), ...EVERYWHERE[symptom]];
}
