import type { HnsLoadBalancer, PortMapping } from '../../model/hns';
import { guid, guidsIn } from '../../model/ids';
import { canonicalIp } from '../../model/ip';
import { fieldLines, healthOf } from './field-lines';
import {
  booleanField,
  itemsField,
  numberField,
  textField,
  textsField,
  type HnsObject,
  type HnsValue,
} from './hns-value';
import { protocolNumber, type At } from './policy';

const LB_DSR = 1;
const LB_IPV6 = 2;
const PORT_ILB = 1;
const PORT_LOCAL_ROUTED = 2;

/** A V2 (HCN) load balancer: `FrontendVIPs`, `PortMappings`, `HostComputeEndpoints`. */
export function hcnLoadBalancer(object: HnsObject, at: At): HnsLoadBalancer | undefined {
  const id = guid(textField(object, 'id') ?? '');
  if (id === undefined) return undefined;
  const vips = canonical(textsField(object, 'frontendvips'));
  const mappings = itemsField(object, 'portmappings');
  const flags = numberField(object, 'flags');
  const portFlags = mappings.flatMap((mapping) => numberField(mapping, 'flags') ?? []);
  return {
    id,
    schema: 2,
    vips,
    sourceVip: canonicalIp(textField(object, 'sourcevip') ?? ''),
    ports: mappings.map(portMapping),
    endpointIds: textsField(object, 'hostcomputeendpoints').flatMap((text) => guid(text) ?? []),
    isDsr: flags === undefined ? undefined : (flags & LB_DSR) !== 0,
    isIpv6: flags === undefined ? hasV6(vips) : (flags & LB_IPV6) !== 0 || hasV6(vips) === true,
    isIlb: anyFlag(portFlags, PORT_ILB),
    localRoutedVip: anyFlag(portFlags, PORT_LOCAL_ROUTED),
    state: numberField(object, 'state'),
    health: healthOf(object),
    fieldLines: fieldLines(object, at, {
      id: ['id'],
      vips: ['frontendvips'],
      ports: ['portmappings'],
      endpoints: ['hostcomputeendpoints'],
      policies: ['policies'],
      state: ['state'],
      health: ['health'],
    }),
    evidence: [at(object)],
  };
}

/**
 * A V1 policy list as a load balancer: its ELB policies carry VIPs and ports, its references the
 * endpoints. Undefined for a policy list of another purpose.
 */
export function elbPolicyList(object: HnsObject, at: At): HnsLoadBalancer | undefined {
  const id = guid(textField(object, 'id') ?? '');
  const elb = itemsField(object, 'policies').filter(
    (policy) => textField(policy, 'type')?.toUpperCase() === 'ELB',
  );
  const first = elb[0];
  if (id === undefined || first === undefined) return undefined;
  const vips = canonical(elb.flatMap((policy) => textsField(policy, 'vips', 'vip')));
  return {
    id,
    schema: 1,
    vips,
    sourceVip: canonicalIp(textField(first, 'sourcevip') ?? ''),
    ports: elb.map(portMapping),
    endpointIds: textsField(object, 'references').flatMap((text) => guidsIn(text)),
    isDsr: booleanField(first, 'isdsr'),
    isIpv6: hasV6(vips),
    isIlb: booleanField(first, 'ilb'),
    localRoutedVip: booleanField(first, 'localroutedvip'),
    state: numberField(object, 'state'),
    health: healthOf(object),
    fieldLines: fieldLines(object, at, {
      id: ['id'],
      vips: ['policies'],
      ports: ['policies'],
      endpoints: ['references'],
      policies: ['policies'],
      state: ['state'],
      health: ['health'],
    }),
    evidence: [at(object)],
  };
}

function portMapping(value: HnsValue): PortMapping {
  return {
    protocol: protocolNumber(textField(value, 'protocol')),
    externalPort: numberField(value, 'externalport'),
    internalPort: numberField(value, 'internalport'),
  };
}

const canonical = (texts: readonly string[]): string[] => [
  ...new Set(texts.map((text) => canonicalIp(text) ?? text)),
];

const hasV6 = (vips: readonly string[]): boolean | undefined =>
  vips.length === 0 ? undefined : vips.some((vip) => vip.includes(':'));

const anyFlag = (flags: readonly number[], flag: number): boolean | undefined =>
  flags.length === 0 ? undefined : flags.some((value) => (value & flag) !== 0);
