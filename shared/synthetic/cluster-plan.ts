import { COLLECTED_AT } from './clock';
import { guidOf, hyperVMac, macText, hexOf } from './names';
import type { SyntheticOptions } from './node-plan';

/** A node of the cluster as its peers know it. */
export interface PlannedNode {
  readonly name: string;
  readonly ip: string;
  readonly podCidr: string;
  readonly os: 'windows' | 'linux';
  /** MAC of the node's host vNIC. */
  readonly hostMac: string;
  /** Overlay: the distributed router's MAC (Windows) or the MAC of flannel's vxlan device (Linux). */
  readonly drMac: string;
  readonly uid: string;
  readonly createdAt: number;
}

const DAY = 86_400_000;

function planned(name: string, ip: string, podCidr: string, os: 'windows' | 'linux'): PlannedNode {
  const hex = hexOf(`${ip}vtep`, 10);
  const linuxMac = macText([0xf6, ...(hex.match(/../g) ?? []).map((b) => Number.parseInt(b, 16))]);
  return {
    name,
    ip,
    podCidr,
    os,
    hostMac: hyperVMac(`${ip}host`),
    drMac: os === 'linux' ? linuxMac : hyperVMac(`${ip}router`),
    uid: guidOf(`${name}${ip}`),
    createdAt: COLLECTED_AT - (os === 'linux' ? 40 : 12) * DAY,
  };
}

/** The two little clusters; one per mode, as pod CIDRs are handed out anew in each. */
const CLUSTERS: Readonly<Record<'l2bridge' | 'overlay', readonly PlannedNode[]>> = {
  l2bridge: [
    planned('win-7k2fq0dm3vs', '10.127.130.35', '10.244.18.0/24', 'windows'),
    planned('win-9p1xz4ct8rb', '10.127.130.36', '10.244.17.0/24', 'windows'),
    planned('lnx-control-plane', '10.127.130.37', '10.244.0.0/24', 'linux'),
    planned('win-24elfepi8d9', '10.127.130.38', '10.244.19.0/24', 'windows'),
  ],
  overlay: [
    planned('win-7k2fq0dm3vs', '10.127.130.35', '10.244.1.0/24', 'windows'),
    planned('win-9p1xz4ct8rb', '10.127.130.36', '10.244.3.0/24', 'windows'),
    planned('lnx-control-plane', '10.127.130.37', '10.244.0.0/24', 'linux'),
    planned('win-24elfepi8d9', '10.127.130.38', '10.244.2.0/24', 'windows'),
  ],
};

/**
 * The node asked for and its peers. A node of the lab may be named by its name or address; any
 * other one joins the lab.
 */
export function clusterNodes(options: SyntheticOptions): {
  readonly node: PlannedNode;
  readonly peers: readonly PlannedNode[];
} {
  const lab = CLUSTERS[options.mode];
  const wantedIp = options.nodeIp;
  const wantedName = options.nodeName;
  const usual = options.mode === 'l2bridge' ? '10.127.130.38' : '10.127.130.36';
  const known = lab.find((n) =>
    wantedIp !== undefined
      ? n.ip === wantedIp
      : wantedName !== undefined
        ? n.name === wantedName
        : n.ip === usual,
  );
  const name = wantedName ?? known?.name ?? `win-${hexOf(wantedIp ?? 'node', 11)}`;
  const ip = wantedIp ?? known?.ip ?? '10.127.130.60';
  const podCidr = options.podCidr ?? known?.podCidr ?? '10.244.60.0/24';
  const node = planned(name, ip, podCidr, 'windows');
  return { node, peers: lab.filter((n) => n.ip !== ip && n.name !== name) };
}
