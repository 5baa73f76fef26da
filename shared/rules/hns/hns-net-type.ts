import type { Evidence } from '../../model/evidence';
import type { NetworkType } from '../../model/hns';
import { networkRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import { endpointConfig } from '../cni/active-config';
import { fieldEvidence } from '../evidence-lines';
import { doesNotApply, fired, notChecked, passed, type Rule } from '../rule';

export const rule: Rule = {
  meta: {
    id: 'HNS-NET-TYPE',
    step: 6,
    severity: 'error',
    title: 'The pod network is of the type its CNI needs',
    description:
      'win-bridge and azure-vnet need an L2Bridge (or L2Tunnel) network, win-overlay an Overlay one, Antrea and OVN a Transparent one. The type HNS shows for the pod network is compared with the CNI configuration, else with the flannel backend.',
    impact: 'VFP gets the rules of another data path: pods of this node reach nothing beyond it.',
    needs: ['networks', ['cniConfig', 'netConf']],
    falsePositives:
      'A nat network beside the pod network is normal and not looked at. Calico is left out: its configuration does not say which type it wants.',
    references: [
      'https://kubernetes.io/docs/concepts/services-networking/windows-networking/#network-modes',
    ],
    explains: ['HNS-EP-GATEWAY', 'HNS-EP-BRIDGE'],
  },
  check({ snapshot }) {
    const wanted = wantedType(snapshot);
    if (!wanted) return doesNotApply('The CNI configuration does not ask for a type of network');
    const network = snapshot.networks.find(({ id }) => id === snapshot.mode.podNetworkId);
    if (!network) return doesNotApply('HNS has no pod network');
    if (network.type === undefined)
      return notChecked(
        `The list does not show the type of ${network.name ?? network.id}`,
        'networks',
      );
    if (wanted.name !== undefined && network.name?.toLowerCase() !== wanted.name.toLowerCase()) {
      return doesNotApply(`No HNS network has the CNI's name ${wanted.name}`);
    }
    const name = network.name ?? network.id;
    if (wanted.types.includes(network.type))
      return passed(`${name} is of type ${network.type}, as ${wanted.by} needs`);
    return fired({
      title: `The pod network ${name} is of type ${network.type}, and ${wanted.by} needs ${wanted.types.join(' or ')}`,
      summary: `${wanted.by} attaches pods to a network of type ${wanted.types.join(' or ')}; HNS has ${name} as ${network.type}.`,
      cause:
        'The network was left by another CNI or backend, or the CNI configuration was changed without making the network anew.',
      remedy: [
        {
          text: 'Decide which mode the cluster runs (net-conf.json of flannel). If the network is the wrong one, drain the node, remove the network and let the agent make it anew.',
          command: `kubectl drain ${argument(snapshot.node)} --ignore-daemonsets; Get-HnsNetwork | ? Name -eq ${argument(name)} | Remove-HnsNetwork; Restart-Service flanneld; Restart-Service kubeproxy`,
          disturbs: 'All pods of the node lose their network until they are made again.',
          verify: { kind: 'command', command: 'Get-HnsNetwork | select Name, Type' },
        },
      ],
      entities: [networkRef(network)],
      evidence: [...fieldEvidence(network, 'type'), ...wanted.evidence],
    });
  },
};

interface Wanted {
  readonly types: readonly NetworkType[];
  readonly by: string;
  readonly name: string | undefined;
  readonly evidence: readonly Evidence[];
}

const TYPES: readonly (readonly [RegExp, readonly NetworkType[]])[] = [
  [/^(win-bridge|sdnbridge|azure-vnet)$/, ['l2bridge', 'l2tunnel']],
  [/^(win-overlay|sdnoverlay)$/, ['overlay']],
  [/^(antrea|ovn)/, ['transparent']],
];

function wantedType(snapshot: NodeSnapshot): Wanted | undefined {
  const cni = endpointConfig(snapshot);
  const types = cni && TYPES.find(([plugin]) => plugin.test(cni.endpointPlugin))?.[1];
  if (cni && types) {
    const where = cni.plugin.delegateType ?? cni.plugin.type;
    return {
      types,
      by: cni.endpointPlugin,
      name: cni.config.name?.value,
      evidence: where ? [where.evidence] : [],
    };
  }
  if (snapshot.cniConfigs.length > 0) return undefined;
  const backend = snapshot.cluster.netConfs
    .map(({ backendType }) => backendType)
    .find((b) => b !== undefined);
  const type = backend?.value.toLowerCase();
  if (backend && type === 'vxlan')
    return {
      types: ['overlay'],
      by: 'the vxlan backend of flannel',
      name: undefined,
      evidence: [backend.evidence],
    };
  if (backend && type === 'host-gw')
    return {
      types: ['l2bridge'],
      by: 'the host-gw backend of flannel',
      name: undefined,
      evidence: [backend.evidence],
    };
  return undefined;
}
