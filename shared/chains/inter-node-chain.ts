import type { EntityRef } from '../model/finding';
import { macText } from '../model/ids';
import { cidrRange, inCidr, parseCidr, parseIpRange } from '../model/ip';
import { exactRoutes, placeOfRoutes, widerRoute } from '../rules/inter-node/host-routes';
import {
  canonicalCidr,
  peersOf,
  podNetworkOf,
  remoteSubnetRoutes,
  routesTo,
  subnetsOf,
  type Peer,
} from '../rules/inter-node/peers';
import { networkRef, routeRef, vfpPortRef } from '../snapshot/entity-ref';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { podPortName, podPorts, wasListed } from '../snapshot/vfp-ports';
import { causesOf } from './causes';
import {
  broken,
  counted,
  doubtful,
  judgedBy,
  link,
  ok,
  unseen,
  type ChainContext,
  type ChainLink,
  type LinkDraft,
  type Observation,
  type Subject,
  type SymptomChain,
} from './chain';

const about = (refs: readonly EntityRef[]): Subject => ({ kinds: ['node'], refs });

const WHAT = { one: 'peer', many: 'peers' };

/** One chain for each pod subnet of another node. */
export function interNodeChains(context: ChainContext): SymptomChain[] {
  const { snapshot } = context;
  const { mode } = snapshot.mode;
  const known = peersOf(snapshot, context.case);
  const causes = causesOf('inter-node', mode);
  if (known === undefined) {
    const links = [
      draft('peer-subnet', 'Peer subnets', [], unseen('add kubectl get nodes -o json')),
      draft(
        'route',
        mode === 'overlay' ? 'RemoteSubnetRoute to each' : 'Route to each',
        [],
        unseen('needs the peers'),
      ),
    ].map((d) => link(context, about([]), d));
    return counted(
      [
        {
          id: 'inter-node',
          symptom: 'inter-node',
          title: 'Inter-node: pods on other nodes',
          links,
          causes,
        },
      ],
      WHAT,
    );
  }
  const subnets = subnetsOf(known.peers, snapshot);
  return counted(
    subnets.map(({ peer, prefix }) => ({
      id: `inter-node:${peer.name}:${prefix}`,
      symptom: 'inter-node' as const,
      title: `Inter-node: pods on ${peer.name}`,
      links:
        mode === 'overlay'
          ? overlayLinks(context, peer, prefix)
          : bridgeLinks(context, peer, prefix),
      causes,
    })),
    WHAT,
  );
}

const draft = (
  id: string,
  title: string,
  ruleIds: readonly string[],
  seen: Observation,
): LinkDraft => ({ id, title, ruleIds, seen });

function peerLink(peer: Peer, prefix: string): LinkDraft {
  const where = `${prefix} at ${peer.ips[0] ?? 'an unknown address'}`;
  const seen =
    peer.ready === false
      ? doubtful(`${where}, node not Ready`, peer.evidence.slice(0, 1), [peer.entity])
      : ok(where, peer.evidence.slice(0, 1), [peer.entity]);
  return draft('peer-subnet', 'Peer subnet', ['CNI-FL-BACKEND', 'IN-PODCIDR-DUP'], seen);
}

function bridgeLinks(context: ChainContext, peer: Peer, prefix: string): ChainLink[] {
  const { snapshot } = context;
  const routes = exactRoutes(snapshot, prefix);
  const route = routes.find((r) => r.source === 'Get-NetRoute') ?? routes[0];
  const wider = widerRoute(snapshot, prefix);
  const used = route ?? wider;
  const seenRoute =
    snapshot.routes.length === 0
      ? unseen('add Get-NetRoute')
      : used === undefined
        ? judgedBy(
            'IN-L2B-ROUTE-MISSING',
            broken(`no route to ${prefix}`, placeOfRoutes([], snapshot.routes)),
          )
        : ok(
            `via ${used.nextHop}${used.ifIndex === undefined ? '' : `, ifIndex ${used.ifIndex}`}`,
            used.evidence,
            [routeRef(used)],
          );
  const drafts = [
    peerLink(peer, prefix),
    draft('route', 'Route', ['IN-L2B-ROUTE-MISSING', 'LOG-FL-LEASE', 'LOG-FL-ROUTE'], seenRoute),
    draft(
      'next-hop',
      'Next hop is the peer',
      ['IN-L2B-ROUTE-NEXTHOP', 'IN-L2B-OFFLINK', 'IN-L2B-ARP', 'IN-L2B-CLOUD'],
      nextHop(snapshot, peer, used?.nextHop, wider !== undefined && route === undefined),
    ),
    draft('way-back', "Peer's way back", ['IN-ASYMMETRY'], bridgeWayBack(snapshot, peer)),
  ];
  return drafts.map((d) => link(context, about([peer.entity]), d));
}

