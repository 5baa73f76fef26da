import { cidrHas, ipText, parseCidr, parseIp } from '../../model/ip';
import type { Route } from '../../model/tcpip';
import { routeRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { fired, notChecked, passed, type FindingDraft, type Rule } from '../rule';

/** Fewer routes than this are a fragment: Windows itself makes more for its loopback. */
const WHOLE_TABLE = 4;

/** Route metric plus interface metric: the number by which Windows chooses. */
function effectiveMetric(route: Route, snapshot: NodeSnapshot): number | undefined {
  if (route.metricSum !== undefined) return route.metricSum;
  const byInterface =
    route.interfaceMetric ??
    snapshot.interfaces.find(
      ({ ifIndex, metric }) => ifIndex === route.ifIndex && metric !== undefined,
    )?.metric;
  return route.routeMetric === undefined || byInterface === undefined
    ? undefined
    : route.routeMetric + byInterface;
}

const line = (route: Route): FindingDraft['evidence'] => route.evidence.slice(0, 1);

export const rule: Rule = {
  meta: {
    id: 'OUT-QUADZERO',
    step: 7,
    symptom: 'outbound',
    severity: 'error',
    title: 'The host has its default route, and the bridge does not outrank it',
    description:
      'Looks at the routes to 0.0.0.0/0: one through the gateway of the node must be there, and the one through address 1 of the pod subnet (on the bridge) must not have the lower metric.',
    impact: 'The node, and with it every pod, loses its way out.',
    needs: ['routes'],
    modes: ['l2bridge'],
    cnis: ['flannel-host-gw', 'win-bridge', 'calico-bgp'],
    falsePositives:
      'Newer flannel makes no default route on the bridge, so its absence is no fault.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
    ],
    explains: ['CT-POD-INTERNET', 'FLOW-POD-NET', 'EV-NODE-NOTREADY'],
  },
  check({ snapshot }) {
    const podCidr = parseCidr(snapshot.addresses.podCidr?.value ?? '');
    if (!podCidr) return notChecked('The pod subnet of the node is not known', 'networks');
    const active = snapshot.routes.filter(({ persistent }) => !persistent);
    const defaults = active.filter(({ destination }) => destination === '0.0.0.0/0');
    const inPods = (route: Route): boolean => {
      const hop = parseIp(route.nextHop);
      return hop !== undefined && cidrHas(podCidr, hop);
    };
    const bridgeHop = ipText({ family: 4, value: podCidr.base + 1n });
    const bridge = defaults.filter(({ nextHop }) => nextHop === bridgeHop);
    const real = defaults.filter((route) => route.nextHop !== 'on-link' && !inPods(route));
    const management = snapshot.addresses.managementSubnet?.value;
    if (real.length === 0) {
      if (active.length < WHOLE_TABLE)
        return notChecked('The routes are a fragment of a table', 'routes');
      const [first] = active;
      return fired({
        title: 'The node has no default route: neither it nor its pods reach anything outside',
        summary: `None of ${active.length} routes leads to 0.0.0.0/0 through a gateway outside of the pod subnet ${snapshot.addresses.podCidr?.value ?? ''}.`,
        cause:
          'The default gateway was lost when the virtual switch took over the adapter, or was removed by hand.',
        remedy: [
          {
            text: 'Add the default route of the node again.',
            command: `New-NetRoute -DestinationPrefix 0.0.0.0/0 -InterfaceAlias "vEthernet (Ethernet)" -NextHop <gateway of ${management ?? 'the node'}>`,
            disturbs: 'Nothing that works.',
            verify: {
              kind: 'command',
              command: 'Test-NetConnection www.microsoft.com -Port 443',
              shows: 'succeeds on the node',
            },
          },
        ],
        entities: bridge.slice(0, 1).map(routeRef),
        evidence: bridge[0] ? line(bridge[0]) : first ? line(first) : [],
      });
    }
    const outranked = bridge.flatMap((route) => {
      const mine = effectiveMetric(route, snapshot);
      const others = real.filter(({ source }) => source === route.source);
      const best = others.reduce<{ route: Route; metric: number } | undefined>((lowest, other) => {
        const metric = effectiveMetric(other, snapshot);
        return metric !== undefined && (lowest === undefined || metric < lowest.metric)
          ? { route: other, metric }
          : lowest;
      }, undefined);
      return mine !== undefined && best && mine < best.metric ? [{ route, mine, best }] : [];
    })[0];
    if (outranked) {
      return fired({
        title: 'The default route of the bridge wins: traffic of the node goes to the pod subnet',
        summary: `0.0.0.0/0 through ${outranked.route.nextHop} has metric ${outranked.mine}, through ${outranked.best.route.nextHop} ${outranked.best.metric}; Windows takes the lower one.`,
        cause: 'The interface metric of the bridge is lower than that of the adapter of the node.',
        remedy: [
          {
            text: 'Raise the interface metric of the bridge.',
            command: `Set-NetIPInterface -InterfaceIndex ${outranked.route.ifIndex ?? '<index>'} -InterfaceMetric ${outranked.best.metric + 10}`,
            disturbs: 'Nothing.',
            verify: {
              kind: 'command',
              command: 'Find-NetRoute -RemoteIPAddress 1.1.1.1',
              shows: `shows ${outranked.best.route.nextHop}`,
            },
          },
        ],
        entities: [routeRef(outranked.route), routeRef(outranked.best.route)],
        evidence: [...line(outranked.route), ...line(outranked.best.route)],
      });
    }
    const detail = `0.0.0.0/0 leads through ${real[0]?.nextHop ?? ''}`;
    return passed(
      bridge.length > 0
        ? `${detail}; the route of the bridge does not outrank it`
        : `${detail}; the bridge has no default route, which newer flannel does not make`,
    );
  },
};
