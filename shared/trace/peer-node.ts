import { inCidr } from '../model/ip';
import type { Peer } from '../rules/inter-node/peers';
import { ended, type Disposition } from './disposition';
import { nodeView, type NodeView } from './node-view';
import type { StepPlace } from './steps';
import { passing, type Walking } from './walking';

/** How a node goes on with a packet that its switch has; handed in, as ways of nodes lead into each other. */
type Onward = (walking: Walking, view: NodeView) => readonly Walking[];

/** Bundles are of Windows nodes: of a Linux peer there is nothing to add. */
const isLinux = (peer: Peer, { snapshot }: NodeView): boolean =>
  /linux/i.test(snapshot.cluster.nodes.find(({ name }) => name === peer.name)?.os ?? '');

const bundleOf = (peer: Peer, view: NodeView): Disposition['missing'] =>
  isLinux(peer, view)
    ? []
    : [
        {
          what: `the bundle of ${peer.name}`,
          command: 'collectlogs.ps1',
          where: 'another-node',
        },
      ];

const whatFollows = (peer: Peer, view: NodeView): string =>
  isLinux(peer, view)
    ? 'what happens on that Linux node is not traced'
    : 'what happens there needs its bundle';

const placeOf = (peer: Peer): StepPlace => ({
  node: peer.name,
  column: 'external',
  name: `node ${peer.name}`,
});

/** A frame that was routed to a peer's address. */
export function arriveAtPeer(
  walking: Walking,
  view: NodeView,
  peer: Peer,
  on: Onward,
): readonly Walking[] {
  const { header } = walking;
  const to = header.destinationIp;
  const arrived = passing(walking, 'peer', placeOf(peer), `node ${peer.name} gets it`, {
    evidence: peer.evidence.slice(0, 1),
    entities: [peer.entity],
  });
  if (peer.snapshot === undefined) {
    return [
      {
        ...arrived,
        end:
          staleBackend(arrived, view) ??
          wrongNode(arrived, peer) ??
          ended(
            'delivered',
            peer.ips.includes(to)
              ? `Node ${peer.name} gets it, at ${to}.`
              : `Node ${peer.name} gets it for ${to}; ${whatFollows(peer, view)}.`,
            [],
            bundleOf(peer, view),
          ),
      },
    ];
  }
  return on(arrived, nodeView(peer.snapshot, view.case));
}

/** A packet in a tunnel to `outer`. */
export function arriveByTunnel(
  walking: Walking,
  view: NodeView,
  outer: string,
  on: Onward,
): readonly Walking[] {
  const { header } = walking;
  const peer = view.peerAt(outer);
  if (peer === undefined) {
    return [
      {
        ...walking,
        end: ended(
          'encapsulated-to-peer',
          `It is on its way in a tunnel to ${outer}, which no node of the case has.`,
          [],
          view.snapshot.cluster.nodes.length > 0
            ? []
            : [
                {
                  what: 'the nodes of the cluster',
                  command: 'kubectl get nodes -o json',
                  where: 'cluster',
                },
              ],
        ),
      },
    ];
  }
  const arrived = passing(
    walking,
    'peer',
    placeOf(peer),
    `node ${peer.name} gets the outer packet at ${outer}`,
    {
      evidence: peer.evidence.slice(0, 1),
      entities: [peer.entity],
    },
  );
  const refused = wrongTunnel(arrived, peer) ?? wrongNode(arrived, peer);
  if (refused !== undefined) return [{ ...arrived, end: refused }];
  if (peer.snapshot === undefined) {
    return [
      {
        ...arrived,
        end:
          staleBackend(arrived, view) ??
          ended(
            'encapsulated-to-peer',
            `It is in the tunnel to ${peer.name} (${outer}); ${whatFollows(peer, view)}.`,
            [],
            bundleOf(peer, view),
          ),
      },
    ];
  }
  const there = nodeView(peer.snapshot, view.case);
  const decapsulated = passing(arrived, 'decap', placeOf(peer), 'the outer header comes off', {
    after: { ...header, encap: header.encap.slice(1) },
    evidence: there.podNetwork?.evidence.slice(0, 1) ?? [],
  });
  return on(decapsulated, there);
}

/** The peer takes a tunnelled frame only with its router's MAC and its network's VNI. */
function wrongTunnel({ header, marks }: Walking, peer: Peer): Disposition | undefined {
  const rule = marks.findLast(({ type }) => type === 'routeencap');
  const mac = header.destinationMac;
  const router = peer.routerMac;
  if (rule !== undefined && router !== undefined && mac !== undefined && mac !== router.value) {
    return ended(
      'no-endpoint',
      `The inner frame goes to MAC ${mac.toUpperCase()}; the router of ${peer.name} has ${router.value.toUpperCase()}, so that node drops it.`,
      [...rule.evidence.slice(0, 1), ...router.evidence.slice(0, 1)],
    );
  }
  const vni = header.encap[0]?.vni;
  if (vni !== undefined && peer.vni !== undefined && vni !== peer.vni.value) {
    return ended('no-endpoint', `The tunnel has VNI ${vni}; ${peer.name} uses ${peer.vni.value}.`, [
      ...(rule?.evidence.slice(0, 1) ?? []),
      ...peer.vni.evidence.slice(0, 1),
    ]);
  }
  return undefined;
}

/** The packet came to a node whose pod subnet is another one. */
function wrongNode({ header }: Walking, peer: Peer): Disposition | undefined {
  const to = header.destinationIp;
  if (peer.podCidrs.length === 0 || peer.ips.includes(to)) return undefined;
  if (peer.podCidrs.some((cidr) => inCidr(to, cidr) !== false)) return undefined;
  return ended(
    'no-endpoint',
    `${to} was sent to ${peer.name}, whose pods are in ${peer.podCidrs.join(', ')}.`,
    peer.evidence.slice(0, 1),
  );
}

/** Load balancing chose an address that is no longer one of the service's, and no pod has it. */
function staleBackend({ header, balancer }: Walking, view: NodeView): Disposition | undefined {
  const to = header.destinationIp;
  const backends = balancer && view.backendsOf(balancer);
  if (backends === undefined || backends.addresses.length === 0) return undefined;
  if (backends.addresses.some(({ ip }) => ip === to)) return undefined;
  const { pods } = view.snapshot.cluster;
  if (pods.length === 0 || pods.some((pod) => pod.ips.includes(to))) return undefined;
  return ended(
    'no-endpoint',
    `No pod has ${to}: the ready addresses of ${backends.namespace ?? 'default'}/${backends.service} are ${backends.addresses.map(({ ip }) => ip).join(', ')}.`,
    [...backends.evidence.slice(0, 1), ...(balancer?.evidence.slice(0, 1) ?? [])],
  );
}
