import type { Evidence } from '../model/evidence';
import type { HnsEndpoint, HnsPolicy } from '../model/hns';
import { inCidr, parseIp, parseIpRange } from '../model/ip';
import type { VfpDirection, VfpRuleBody } from '../model/vfp';
import { ended, type Disposition } from './disposition';
import type { NodeView } from './node-view';
import type { PacketHeader } from './packet';

type Policy<K extends HnsPolicy['kind']> = Extract<HnsPolicy, { readonly kind: K }>;

const policiesOf = <K extends HnsPolicy['kind']>(
  endpoint: HnsEndpoint | undefined,
  kind: K,
): readonly Policy<K>[] =>
  (endpoint?.policies ?? []).filter((policy): policy is Policy<K> => policy.kind === kind);

/** A remark and the lines of HNS that it rests on. */
interface Said {
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** Layers that hold the ACLs of endpoints. */
export const isAclLayer = (name: string): boolean => /^ACL_/i.test(name);

/** Has the endpoint a policy that may say otherwise than its port in such a layer? */
export const hasAcls = (endpoint: HnsEndpoint | undefined): boolean =>
  policiesOf(endpoint, 'acl').length > 0;

/**
 * What the ACL policies of an endpoint say of a packet: the matching one of the smallest priority.
 * Undefined where none matches, or one cannot be read.
 */
function aclOf(
  endpoint: HnsEndpoint | undefined,
  header: PacketHeader,
  direction: VfpDirection,
): { readonly blocks: boolean; readonly policy: Policy<'acl'> } | undefined {
  const own = policiesOf(endpoint, 'acl').filter(
    (acl) => acl.direction.toUpperCase() === direction,
  );
  const matching = own.map((policy) => ({ policy, match: aclMatch(policy, header, direction) }));
  // One that cannot be read may be the one that decides.
  if (matching.some(({ match }) => match === undefined)) return undefined;
  const [first] = matching
    .filter(({ match }) => match === true)
    .toSorted((a, b) => (a.policy.priority ?? 65535) - (b.policy.priority ?? 65535));
  if (first === undefined) return undefined;
  const { action } = first.policy;
  if (!/^(?:allow|block|deny)$/i.test(action)) return undefined;
  return { blocks: !/^allow$/i.test(action), policy: first.policy };
}

/** Local is the endpoint's side: the source of what goes out, the destination of what comes in. */
function aclMatch(
  acl: Policy<'acl'>,
  header: PacketHeader,
  direction: VfpDirection,
): boolean | undefined {
  const out = direction === 'OUT';
  const checks = [
    listed(acl.protocols, (text) => text === '256' || Number(text) === header.protocol),
    listed(acl.localAddresses, inAddresses(out ? header.sourceIp : header.destinationIp)),
    listed(acl.remoteAddresses, inAddresses(out ? header.destinationIp : header.sourceIp)),
    listed(acl.localPorts, inPorts(out ? header.sourcePort : header.destinationPort)),
    listed(acl.remotePorts, inPorts(out ? header.destinationPort : header.sourcePort)),
  ];
  return checks.includes(false) ? false : checks.includes(undefined) ? undefined : true;
}

/** An empty list takes everything. Undefined where an item cannot be told and none other matches. */
function listed(text: string, has: (item: string) => boolean | undefined): boolean | undefined {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) return true;
  const results = items.map(has);
  return results.includes(true) ? true : results.includes(undefined) ? undefined : false;
}

const inAddresses =
  (ip: string) =>
  (item: string): boolean | undefined => {
    const range = parseIpRange(item);
    const address = parseIp(ip);
    if (range === undefined || address === undefined) return undefined;
    return (
      range.family === address.family && address.value >= range.from && address.value <= range.to
    );
  };

const inPorts =
  (port: number | undefined) =>
  (item: string): boolean | undefined => {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(item);
    if (match?.[1] === undefined || port === undefined) return undefined;
    return port >= Number(match[1]) && port <= Number(match[2] ?? match[1]);
  };

const aclText = ({ priority }: Policy<'acl'>): string =>
  `ACL policy${priority === undefined ? '' : ` of priority ${priority}`}`;

/** HNS has a policy that blocks the packet and the port has no rule of it: which of the two holds is not known. */
export function blockNotInVfp(
  endpoint: HnsEndpoint | undefined,
  header: PacketHeader,
  direction: VfpDirection,
  port: string,
): Disposition | undefined {
  const acl = aclOf(endpoint, header, direction);
  if (acl?.blocks !== true) return undefined;
  return ended(
    'insufficient-information',
    `HNS blocks the packet by an ${aclText(acl.policy)} of the endpoint, and the ${port} has no rule of it: whether it is dropped is not known.`,
    acl.policy.evidence.slice(0, 1),
    [
      {
        what: 'the rules of the port as they are now',
        command: 'vfpctrl /port <port> /list-rule',
        where: 'node',
      },
    ],
  );
}

