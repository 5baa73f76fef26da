import type { CniConfig, CniPlugin, CniPolicy, Placed } from '../../model/cni';
import type { Evidence } from '../../model/evidence';
import type { Cidr } from '../../model/ip';
import { cidrCovers, cidrOf, parseCidr, parseIp } from '../../model/ip';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { isOutboundNat } from '../outbound/outbound-nat';
import type { Outcome } from '../rule';
import { notChecked } from '../rule';

/** The configuration the container runtime uses, and its parts that rules ask for. */
export interface ActiveConfig {
  readonly config: CniConfig;
  readonly policies: readonly CniPolicy[];
  readonly exceptions: readonly Placed<string>[];
  /** Plugin that makes the endpoint: the delegate under flannel. Lower case, without `.exe`. */
  readonly endpointPlugin: string;
  readonly plugin: CniPlugin;
}

/** CNIs whose static configuration is the whole truth: they add no policies of their own. */
export const STATIC_CNIS = [
  'flannel-host-gw',
  'flannel-vxlan',
  'win-bridge',
  'win-overlay',
  'sdnbridge',
  'sdnoverlay',
] as const;

/** The file name within its folder, by which the runtime sorts. */
export const confName = (config: Pick<CniConfig, 'file'>): string =>
  config.file.split(/[\\/!]/).pop() ?? config.file;

/** libcni reads the folder in byte order of the names and takes the first (containerd and docker alike). */
export const byName = (snapshot: NodeSnapshot): CniConfig[] =>
  [...snapshot.cniConfigs].sort((a, b) => (confName(a) < confName(b) ? -1 : 1));

/** The configuration in use. Undefined when none was collected or the first could not be read. */
export function activeConfig(snapshot: NodeSnapshot): ActiveConfig | undefined {
  const [config] = byName(snapshot);
  return config && partsOf(config);
}

const MAKES_ENDPOINTS =
  /^(win-(bridge|overlay)|sdn(bridge|overlay)|azure-vnet|calico|vpc-|wincni|l2bridge|overlay|nat$|antrea|ovn)/;

/**
 * The configuration that the endpoints at hand were made by: the first that names a plugin which
 * makes endpoints. A leftover `nat` configuration does not count where another one is there (a rule
 * of its own speaks of it), nor does one that could not be read.
 */
export function endpointConfig(snapshot: NodeSnapshot): ActiveConfig | undefined {
  const candidates = byName(snapshot)
    .flatMap((config) => partsOf(config) ?? [])
    .filter(({ endpointPlugin }) => MAKES_ENDPOINTS.test(endpointPlugin));
  return candidates.find(({ endpointPlugin }) => endpointPlugin !== 'nat') ?? candidates[0];
}

function partsOf(config: CniConfig): ActiveConfig | undefined {
  const [plugin] = config.plugins;
  if (!plugin) return undefined;
  const policies = config.plugins.flatMap((p) => p.policies);
  const type = plugin.delegateType?.value ?? plugin.type?.value ?? '';
  return {
    config,
    policies,
    exceptions: outboundNats(policies).flatMap((p) => p.exceptions),
    endpointPlugin: type.toLowerCase().replace(/\.exe$/, ''),
    plugin,
  };
}

/**
 * The configuration in use where all of it is there: what a cut copy does not show may stand in its
 * lost end, so a check that looks for something missing asks for this one.
 */
export function wholeConfig(snapshot: NodeSnapshot): ActiveConfig | undefined {
  const active = activeConfig(snapshot);
  return active?.config.cut === true ? undefined : active;
}

/** The answer where no configuration could be read to its end. */
export function unreadable(): Outcome {
  return notChecked('The CNI configuration in use could not be read to its end', 'cniConfig');
}

/** OutBoundNAT policies that NAT everything but their exceptions (a loopback DSR one names destinations). */
export function outboundNats(policies: readonly CniPolicy[]): CniPolicy[] {
  return policies.filter(({ policy }) => isOutboundNat(policy));
}

/**
 * Is the prefix inside one of the exceptions? IPv6 is routed and not translated unless the
 * configuration speaks of it, so a list without IPv6 entries leaves none out.
 */
export function isExcepted(active: ActiveConfig, cidr: Cidr): boolean {
  const aboutV6 = active.exceptions.some(({ value }) => value.includes(':'));
  if (cidr.family === 6 && !aboutV6) return true;
  return active.exceptions.some(({ value }) => {
    const exception = parseCidr(value);
    return exception !== undefined && cidrCovers(exception, cidr);
  });
}

/** An address as a prefix of one address. */
export function hostCidr(ip: string): Cidr | undefined {
  const parsed = parseIp(ip);
  return parsed && cidrOf(parsed, parsed.family === 4 ? 32 : 128);
}

/**
 * Address families that pods of the node have, by its pod subnets; IPv4 when nothing tells. A family
 * without pods needs no exceptions.
 */
export function podFamilies(snapshot: NodeSnapshot): ReadonlySet<4 | 6> {
  const network = snapshot.networks.find((n) => n.id === snapshot.mode.podNetworkId);
  const prefixes = [
    ...(network?.subnets.map((s) => s.prefix) ?? []),
    ...(snapshot.addresses.podCidr ? [snapshot.addresses.podCidr.value] : []),
  ];
  const families = prefixes.flatMap((prefix) => parseCidr(prefix)?.family ?? []);
  return new Set(families.length > 0 ? families : [4]);
}

/** A prefix or address the cluster uses, with the line that says so. */
export interface Expected {
  readonly what: string;
  readonly cidr: Cidr;
  readonly evidence: readonly Evidence[];
}

/** Where the OutBoundNAT policy stands, else the configuration: the place to point to when an entry is missing. */
export function placeOfExceptions(active: ActiveConfig): Evidence {
  const first = active.exceptions[0]?.evidence;
  const last = active.exceptions.at(-1)?.evidence;
  if (first && last && first.file === last.file)
    return { file: first.file, line: first.line, endLine: last.endLine };
  return outboundNats(active.policies)[0]?.evidence ?? firstLine(active.config);
}

/** The line that names the network, else the first of the file. */
export function firstLine(config: CniConfig): Evidence {
  const [place] = config.evidence;
  return (
    config.name?.evidence ?? {
      file: config.file,
      line: place?.line ?? 1,
      endLine: place?.line ?? 1,
    }
  );
}

/** The field of exceptions as the form at hand calls it. */
export function exceptionsField(active: ActiveConfig): string {
  return outboundNats(active.policies)[0]?.form === 'v2' ? 'Settings.Exceptions' : 'ExceptionList';
}
