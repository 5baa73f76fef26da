import { inCidr } from '../model/ip';
import { endpointRef, loadBalancerName } from '../snapshot/entity-ref';
import { ended, type Disposition } from './disposition';
import { routeOnlyInHns } from './hns-policies';
import { fabricKnowsPods, hostHop } from './host-path';
import { inOwnPodSubnet, type NodeView } from './node-view';
import { arriveAtPeer, arriveByTunnel } from './peer-node';
import { addressText, headerText } from './packet';
import { atNodePort, withoutBalancer } from './node-port';
import { isException } from './quick-walk';
import type { StepPlace } from './steps';
import { walkPort } from './vfp-walk';
import { onward, passing, type Walking } from './walking';

/** Where the packet is when the switch has to find its way. */
type From = 'pod' | 'host' | 'wire';

const switchOf = (view: NodeView): StepPlace => ({
  node: view.snapshot.node,
  column: 'switch',
  name: `vSwitch of ${view.podNetwork?.name ?? 'the pod network'}`,
});

/** From the switch of a node on: to a local port, the host, the wire, or nowhere. */
export function fromSwitch(walking: Walking, view: NodeView, from: From): readonly Walking[] {
  const { header } = walking;
  const to = header.destinationIp;
  if (header.encap.length > 0) return throughTunnel(walking, view);
  const endpoint = view.localEndpoint(to);
  if (view.isHostAddress(to)) return toHost(walking, view, from);
  if (walking.reply && view.isSourceVip(to)) return toSourceVip(walking, view);
  if (endpoint !== undefined) {
    const place = view.portOf(endpoint);
    if (place === undefined) {
      return [
        {
          ...walking,
          end: ended(
            'insufficient-information',
            `${to} is an endpoint of this node, and its VFP port is not in the case.`,
            endpoint.evidence.slice(0, 1),
            [
              {
                what: 'the VFP rules of all ports',
                command: 'vfpctrl /port <port> /list-rule',
                where: 'node',
              },
            ],
          ),
        },
      ];
    }
    const own = header.sourceIp === to;
    const switched = passing(
      walking,
      'switch',
      switchOf(view),
      `the switch hands it to the ${place.name}`,
      {
        after: { ...header, destinationMac: endpoint.mac ?? header.destinationMac },
        evidence: endpoint.evidence.slice(0, 1),
        entities: [endpointRef(endpoint)],
        remarks: own
          ? ['The pod reaches itself through the service: some builds need loopback DSR for that.']
          : [],
      },
    );
    return onward(walkPort(switched, view, place, 'IN'), (each) => [
      {
        ...each,
        arrival: { view, port: place },
        end: ended(
          'delivered',
          `Pod ${to} on ${view.snapshot.node} gets it.`,
          endpoint.evidence.slice(0, 1),
        ),
      },
    ]);
  }
  const nowhere = noOwner(walking, view, from);
  if (nowhere !== undefined) return [{ ...walking, end: nowhere }];
  return routedOut(walking, view, from);
}

/** The node itself is the destination. */
function toHost(walking: Walking, view: NodeView, from: From): readonly Walking[] {
  const { header } = walking;
  const lb = view.loadBalancerAt(header.destinationIp, header.destinationPort, header.protocol);
  const switched = passing(walking, 'switch', switchOf(view), 'the switch hands it to the host');
  const { hostPort } = view;
  const walked = hostPort === undefined ? [switched] : walkPort(switched, view, hostPort, 'IN');
  if (lb !== undefined && !walking.reply)
    return onward(walked, (each) =>
      atNodePort(each, view, lb, from === 'host' ? 'host' : 'elsewhere', (turned) =>
        fromSwitch(turned, view, 'host'),
      ),
    );
  const end = ended(
    'delivered',
    `Node ${view.snapshot.node} itself gets it, at ${header.destinationIp}.`,
  );
  // The node's own connections may use any port that nothing else has.
  const lost = walking.reply || from === 'host' ? undefined : withoutBalancer(walking, view);
  return onward(walked, (each) => [
    lost !== undefined && each.header.destinationIp === header.destinationIp
      ? { ...each, end: lost }
      : { ...each, arrival: { view, port: hostPort }, end },
  ]);
}