/** Where an HNS policy of the endpoint or its network says otherwise than the rule that applies. */
export function otherwiseInHns(
  rule: VfpRuleBody,
  layer: string,
  header: PacketHeader,
  direction: VfpDirection,
  view: NodeView,
  endpoint: HnsEndpoint | undefined,
): readonly Said[] {
  return [
    ...(isAclLayer(layer) ? aclOtherwise(rule, header, direction, endpoint) : []),
    ...(direction === 'OUT' ? natOtherwise(rule, header, endpoint) : []),
    ...(rule.type === 'routeencap' ? routeOtherwise(rule, header, view, endpoint) : []),
  ];
}

function aclOtherwise(
  rule: VfpRuleBody,
  header: PacketHeader,
  direction: VfpDirection,
  endpoint: HnsEndpoint | undefined,
): readonly Said[] {
  if (rule.type !== 'allow' && rule.type !== 'block') return [];
  const acl = aclOf(endpoint, header, direction);
  if (acl === undefined || acl.blocks === (rule.type === 'block')) return [];
  return [
    {
      text: `HNS says otherwise: an ${aclText(acl.policy)} ${acl.blocks ? 'blocks' : 'allows'} this packet.`,
      evidence: acl.policy.evidence.slice(0, 1),
    },
  ];
}

function natOtherwise(
  rule: VfpRuleBody,
  header: PacketHeader,
  endpoint: HnsEndpoint | undefined,
): readonly Said[] {
  const translates = rule.type === 'dynnat';
  const exempts = rule.type === 'allow' && /OUTBOUNDNAT/i.test(rule.name);
  const policies = policiesOf(endpoint, 'outbound-nat');
  if ((!translates && !exempts) || policies.length === 0) return [];
  // A list that is not known, or NAT towards some destinations only, cannot be held against the rule.
  if (policies.some((p) => !p.exceptionsKnown || p.destinations.length > 0)) return [];
  const evidence = policies.flatMap((p) => p.evidence.slice(0, 1));
  const spared = policies
    .flatMap(({ exceptions }) => exceptions)
    .find((prefix) => parseIpRange(prefix) !== undefined && holds(prefix, header.destinationIp));
  if (translates && spared !== undefined)
    return [
      {
        text: `HNS says otherwise: the exception ${spared} of its OutBoundNAT policy leaves this packet alone.`,
        evidence,
      },
    ];
  if (exempts && spared === undefined)
    return [
      {
        text: "HNS says otherwise: no exception of the endpoint's OutBoundNAT policy holds this destination.",
        evidence,
      },
    ];
  return [];
}

const holds = (prefix: string, ip: string): boolean => inAddresses(ip)(prefix) === true;

function routeOtherwise(
  rule: VfpRuleBody,
  header: PacketHeader,
  view: NodeView,
  endpoint: HnsEndpoint | undefined,
): readonly Said[] {
  const to = header.destinationIp;
  const leads = rule.encapDestinations.map(({ ip }) => ip);
  const remote = (view.podNetwork?.policies ?? []).flatMap((policy) =>
    policy.kind === 'remote-subnet-route' &&
    policy.providerAddress !== undefined &&
    inCidr(to, policy.destinationPrefix) === true
      ? [{ policy, kind: 'RemoteSubnetRoute', hop: policy.providerAddress }]
      : [],
  );
  const own = policiesOf(endpoint, 'route').flatMap((policy) =>
    policy.needEncap &&
    policy.nextHop !== undefined &&
    inCidr(to, policy.destinationPrefix) === true
      ? [{ policy, kind: 'SDNRoute', hop: policy.nextHop }]
      : [],
  );
  return [...remote, ...own]
    .filter(({ hop }) => leads.length > 0 && !leads.includes(hop))
    .map(({ policy, kind, hop }) => ({
      text: `HNS says otherwise: its ${kind} for ${policy.destinationPrefix} leads to ${hop}.`,
      evidence: policy.evidence.slice(0, 1),
    }));
}

/** HNS has a route into a tunnel for an address that no rule of the port leads to. */
export function routeOnlyInHns(view: NodeView, to: string): Said | undefined {
  for (const policy of view.podNetwork?.policies ?? []) {
    if (policy.kind !== 'remote-subnet-route' || inCidr(to, policy.destinationPrefix) !== true)
      continue;
    return {
      text: `HNS has a RemoteSubnetRoute for ${policy.destinationPrefix}, and this port has no rule of it`,
      evidence: policy.evidence.slice(0, 1),
    };
  }
  return undefined;
}
