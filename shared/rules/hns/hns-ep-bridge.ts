import type { HnsEndpoint, HnsNetwork } from '../../model/hns';
import { canonicalIp, cidrText, nthAddress, parseCidr, type Cidr } from '../../model/ip';
import { endpointRef, networkRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument, quotedPart } from '../commands';
import { fieldEvidence, isWholeListing, listingEvidence } from '../evidence-lines';
import { doesNotApply, fired, notChecked, passed, type FindingDraft, type Rule } from '../rule';

export const rule: Rule = {
  meta: {
    id: 'HNS-EP-BRIDGE',
    step: 6,
    severity: 'error',
    title: 'The bridge endpoint is in its place',
    description:
      'With flannel host-gw and Calico BGP the host itself has an endpoint on the pod network (cbr0_ep, Calico_ep) with address .2: it is the gateway of every pod. It must exist, have that address and be attached to the host.',
    impact: 'No pod of the node reaches anything beyond its own subnet.',
    needs: ['endpoints', 'networks'],
    modes: ['l2bridge'],
    cnis: ['flannel-host-gw', 'calico-bgp'],
    falsePositives:
      'azure and l2tunnel use none and are left out. Calico counts from its address block.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/flannel-io/flannel/issues/1423',
    ],
    explains: ['HNS-EP-FORWARDING', 'SVC-DIP-REACH', 'CT-POD-POD-REMOTE', 'CT-POD-INTERNET'],
  },
  check({ snapshot }) {
    if (snapshot.mode.cni === 'unknown') {
      return notChecked(
        'Whether the node needs a bridge endpoint depends on the CNI, which is not known',
        'cniConfig',
      );
    }
    const network = snapshot.networks.find(({ id }) => id === snapshot.mode.podNetworkId);
    if (!network) return doesNotApply('HNS has no pod network');
    const subnets = network.subnets
      .flatMap(({ prefix }) => parseCidr(prefix) ?? [])
      .filter(({ family }) => family === 4);
    const wanted = subnets.map((cidr) => nthAddress(cidr, 2));
    const local = snapshot.endpoints.filter(
      (endpoint) =>
        endpoint.isRemote !== true &&
        (snapshot.links.networkOf.get(endpoint)?.id ?? network.id) === network.id,
    );
    const named = local.filter(({ name }) => /_ep$/i.test(name ?? ''));
    const bridge =
      local.find(({ ipAddresses }) => ipAddresses.some((ip) => wanted.includes(ip))) ?? named[0];
    if (!bridge) return missing(snapshot, network, subnets[0]);
    const ip = bridge.ipAddresses.find((address) => !address.includes(':'));
    if (ip === undefined || wanted.length === 0)
      return notChecked(
        'The addresses of the bridge endpoint or of its network are not shown',
        'endpoints',
        'networks',
      );
    if (!wanted.includes(ip)) return fired(misplaced(bridge, ip, wanted[0] ?? '', network));
    const host = snapshot.compartments.find(({ id }) => id === 1);
    if (!host)
      return passed(
        `${bridge.name ?? 'The bridge endpoint'} has ${ip}; whether it is attached to the host is not known without ip.txt`,
      );
    const attached = host.adapters.some(({ ipv4 }) =>
      ipv4.some(({ address }) => canonicalIp(address) === ip),
    );
    if (attached)
      return passed(
        `${bridge.name ?? 'The bridge endpoint'} has ${ip} and is attached to the host`,
      );
    // ip.txt of all compartments goes on behind the host's adapters, or it ends too early.
    const ended =
      snapshot.compartments.length === 1 &&
      snapshot.endpoints.some((e) => e.isRemote !== true && e.id !== bridge.id && e.state === 3);
    return ended || !isWholeListing(snapshot, 'compartments')
      ? notChecked(
          'ip.txt is cut: adapters of the host that it does not show may exist',
          'compartments',
        )
      : fired(detached(bridge, ip, host.evidence[0]));
  },
};

function missing(
  snapshot: NodeSnapshot,
  network: HnsNetwork,
  subnet: Cidr | undefined,
): ReturnType<Rule['check']> {
  if (!isWholeListing(snapshot, 'hns-endpoints')) {
    return notChecked(
      'The list of endpoints is cut; the bridge endpoint may be in the lost part',
      'endpoints',
    );
  }
  const name = network.name ?? network.id;
  return fired({
    title: 'Pods of this node have no gateway: the bridge endpoint is missing',
    summary: `Network ${name}${subnet ? ` (${cidrText(subnet)})` : ''} has no endpoint of the host${subnet ? ` at ${nthAddress(subnet, 2)}` : ''}, which every pod uses as gateway.`,
    cause:
      'The agent failed to make it at its start, or it was removed with a clean-up or a restart of HNS.',
    remedy: remedy(`${name}_ep`),
    entities: [networkRef(network)],
    evidence: [
      ...network.evidence.slice(0, 1),
      ...listingEvidence(snapshot, 'hns-endpoints').slice(0, 1),
    ],
  });
}

function misplaced(
  bridge: HnsEndpoint,
  ip: string,
  wanted: string,
  network: HnsNetwork,
): FindingDraft {
  return {
    title: `The gateway of the pods is at ${ip}, and they send to ${wanted}`,
    summary: `Bridge endpoint ${bridge.name ?? bridge.id} has the address ${ip}; pods of network ${network.name ?? network.id} use ${wanted}.`,
    cause:
      'The bridge endpoint is left from an earlier pod subnet of the node, or was made by hand.',
    remedy: remedy(bridge.name ?? '<network>_ep', bridge.id),
    entities: [endpointRef(bridge), networkRef(network)],
    evidence: [...fieldEvidence(bridge, 'ip'), ...fieldEvidence(network, 'subnets')],
  };
}

function detached(
  bridge: HnsEndpoint,
  ip: string,
  host: FindingDraft['evidence'][number] | undefined,
): FindingDraft {
  return {
    title: `Pods of this node have no gateway: ${bridge.name ?? 'the bridge endpoint'} is not attached to the host`,
    summary: `HNS has the bridge endpoint with ${ip}, and no adapter of the host (compartment 1) has this address.`,
    cause:
      'The endpoint was made and not attached, or it came off when HNS or the host adapter restarted.',
    remedy: [
      {
        text: 'Attach it to the host compartment.',
        command: `Attach-HnsHostEndpoint -EndpointID ${argument(bridge.id)} -CompartmentID 1; netsh int ipv4 set int "vEthernet (${quotedPart(bridge.name ?? '<name>')})" for=en`,
        disturbs: 'Nothing: the pods have no gateway now.',
        verify: {
          kind: 'command',
          command: 'ipconfig',
          shows: `shows ${ip} on vEthernet (${bridge.name ?? '<name>'})`,
        },
      },
      ...remedy(bridge.name ?? '<network>_ep', bridge.id),
    ],
    entities: [endpointRef(bridge)],
    evidence: [...fieldEvidence(bridge, 'ip'), ...(host ? [host] : [])],
  };
}

function remedy(name: string, id?: string): FindingDraft['remedy'] {
  return [
    {
      text: 'Let the agent make it anew.',
      command: `${id === undefined ? '' : `hnsdiag delete endpoints ${argument(id)}; `}Restart-Service flanneld   # with Calico: calico-node and calico-felix`,
      disturbs: 'Pods of the node reach nothing beyond it until the endpoint is back.',
      verify: {
        kind: 'command',
        command: `Get-HnsEndpoint | ? Name -eq ${argument(name)}`,
        shows: 'shows the .2 address, and ipconfig shows it on the host',
      },
    },
  ];
}