/** An answer to the address that a load balancer gave the packet as its source. */
function toSourceVip(walking: Walking, view: NodeView): readonly Walking[] {
  const to = walking.header.destinationIp;
  const taken = passing(
    walking,
    'switch',
    switchOf(view),
    `the switch takes it for ${to}, the source VIP of the load balancers`,
  );
  return [
    {
      ...taken,
      arrival: { view, port: undefined },
      end: ended('delivered', `Node ${view.snapshot.node} gets it, at its source VIP ${to}.`),
    },
  ];
}

/** Why nothing can take the packet, if that is so. */
function noOwner(walking: Walking, view: NodeView, from: From): Disposition | undefined {
  const { header } = walking;
  const to = header.destinationIp;
  const { balancers, service } = view.serviceAddress(to);
  if (balancers.length > 0 || service !== undefined) {
    const wanted = addressText(to, header.destinationPort, header.protocol);
    const lb = view.loadBalancerAt(to, header.destinationPort, header.protocol);
    const name = service === undefined ? to : `${service.namespace ?? 'default'}/${service.name}`;
    const hns =
      lb !== undefined
        ? 'HNS has the load balancer, this port has no rule of it'
        : balancers.length > 0
          ? `HNS has ${balancers.map(loadBalancerName).join(', ')} and none for it`
          : 'HNS has no load balancer for the address';
    return ended(
      'no-endpoint',
      `${wanted} is an address of service ${name}, which no rule translates: ${hns}.`,
      [
        ...balancers.flatMap((b) => b.evidence.slice(0, 1)),
        ...(service?.evidence.slice(0, 1) ?? []),
      ],
    );
  }
  const own = inOwnPodSubnet(view, to);
  if (own === true) {
    return view.endpointsListed
      ? ended(
          'no-endpoint',
          `${to} is in the pod subnet of ${view.snapshot.node}, and no endpoint has it.`,
          view.podNetwork?.evidence.slice(0, 1),
        )
      : ended(
          'insufficient-information',
          `Which endpoint has ${to} is not in the case.`,
          [],
          [
            {
              what: 'the endpoints',
              command: 'Get-HnsEndpoint | ConvertTo-Json -Depth 20',
              where: 'node',
            },
          ],
        );
  }
  const peer = view.peerOfPod(to);
  if (view.snapshot.mode.mode === 'overlay' && peer !== undefined && from !== 'wire') {
    const route = routeOnlyInHns(view, to);
    return ended(
      'no-route',
      `No encapsulation rule leads to ${to}, a pod address of ${peer.name}${route === undefined ? '' : `: ${route.text}`}.`,
      [...(route?.evidence ?? []), ...peer.evidence.slice(0, 1)],
    );
  }
  return undefined;
}

/** By the host's routes to the external port and the wire. */
function routedOut(walking: Walking, view: NodeView, from: From): readonly Walking[] {
  const { nextHop, walking: hopped } = hostHop(walking, view, from === 'pod' ? 'switch' : 'host');
  if (hopped.end !== undefined) return [hopped];
  return onward(throughExternal(hopped, view, 'IN'), (each) => {
    const to = each.header.destinationIp;
    const peer = view.peerAt(nextHop);
    // Who asked has a way to the address that answers.
    const lost = peer === undefined && !each.reply ? noWayBack(each, view) : undefined;
    const wire = passing(each, 'wire', wireOf(view), `on the wire to ${nextHop}`, {
      remarks: podMacRemark(each, view),
      assumes: lost === undefined ? [] : ['fabric-unrouted'],
    });
    if (peer !== undefined) return arriveAtPeer(wire, view, peer, fromWire);
    return [
      {
        ...wire,
        end: lost ?? ended('delivered', `It leaves ${view.snapshot.node} for ${to} by ${nextHop}.`),
      },
    ];
  });
}

const wireOf = (view: NodeView): StepPlace => ({
  node: view.snapshot.node,
  column: 'wire',
  name: 'wire',
});

