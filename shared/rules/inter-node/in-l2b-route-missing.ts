import type { Remedy } from '../../model/finding';
import { argument } from '../commands';
import {
  doesNotApply,
  firedOrPassed,
  notChecked,
  passed,
  type FindingDraft,
  type Rule,
} from '../rule';
import { exactRoutes, managementIfIndex, placeOfRoutes, widerRoute } from './host-routes';
import { cloudOfPods, isWithoutAgent } from './pod-fabric';
import { counted, peersOf, readyPeers, subnetsOf, peerLine } from './peers';

export const rule: Rule = {
  meta: {
    id: 'IN-L2B-ROUTE-MISSING',
    step: 7,
    symptom: 'inter-node',
    severity: 'error',
    title: 'The host has a route to the pods of every peer',
    description:
      'On host-gw the node sends packets for pods elsewhere by plain routes: one per peer, its pod subnet by the address of the peer. A peer without such a route in routes.txt is out of reach.',
    impact:
      'Pods of this node do not reach pods of that peer. Service connections fail for the share of the backends that runs there.',
    needs: ['routes'],
    compares: ['nodes', 'routes'],
    modes: ['l2bridge'],
    cnis: ['flannel-host-gw', 'win-bridge', 'sdnbridge'],
    falsePositives:
      'A wider route by a router counts as a route. Peers that are not Ready are left out. Calico routes blocks, and azure routes in the fabric: neither is checked. Nor is a cloud whose nodes run a plugin without an agent and have no route to any peer (sdnbridge on Google Cloud); elsewhere that is a warning, for a router may know the pods.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/flannel-io/flannel/blob/master/Documentation/backends.md#host-gw',
    ],
    explains: [
      'LOG-FL-LEASE',
      'LOG-FL-ROUTE',
      'CT-POD-POD-REMOTE',
      'FLOW-POD-POD-L2B',
      'SVC-DIP-REACH',
      'CT-REMOTE-NODEPORT',
      'CT-ROLLOUT-STALLED',
      'DNS-BOTH-BAD',
    ],
  },
  check({ snapshot, case: theCase }) {
    const known = peersOf(snapshot, theCase);
    if (known === undefined)
      return notChecked('The pod subnets of the other nodes are not known', 'nodes');
    const subnets = subnetsOf(readyPeers(known.peers), snapshot);
    if (subnets.length === 0) return passed(`No other node has pods (${known.source})`);
    const missing = subnets.filter(
      ({ prefix }) =>
        exactRoutes(snapshot, prefix).length === 0 && widerRoute(snapshot, prefix) === undefined,
    );
    if (missing.length > 0 && snapshot.evidence.get('routes')?.state === 'partial') {
      return notChecked(
        'The route table is cut, and a missing route may be in the lost part',
        'routes',
      );
    }
    const cloud = cloudOfPods(snapshot, known.peers);
    if (cloud !== undefined)
      return doesNotApply(
        `${snapshot.mode.cni} has no agent that sets routes, and ${cloud} takes packets to the pods of other nodes`,
      );
    // Without an agent a router may have all routes and the host none: the same for every peer.
    const byRouter = isWithoutAgent(snapshot) && missing.length === subnets.length;
    const siblings = subnets.flatMap(({ prefix }) => exactRoutes(snapshot, prefix));
    const index = managementIfIndex(snapshot) ?? siblings[0]?.ifIndex;
    const findings = missing.map(({ peer, prefix }): FindingDraft => {
      const via = peer.ips[0] ?? '<address of the peer>';
      return {
        ...(byRouter ? { severity: 'warning' as const } : {}),
        title: byRouter
          ? `Nothing on the host leads to the pods on ${peer.name} (${prefix})`
          : `Pods on ${peer.name} (${prefix}) are out of reach`,
        summary: `The host has no route to ${prefix}, the pods of ${peer.name}; it has routes to ${counted(subnets.length - missing.length, subnets.length)}.`,
        cause: byRouter
          ? `${snapshot.mode.cni} has no agent that sets routes. Where a router or the cloud knows the pod subnets the default gateway is the way and nothing is wrong; else somebody has to set a route to ${prefix} by ${via}.`
          : `flanneld did not set the route to ${prefix} by ${via}, or the route was lost when the vSwitch or the network was made anew: packets to these pods leave by the default gateway, which does not know them.`,
        remedy: [
          {
            text: 'Set the route by hand; traffic flows again at once.',
            command: `New-NetRoute -DestinationPrefix ${argument(prefix)} -NextHop ${argument(via)} -InterfaceIndex ${index ?? '<ifIndex of the management vNIC>'}`,
            verify: {
              kind: 'command',
              command: `Get-NetRoute -DestinationPrefix ${argument(prefix)}`,
              shows: `shows the route, and a pod of this node reaches one of ${peer.name}`,
            },
          },
          ...(byRouter ? [] : [restartFlanneld(prefix, via)]),
        ],
        entities: [peer.entity],
        evidence: [
          ...placeOfRoutes(siblings, snapshot.routes),
          ...peerLine(snapshot, peer, prefix),
        ],
      };
    });
    return firedOrPassed(
      findings,
      `Routes to ${counted(subnets.length, subnets.length)} (${known.source})`,
    );
  },
};

const restartFlanneld = (prefix: string, via: string): Remedy => ({
  text: 'Let flanneld set its routes again, so that the route also survives changes of the cluster.',
  command: 'Restart-Service flanneld',
  disturbs: 'Nothing as long as the subnet of this node stays the same.',
  verify: {
    kind: 'observation',
    text: `flanneld.log shows "Subnet added: ${prefix} via ${via}"`,
  },
});
