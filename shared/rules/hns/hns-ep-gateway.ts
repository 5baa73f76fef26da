import type { HnsEndpoint } from '../../model/hns';
import { cidrText, nthAddress } from '../../model/ip';
import { endpointRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { kubectlOnPod } from '../commands';
import { countOf, fieldEvidence, someOf } from '../evidence-lines';
import { podEndpoints, podNameOf, podOf, subnetOf } from '../pod-endpoints';
import { firedOrPassed, notChecked, type Rule } from '../rule';

export const rule: Rule = {
  meta: {
    id: 'HNS-EP-GATEWAY',
    step: 6,
    severity: 'error',
    title: 'Endpoints of pods have the gateway of their mode',
    description:
      'On l2bridge with flannel host-gw, win-bridge or Calico BGP a pod sends to .2 of its pod subnet (the bridge endpoint), on overlay to .1, with azure to the gateway of the subnet.',
    impact: 'The pod sends everything beyond its subnet to an address nobody owns.',
    needs: ['endpoints', 'networks'],
    modes: ['l2bridge', 'overlay', 'l2tunnel'],
    cnis: [
      'flannel-host-gw',
      'win-bridge',
      'calico-bgp',
      'flannel-vxlan',
      'win-overlay',
      'calico-vxlan',
      'azure',
    ],
    falsePositives:
      'Calico counts from the address block of the endpoint. Only IPv4 gateways are looked at; an endpoint whose gateway the file does not show is left out.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/containernetworking/plugins/tree/main/plugins/main/windows/win-bridge',
    ],
    explains: ['OUT-GW-L2B', 'OUT-GW-OVL'],
  },
  check({ snapshot }) {
    if (snapshot.mode.cni === 'unknown') {
      return notChecked('The convention depends on the CNI, which is not known', 'cniConfig');
    }
    const judged = podEndpoints(snapshot).flatMap((endpoint) => judge(snapshot, endpoint));
    if (judged.length === 0) {
      return notChecked('No endpoint of a pod shows both its gateway and its subnet', 'endpoints');
    }
    const groups = new Map<string, (typeof judged)[number][]>();
    for (const item of judged.filter(({ has, wants }) => has !== wants)) {
      const key = `${item.has} ${item.wants}`;
      groups.set(key, [...(groups.get(key) ?? []), item]);
    }
    const findings = [...groups.values()].flatMap((group) => {
      const [first] = group;
      if (!first) return [];
      const { has, wants, subnet } = first;
      const names = group.map(({ endpoint }) => podNameOf(snapshot, endpoint));
      return [
        {
          title: `${someOf(names, 2)} ${group.length === 1 ? 'sends' : 'send'} to gateway ${has}, which does not serve ${subnet}`,
          summary: `${countOf(group.length, 'endpoint')} of ${judged.length} ${group.length === 1 ? 'has' : 'have'} gateway ${has}; pods of ${subnet} in this mode need ${wants}.`,
          cause:
            'The plugin that made the endpoint took another gateway: a forced bridge gateway, a CNI of another mode, or an old version of the plugin.',
          remedy: [
            {
              text: 'Correct the CNI configuration (plugin type, gateway options), then make the pods anew: the gateway of an endpoint cannot be changed.',
              command: kubectlOnPod('delete', podOf(snapshot, first.endpoint)),
              disturbs: 'The pod is replaced.',
              verify: {
                kind: 'command' as const,
                command: 'Get-HnsEndpoint',
                shows: `shows GatewayAddress ${wants} for the new pod`,
              },
            },
          ],
          entities: group.slice(0, 10).map(({ endpoint }) => endpointRef(endpoint)),
          evidence: group
            .slice(0, 10)
            .flatMap(({ endpoint }) => fieldEvidence(endpoint, 'gateway')),
        },
      ];
    });
    return firedOrPassed(
      findings,
      `Gateways of ${judged.length} of ${judged.length} pod endpoints follow the mode`,
    );
  },
};

interface Judged {
  readonly endpoint: HnsEndpoint;
  readonly has: string;
  readonly wants: string;
  readonly subnet: string;
}

/** The gateway an endpoint has and should have; nothing where either is not known. */
function judge(snapshot: NodeSnapshot, endpoint: HnsEndpoint): Judged[] {
  const ip = endpoint.ipAddresses.find((address) => !address.includes(':'));
  const has = endpoint.gateways.find((address) => !address.includes(':'));
  const subnet = ip === undefined ? undefined : subnetOf(snapshot, endpoint, ip);
  if (has === undefined || !subnet) return [];
  const wants = wanted(snapshot, subnet);
  return wants === undefined ? [] : [{ endpoint, has, wants, subnet: cidrText(subnet.cidr) }];
}

function wanted(
  snapshot: NodeSnapshot,
  subnet: NonNullable<ReturnType<typeof subnetOf>>,
): string | undefined {
  switch (snapshot.mode.cni) {
    case 'flannel-host-gw':
    case 'win-bridge':
    case 'calico-bgp':
      return nthAddress(subnet.cidr, 2);
    case 'flannel-vxlan':
    case 'win-overlay':
    case 'calico-vxlan':
      return nthAddress(subnet.cidr, 1);
    case 'azure':
      return subnet.gateway;
    default:
      return undefined;
  }
}