/** Without its rules the external port is passed, and the trace says that this is assumed. */
function throughExternal(
  walking: Walking,
  view: NodeView,
  direction: 'IN' | 'OUT',
): readonly Walking[] {
  const { externalPort } = view;
  if (externalPort !== undefined) return walkPort(walking, view, externalPort, direction);
  const place: StepPlace = { node: view.snapshot.node, column: 'external', name: 'external port' };
  return [
    passing(walking, 'port', place, 'passes the external port, whose rules are not in the case', {
      assumes: ['external-port'],
    }),
  ];
}

/** In a tunnel: the outer header is routed by the host. */
function throughTunnel(walking: Walking, view: NodeView): readonly Walking[] {
  const { header } = walking;
  const outer = header.encap[0]?.destinationIp ?? '';
  return onward(throughExternal(walking, view, 'IN'), (each) => {
    const wire = passing(each, 'wire', wireOf(view), `on the wire to ${outer}, UDP 4789`);
    if (view.isHostAddress(outer))
      return [
        {
          ...wire,
          end: ended('looped', `The tunnel leads to ${outer}, which is this node itself.`),
        },
      ];
    return arriveByTunnel(wire, view, outer, fromWire);
  });
}

/** A frame with a pod's MAC on the wire of an l2bridge node: the rewriting rule did not match. */
function podMacRemark({ header }: Walking, view: NodeView): string[] {
  const pod = view.snapshot.links.endpointsByMac.get(header.sourceMac ?? '');
  const host = view.snapshot.addresses.hostMac?.value;
  return view.snapshot.mode.mode === 'l2bridge' &&
    pod !== undefined &&
    host !== undefined &&
    header.sourceMac !== host
    ? [`It carries the pod's MAC: no rule of the external port made it ${host.toUpperCase()}.`]
    : [];
}

/** A pod address that leaves the cluster untranslated: nothing outside knows the way back. */
function noWayBack({ header, marks }: Walking, view: NodeView): Disposition | undefined {
  const { sourceIp, destinationIp } = header;
  const { managementSubnet } = view.snapshot.addresses;
  if (inOwnPodSubnet(view, sourceIp) !== true || fabricKnowsPods(view)) return undefined;
  if (managementSubnet !== undefined && inCidr(destinationIp, managementSubnet.value) === true)
    return undefined;
  if (view.snapshot.mode.cni === 'calico-bgp') return undefined;
  // Global IPv6 addresses may be routed by the fabric; unique local ones (RFC 4193) are not.
  if (inCidr(sourceIp, '2000::/3') === true) return undefined;
  if (onHostLink(view, destinationIp)) return undefined;
  const spared = marks.findLast(isException);
  const policy = view.localEndpoint(sourceIp)?.policies.find((p) => p.kind === 'outbound-nat');
  const why =
    spared !== undefined
      ? `rule ${spared.name} exempts it from NAT`
      : policy === undefined
        ? 'the endpoint has no OutBoundNAT policy'
        : 'HNS has an OutBoundNAT policy for the endpoint, and no rule of its VFP port translates this packet';
  return ended(
    'no-route',
    `It leaves with the pod's own address ${sourceIp}, to which nothing outside of the cluster has a route, so no answer comes back: ${why}.`,
    [...(spared?.evidence.slice(0, 1) ?? []), ...(policy?.evidence.slice(0, 1) ?? [])],
  );
}

/** Is it a neighbour of the node itself, which a route of its own may lead back to the pods? */
const onHostLink = (view: NodeView, ip: string): boolean =>
  view.hostLinks.some((prefix) => inCidr(ip, prefix) === true);

/** A packet comes from the wire into a node. */
export function fromWire(walking: Walking, view: NodeView): readonly Walking[] {
  const key = `${view.snapshot.id} wire ${headerText(walking.header)}`;
  if (walking.seen.includes(key))
    return [
      { ...walking, end: ended('looped', `The packet comes to ${view.snapshot.node} again.`) },
    ];
  const arrived = { ...walking, seen: [...walking.seen, key] };
  const walked =
    view.externalPort === undefined ? [arrived] : walkPort(arrived, view, view.externalPort, 'OUT');
  return onward(walked, (each) => fromSwitch(each, view, 'wire'));
}