function nextHop(
  snapshot: NodeSnapshot,
  peer: Peer,
  hop: string | undefined,
  router: boolean,
): Observation {
  if (hop === undefined) return unseen('there is no route');
  if (router) return ok(`by the router ${hop}`);
  if (peer.ips.length > 0 && !peer.ips.includes(hop))
    return broken(
      `${hop} is not ${peer.name} (${peer.ips.join(', ')})`,
      peer.evidence.slice(0, 1),
      [peer.entity],
    );
  const subnet = snapshot.addresses.managementSubnet;
  const comparable = subnet !== undefined && hop.includes(':') === subnet.value.includes(':');
  if (comparable && inCidr(hop, subnet.value) === false)
    return doubtful(`${hop} is not on the node's segment ${subnet.value}`, subnet.evidence);
  const neighbour = snapshot.neighbours.find((n) => n.ip === hop && n.mac !== undefined);
  const at = neighbour?.mac === undefined ? '' : `, answers from ${macText(neighbour.mac)}`;
  return ok(`${hop}${subnet === undefined ? '' : ` in ${subnet.value}`}${at}`, neighbour?.evidence);
}

function bridgeWayBack(snapshot: NodeSnapshot, peer: Peer): Observation {
  const own = snapshot.addresses;
  const other = peer.snapshot;
  if (other === undefined || other.routes.length === 0)
    return unseen(`needs the bundle of ${peer.name}`);
  const prefix = own.podCidr === undefined ? undefined : canonicalCidr(own.podCidr.value);
  if (prefix === undefined || own.managementIp === undefined)
    return unseen('the own pod subnet is not known');
  const routes = exactRoutes(other, prefix);
  const right = routes.find((r) => r.nextHop === own.managementIp?.value);
  if (right !== undefined) return ok(`${prefix} via ${right.nextHop}`, right.evidence);
  const [wrong] = routes;
  return wrong === undefined
    ? broken(`${peer.name} has no route to ${prefix}`, placeOfRoutes([], other.routes))
    : broken(`${peer.name} sends ${prefix} to ${wrong.nextHop}`, wrong.evidence);
}

function overlayLinks(context: ChainContext, peer: Peer, prefix: string): ChainLink[] {
  const { snapshot } = context;
  const network = podNetworkOf(snapshot);
  const routes = network === undefined ? [] : routesTo(network, prefix);
  const [route] = routes;
  const evidence = route?.evidence ?? network?.evidence.slice(0, 1);
  const refs = network === undefined ? [] : [networkRef(network)];
  const seenRoute =
    network === undefined || (network.policies.length === 0 && network.subnets.length === 0)
      ? unseen('add Get-HnsNetwork | ConvertTo-Json -Depth 20')
      : route === undefined
        ? judgedBy(
            'IN-OVL-RSR-MISSING',
            broken(
              `no policy for ${prefix} among ${remoteSubnetRoutes(network).length}`,
              evidence,
              refs,
            ),
          )
        : ok(`in ${network.name ?? 'the network'}`, evidence, refs);
  const address = route?.providerAddress;
  const seenTunnel =
    address === undefined
      ? unseen('there is no policy')
      : peer.ips.length > 0 && !peer.ips.includes(address)
        ? broken(`${address} is not ${peer.name} (${peer.ips.join(', ')})`, evidence, refs)
        : ok(`${address}, VXLAN id ${route?.isolationId ?? 'not shown'}`, evidence);
  const mac = route?.drMac;
  const seenMac =
    mac === undefined
      ? unseen('there is no policy')
      : peer.routerMac === undefined
        ? unseen('add kubectl get nodes -o json')
        : peer.routerMac.value === mac
          ? ok(macText(mac), evidence)
          : broken(`${macText(mac)}, the peer has ${macText(peer.routerMac.value)}`, [
              ...(evidence ?? []),
              ...peer.routerMac.evidence.slice(0, 1),
            ]);
  const drafts = [
    peerLink(peer, prefix),
    draft(
      'remote-subnet-route',
      'RemoteSubnetRoute',
      ['IN-OVL-RSR-MISSING', 'IN-OVL-RSR-DUP'],
      seenRoute,
    ),
    draft(
      'tunnel',
      'Tunnel to the peer',
      ['IN-OVL-RSR-PA', 'IN-OVL-RSR-VNI', 'IN-OVL-UDP4789'],
      seenTunnel,
    ),
    draft('router-mac', "Peer's router MAC", ['IN-OVL-RSR-DRMAC'], seenMac),
    draft(
      'vfp',
      'VFP rule on each port',
      ['IN-OVL-VFP-DRIFT', 'IN-OVL-ENCAP-SRC'],
      encapRules(snapshot, prefix, route === undefined ? undefined : { ip: address, mac }),
    ),
    draft('way-back', "Peer's way back", ['IN-ASYMMETRY'], overlayWayBack(snapshot, peer)),
  ];
  return drafts.map((d) => link(context, about([peer.entity]), d));
}

