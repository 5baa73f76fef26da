import type { CniConfig } from '../model/cni';
import type { Evidence } from '../model/evidence';
import type { HnsNetwork } from '../model/hns';
import type { LogFile } from '../model/logs';
import type { NetworkMode } from './node-snapshot';

/**
 * Recognises network mode and CNI (annex C of the rule catalogue): the CNI configuration says what
 * was wanted, the HNS networks what was made, the agent's log who made it. The HNS network type
 * decides the mode, since it is what the data path does; without it the configuration speaks.
 */
export function recogniseMode(
  networks: readonly HnsNetwork[],
  cniConfigs: readonly CniConfig[],
  logs: readonly LogFile[],
): NetworkMode {
  const wanted = fromConfig(cniConfigs);
  const network = podNetwork(networks, cniConfigs);
  const made = network ? fromNetwork(network) : undefined;
  const agent = fromLogs(logs);
  const mode = made?.mode ?? wanted?.mode ?? agent?.mode ?? natOnly(networks);
  const cni = cniOf(mode, wanted?.cni, network, agent?.cni);
  const sources = [made, wanted, agent].filter((s) => s !== undefined);
  return {
    mode,
    cni,
    reason:
      sources.length > 0
        ? sources.map((s) => s.reason).join('; ')
        : networks.length > 0
          ? whyUnknown(network)
          : 'Neither HNS networks nor a CNI configuration were collected',
    evidence: sources.flatMap((s) => s.evidence),
    podNetworkId: network?.id,
  };
}

/** Why networks that were listed tell no mode. */
function whyUnknown(network: HnsNetwork | undefined): string {
  if (network === undefined) return 'HNS has no pod network';
  const name = network.name ?? network.id;
  return network.type === undefined
    ? `The type of HNS network ${name} was not collected, and its name does not tell it`
    : `HNS network ${name} is of type ${network.type}`;
}

interface Clue {
  readonly mode: NetworkMode['mode'];
  readonly cni: NetworkMode['cni'];
  readonly reason: string;
  readonly evidence: readonly Evidence[];
}

/** The file's own name: where it lies is said by the evidence. */
const nameOf = ({ file }: CniConfig): string => file.split(/[\\/]/).pop() ?? file;

const HELPER_NETWORK = /^(external|ext|nat|none|default switch)$/i;

/** The network that carries the pods: the one the CNI names, else one of the customary names, else the only candidate. */
export function podNetwork(
  networks: readonly HnsNetwork[],
  cniConfigs: readonly CniConfig[],
): HnsNetwork | undefined {
  const names = cniConfigs.flatMap((c) => (c.name ? [c.name.value.toLowerCase()] : []));
  const byCni = networks.find((n) => n.name !== undefined && names.includes(n.name.toLowerCase()));
  if (byCni) return byCni;
  const candidates = networks.filter(
    (n) => !HELPER_NETWORK.test(n.name ?? '') && n.type !== 'nat' && n.type !== 'ics',
  );
  const customary =
    /^(cbr0|vxlan0|flannel\.\d+|calico|azure|antrea-hnsnetwork|ovn.*|winl2bridge|vpcbr.*)$/i;
  return candidates.find((n) => customary.test(n.name ?? '')) ?? candidates[0];
}

/** Names that installers give: they tell the mode where a listing (hnsdiag) shows no type. */
const MODE_OF_NAME: readonly (readonly [RegExp, NetworkMode['mode']])[] = [
  [/^cbr0$/i, 'l2bridge'],
  [/^(vxlan0|flannel\.\d+)$/i, 'overlay'],
  [/^azure$/i, 'l2bridge'],
  [/^antrea-hnsnetwork$/i, 'transparent'],
];

function fromNetwork(network: HnsNetwork): Clue | undefined {
  const type = network.type;
  if (type === undefined) {
    const known = MODE_OF_NAME.find(([name]) => name.test(network.name ?? ''));
    return (
      known && {
        mode: known[1],
        cni: 'unknown',
        reason: `HNS network ${network.name ?? ''} has the customary name of ${known[1]}; its type was not collected`,
        evidence: network.evidence.slice(0, 1),
      }
    );
  }
  if (type !== 'l2bridge' && type !== 'overlay' && type !== 'l2tunnel' && type !== 'transparent') {
    return undefined;
  }
  return {
    mode: type,
    cni: 'unknown',
    reason: `HNS network ${network.name ?? network.id} is of type ${type}`,
    evidence: network.evidence.slice(0, 1),
  };
}

