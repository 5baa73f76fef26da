import { canonicalIp, parseIp } from './ip';
import { mac } from './ids';

/**
 * What HNS writes into the name of a VFP rule. Names differ by build: they explain a rule, and
 * never decide alone whether something is broken.
 */
export type VfpRuleName =
  | {
      readonly kind: 'load-balancing';
      readonly form: 'plain' | 'dsr' | 'host';
      /** Source VIP on overlay, the node's management address on l2bridge; host rules have none. */
      readonly source: string | undefined;
      readonly vip: string;
      readonly externalPort: number;
      readonly internalPort: number;
      readonly protocol: number;
    }
  | {
      /** NAT_ / ALLOW_NAT_: what lets a DSR backend's reply carry the VIP. */
      readonly kind: 'nat';
      readonly allow: boolean;
      readonly vip: string;
      readonly externalPort: number;
      readonly protocol: number;
    }
  | {
      readonly kind: 'hairpin';
      readonly vip: string;
      readonly externalPort: number;
      readonly protocol: number;
    }
  | { readonly kind: 'outbound-nat'; readonly protocol: 'TCP' | 'UDP' | 'ICMP' | undefined }
  | {
      readonly kind: 'outbound-nat-exception';
      /** Node address and destination are written without a separator; undefined where more than one split is possible. */
      readonly node: string | undefined;
      readonly destination: string | undefined;
    }
  | {
      readonly kind: 'remote-subnet-route';
      readonly prefix: string;
      readonly vni: number;
      readonly providerAddress: string;
      readonly drMac: string;
    }
  | { readonly kind: 'encap'; readonly address: string }
  | { readonly kind: 'l2-rewrite'; readonly endpoint: string }
  | { readonly kind: 'other' };

const OTHER: VfpRuleName = { kind: 'other' };

/**
 * Reads a rule name. Fields are split at `_` and taken from the right, since the tag and optional
 * words at the left vary (grammar: names seen in dumps of Windows Server 2019 and 2022 and those
 * that networkhealth.ps1 looks for). Anything else is `other`.
 */
export function parseRuleName(name: string): VfpRuleName {
  const parts = name.trim().split('_');
  const head = (parts[0] ?? '').toUpperCase();
  switch (head) {
    case 'LB':
      return loadBalancing(parts);
    case 'NAT':
      return nat(parts, false);
    case 'ALLOW':
      return parts[1]?.toUpperCase() === 'NAT' ? nat(parts, true) : OTHER;
    case 'HAIRPIN':
      return hairpin(parts);
    case 'SNAT':
    case 'OUTBOUNDNAT':
      return outboundNat(parts);
    case 'EXCEPTIONS':
      return exception(parts);
    case 'REMOTESUBNETROUTE':
      return remoteSubnetRoute(parts);
    case 'ENCAP':
      return encap(parts.slice(1));
    default:
      return rewrite(parts);
  }
}

const port = (text: string | undefined): number | undefined => {
  const value = /^\d{1,5}$/.test(text ?? '') ? Number(text) : NaN;
  return value <= 65535 ? value : undefined;
};

function loadBalancing(parts: readonly string[]): VfpRuleName {
  const [vipText, external, internal, proto] = parts.slice(-4);
  const vip = canonicalIp(vipText ?? '');
  const externalPort = port(external);
  const internalPort = port(internal);
  const protocol = port(proto);
  if (
    vip === undefined ||
    externalPort === undefined ||
    internalPort === undefined ||
    protocol === undefined
  ) {
    return OTHER;
  }
  const word = parts[1]?.toUpperCase();
  const form = word === 'DSR' ? 'dsr' : word === 'HOST' ? 'host' : 'plain';
  const source = canonicalIp(parts.at(-5) ?? '');
  return { kind: 'load-balancing', form, source, vip, externalPort, internalPort, protocol };
}

/** `NAT_#_<vip>_<port>_<proto>`; on the host port the port stands twice. */
function nat(parts: readonly string[], allow: boolean): VfpRuleName {
  const found = vipPortProtocol(parts);
  return found ? { kind: 'nat', allow, ...found } : OTHER;
}

function hairpin(parts: readonly string[]): VfpRuleName {
  const found = vipPortProtocol(parts);
  return found ? { kind: 'hairpin', ...found } : OTHER;
}

function vipPortProtocol(
  parts: readonly string[],
): { readonly vip: string; readonly externalPort: number; readonly protocol: number } | undefined {
  const protocol = port(parts.at(-1));
  if (protocol === undefined) return undefined;
  for (const at of [-3, -4]) {
    const vip = canonicalIp(parts.at(at) ?? '');
    const externalPort = port(parts.at(at + 1));
    if (vip !== undefined && externalPort !== undefined) return { vip, externalPort, protocol };
  }
  return undefined;
}

function outboundNat(parts: readonly string[]): VfpRuleName {
  const words = parts.map((part) => part.toUpperCase());
  if (!words.includes('OUTBOUNDNAT')) return OTHER;
  const protocol = (['TCP', 'UDP', 'ICMP'] as const).find((p) => words.includes(p));
  return { kind: 'outbound-nat', protocol };
}

function exception(parts: readonly string[]): VfpRuleName {
  if (parts[1]?.toUpperCase() !== 'OUTBOUNDNAT') return OTHER;
  const glued = parts.at(-1) ?? '';
  const splits: { node: string; destination: string }[] = [];
  for (let at = 7; at <= glued.length - 7; at += 1) {
    const node = glued.slice(0, at);
    const destination = glued.slice(at);
    if (plainV4(node) && plainV4(destination)) splits.push({ node, destination });
  }
  const only = splits.length === 1 ? splits[0] : undefined;
  return { kind: 'outbound-nat-exception', node: only?.node, destination: only?.destination };
}

/** A dotted address without leading zeros: `10.1.2.03` is no end of a glued pair. */
function plainV4(text: string): boolean {
  return parseIp(text)?.family === 4 && !/(?:^|\.)0\d/.test(text);
}

function remoteSubnetRoute(parts: readonly string[]): VfpRuleName {
  const [net, length, vni, pa, dr] = parts.slice(-5);
  const base = canonicalIp(net ?? '');
  const providerAddress = canonicalIp(pa ?? '');
  const drMac = mac(dr ?? '');
  const vniNumber = /^\d{1,8}$/.test(vni ?? '') ? Number(vni) : undefined;
  if (base === undefined || providerAddress === undefined || drMac === undefined) return OTHER;
  if (vniNumber === undefined || !/^\d{1,3}$/.test(length ?? '')) return OTHER;
  return {
    kind: 'remote-subnet-route',
    prefix: `${base}/${length ?? ''}`,
    vni: vniNumber,
    providerAddress,
    drMac,
  };
}

function encap(octets: readonly string[]): VfpRuleName {
  const address = canonicalIp(octets.join('.'));
  return address === undefined ? OTHER : { kind: 'encap', address };
}

/** `<endpoint>_to_EN...`; one sample lacks the first digits of the GUID. */
function rewrite(parts: readonly string[]): VfpRuleName {
  const [endpoint = '', to, target] = parts;
  if (to?.toLowerCase() !== 'to' || !target?.toUpperCase().startsWith('EN')) return OTHER;
  return /^[0-9a-f-]{20,36}$/i.test(endpoint)
    ? { kind: 'l2-rewrite', endpoint: endpoint.toLowerCase() }
    : OTHER;
}