/** On how many pod ports a routeencap rule for the prefix leads where the HNS policy says. */
function encapRules(
  snapshot: NodeSnapshot,
  prefix: string,
  policy: { readonly ip: string | undefined; readonly mac: string | undefined } | undefined,
): Observation {
  const ports = podPorts(snapshot).filter(({ port }) => wasListed(port));
  if (ports.length === 0) {
    return unseen(
      snapshot.vfp.length === 0 ? 'add vfpOutput.txt' : 'no VFP port of a pod is known',
    );
  }
  if (policy === undefined) return unseen('there is no policy to compare with');
  const cidr = parseCidr(prefix);
  const wanted = cidr && cidrRange(cidr);
  const has = ports.map(({ dump, port }) =>
    dump.rulesOfPort(port.index).find((index) => {
      const body = dump.body(dump.bodyIdOf(index));
      if (body.type !== 'routeencap') return false;
      const covers = body.conditions.destinationIps.some((text) => {
        const range = parseIpRange(text);
        return range?.from === wanted?.from && range?.to === wanted?.to;
      });
      return (
        covers &&
        body.encapDestinations.some(
          (d) =>
            d.ip === policy.ip &&
            (d.mac === undefined || policy.mac === undefined || d.mac === policy.mac),
        )
      );
    }),
  );
  const good = has.filter((index) => index !== undefined).length;
  const lacking = ports.filter((_p, i) => has[i] === undefined);
  const text = `${good} of ${ports.length} ports`;
  if (lacking.length === 0) {
    const { dump } = ports[0] ?? {};
    return ok(text, dump === undefined || has[0] === undefined ? [] : [dump.rule(has[0]).evidence]);
  }
  const names = lacking.map(podPortName).slice(0, 3).join(', ');
  return broken(
    `${text}: none as HNS says on ${names}`,
    lacking.slice(0, 2).map(({ port }) => port.evidence),
    lacking.slice(0, 3).map(({ dump, port }) => vfpPortRef(dump.file, port.index, port.name)),
  );
}

function overlayWayBack(snapshot: NodeSnapshot, peer: Peer): Observation {
  const network = peer.snapshot && podNetworkOf(peer.snapshot);
  const own = snapshot.addresses;
  if (network === undefined) return unseen(`needs the bundle of ${peer.name}`);
  const prefix = own.podCidr === undefined ? undefined : canonicalCidr(own.podCidr.value);
  if (prefix === undefined || own.managementIp === undefined)
    return unseen('the own pod subnet is not known');
  const [route] = routesTo(network, prefix);
  if (route === undefined)
    return broken(
      `${peer.name} has no RemoteSubnetRoute for ${prefix}`,
      network.evidence.slice(0, 1),
    );
  const mac = podNetworkOf(snapshot)?.drMac;
  const right =
    route.providerAddress === own.managementIp.value &&
    (mac === undefined || route.drMac === undefined || route.drMac === mac);
  const text = `${prefix} by ${route.providerAddress ?? 'no address'}${route.drMac === undefined ? '' : `, ${macText(route.drMac)}`}`;
  return right
    ? ok(text, route.evidence)
    : broken(`${peer.name} sends ${text}, which is not this node`, route.evidence);
}
