import { routeRef } from '../../snapshot/entity-ref';
import { argument } from '../commands';
import { firedOrPassed, notChecked, passed, type FindingDraft, type Rule } from '../rule';
import { exactRoutes } from './host-routes';
import { counted, peersOf, subnetsOf, peerLine } from './peers';

export const rule: Rule = {
  meta: {
    id: 'IN-L2B-ROUTE-NEXTHOP',
    step: 7,
    symptom: 'inter-node',
    severity: 'error',
    title: "Each route to a peer's pods leads to that peer",
    description:
      "Compares the next hop of the route to each peer's pod subnet with the addresses of the node that owns the subnet. A route that leads elsewhere sends the packets to the wrong node.",
    impact: 'Packets for the pods of that peer arrive at another machine, which drops them.',
    needs: ['routes'],
    compares: ['nodes', 'routes'],
    modes: ['l2bridge'],
    cnis: ['flannel-host-gw', 'win-bridge', 'sdnbridge'],
    falsePositives:
      'A node with several addresses: each InternalIP and the public-ip that flannel notes is accepted. A router as next hop for a single peer is not known here.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/flannel-io/flannel/blob/master/pkg/backend/route_network_windows.go',
    ],
    explains: [
      'CT-POD-POD-REMOTE',
      'FLOW-POD-POD-L2B',
      'SVC-DIP-REACH',
      'CT-REMOTE-NODEPORT',
      'LOG-FL-REPLACED',
      'DNS-BOTH-BAD',
    ],
  },
  check({ snapshot, case: theCase }) {
    const known = peersOf(snapshot, theCase);
    if (known === undefined)
      return notChecked('The addresses of the other nodes are not known', 'nodes');
    const judged = subnetsOf(known.peers, snapshot).flatMap(({ peer, prefix }) => {
      const routes = exactRoutes(snapshot, prefix);
      return routes.length === 0 || peer.ips.length === 0 ? [] : [{ peer, prefix, routes }];
    });
    if (judged.length === 0)
      return passed(`No route to a peer's pods to compare (${known.source})`);
    const wrong = judged.filter(
      ({ peer, routes }) => !routes.some((r) => peer.ips.includes(r.nextHop)),
    );
    const findings = wrong.map(({ peer, prefix, routes }): FindingDraft => {
      const route = routes.find((r) => r.source === 'Get-NetRoute') ?? routes[0];
      const hop = route?.nextHop ?? '';
      const taken = known.peers.find((p) => p.ips.includes(hop))?.name;
      const owner = peer.ips[0] ?? '';
      return {
        title: `Packets for pods on ${peer.name} go to the wrong node`,
        summary: `The route to ${prefix} leads to ${hop}${taken === undefined ? '' : ` (${taken})`}; the subnet belongs to ${peer.name} at ${owner}.`,
        cause: `The address of ${peer.name} changed, or its pod subnet was given to another node, and the route of this node was not renewed.`,
        remedy: [
          {
            text: 'Replace the route.',
            command: `Remove-NetRoute -DestinationPrefix ${argument(prefix)} -NextHop ${argument(hop)} -Confirm:$false; New-NetRoute -DestinationPrefix ${argument(prefix)} -NextHop ${argument(owner)} -InterfaceIndex ${route?.ifIndex ?? '<ifIndex of the management vNIC>'}`,
            disturbs: `Connections to ${prefix}, which do not work now.`,
            verify: {
              kind: 'command',
              command: `Get-NetRoute -DestinationPrefix ${argument(prefix)}`,
              shows: `names ${owner}`,
            },
          },
          {
            text: 'Restart flanneld, and see in its log that it takes the lease of the peer by the new address.',
            command: 'Restart-Service flanneld',
          },
        ],
        entities: [...(route === undefined ? [] : [routeRef(route)]), peer.entity],
        evidence: [...(route?.evidence ?? []), ...peerLine(snapshot, peer, prefix)],
      };
    });
    return firedOrPassed(
      findings,
      `The routes to ${counted(judged.length, known.peers.length)} lead to their owners (${known.source})`,
    );
  },
};