const MODE_OF_PLUGIN: ReadonlyMap<string, { mode: NetworkMode['mode']; cni: NetworkMode['cni'] }> =
  new Map([
    ['win-bridge', { mode: 'l2bridge', cni: 'win-bridge' }],
    ['win-overlay', { mode: 'overlay', cni: 'win-overlay' }],
    ['sdnbridge', { mode: 'l2bridge', cni: 'sdnbridge' }],
    ['sdnoverlay', { mode: 'overlay', cni: 'sdnoverlay' }],
    ['wincni', { mode: 'l2bridge', cni: 'win-bridge' }],
    ['azure-vnet', { mode: 'l2bridge', cni: 'azure' }],
    ['vpc-bridge', { mode: 'l2bridge', cni: 'aws-vpc' }],
    ['vpc-shared-eni', { mode: 'l2bridge', cni: 'aws-vpc' }],
    ['antrea', { mode: 'transparent', cni: 'antrea' }],
    ['ovn-k8s-cni-overlay', { mode: 'transparent', cni: 'ovn' }],
    ['nat', { mode: 'nat', cni: 'none' }],
  ]);

function fromConfig(configs: readonly CniConfig[]): Clue | undefined {
  for (const config of configs) {
    for (const plugin of config.plugins) {
      const type = plugin.type?.value.toLowerCase();
      const delegate = plugin.delegateType?.value.toLowerCase();
      const inner = MODE_OF_PLUGIN.get(delegate ?? type ?? '');
      const where = plugin.delegateType?.evidence ?? plugin.type?.evidence ?? plugin.evidence;
      if (type === 'calico') {
        const overlay = /vxlan/i.test(config.name?.value ?? '');
        return {
          mode: overlay ? 'overlay' : 'unknown',
          cni: 'unknown',
          reason: `${nameOf(config)} names the calico plugin`,
          evidence: [where],
        };
      }
      if (!inner) continue;
      const cni =
        type === 'flannel'
          ? inner.mode === 'overlay'
            ? 'flannel-vxlan'
            : 'flannel-host-gw'
          : inner.cni;
      const chain = type === 'flannel' ? `flannel with ${delegate ?? 'no delegate'}` : (type ?? '');
      return {
        mode: inner.mode,
        cni,
        reason: `${nameOf(config)} configures ${chain}`,
        evidence: [where],
      };
    }
  }
  return undefined;
}

function fromLogs(logs: readonly LogFile[]): Clue | undefined {
  for (const log of logs) {
    const clues: readonly (readonly [string, NetworkMode['mode'], NetworkMode['cni']])[] =
      log.component === 'flanneld'
        ? [
            ['VXLAN config', 'overlay', 'flannel-vxlan'],
            ['vxlan_network_windows', 'overlay', 'flannel-vxlan'],
            ['route_network_windows', 'l2bridge', 'flannel-host-gw'],
            ['hostgw', 'l2bridge', 'flannel-host-gw'],
          ]
        : [];
    for (const [fragment, mode, cni] of clues) {
      const index = log.find(fragment, 1)[0];
      if (index === undefined) continue;
      const evidence = log.entry(index).evidence;
      return { mode, cni, reason: `flanneld's log shows ${cni}`, evidence: [evidence] };
    }
  }
  return undefined;
}

function cniOf(
  mode: NetworkMode['mode'],
  wanted: NetworkMode['cni'] | undefined,
  network: HnsNetwork | undefined,
  agent: NetworkMode['cni'] | undefined,
): NetworkMode['cni'] {
  if (wanted !== undefined && wanted !== 'unknown') return wanted;
  const name = network?.name?.toLowerCase() ?? '';
  if (name === 'calico') return mode === 'overlay' ? 'calico-vxlan' : 'calico-bgp';
  if (agent !== undefined) return agent;
  if (name === 'azure') return 'azure';
  if (name.startsWith('antrea')) return 'antrea';
  if (name.startsWith('vpcbr')) return 'aws-vpc';
  if (name === 'cbr0' && mode === 'l2bridge') return 'flannel-host-gw';
  if (/^(vxlan0|flannel\.\d+)$/.test(name) && mode === 'overlay') return 'flannel-vxlan';
  return 'unknown';
}

function natOnly(networks: readonly HnsNetwork[]): NetworkMode['mode'] {
  return networks.length > 0 && networks.every((n) => n.type === 'nat' || n.name === 'nat')
    ? 'nat'
    : 'unknown';
}
