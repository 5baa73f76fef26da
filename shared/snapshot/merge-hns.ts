import type { Evidence } from '../model/evidence';
import type { HnsEndpoint, HnsLoadBalancer, HnsNamespace, HnsNetwork } from '../model/hns';
import type { Contradiction } from './node-snapshot';

/**
 * One object is named by several files (endpoint.txt, hnsdiag.txt, a pasted list). The mentions are
 * merged: the richest one leads, the others fill its gaps. Where two files say different things,
 * both are kept as a contradiction and the leading one is used.
 */

type Fields<T> = readonly (readonly [keyof T & string, (entity: T) => string | undefined])[];

interface Merged<T> {
  readonly items: readonly T[];
  readonly contradictions: readonly Contradiction[];
}

function mergeBy<T extends { readonly id: string; readonly evidence: readonly Evidence[] }>(
  mentions: readonly T[],
  richness: (entity: T) => number,
  join: (lead: T, other: T) => T,
  compared: Fields<T>,
  nameOf: (entity: T) => string,
): Merged<T> {
  const byId = new Map<string, T[]>();
  for (const mention of mentions) {
    const list = byId.get(mention.id);
    if (list) list.push(mention);
    else byId.set(mention.id, [mention]);
  }
  const items: T[] = [];
  const contradictions: Contradiction[] = [];
  for (const list of byId.values()) {
    const ranked = [...list].sort((a, b) => richness(b) - richness(a));
    const [lead, ...others] = ranked;
    if (!lead) continue;
    for (const [field, read] of compared) {
      const values = differing(ranked, read);
      if (values.length > 1) contradictions.push({ object: nameOf(lead), field, values });
    }
    items.push(others.reduce(join, lead));
  }
  return { items, contradictions };
}

function differing<T extends { readonly evidence: readonly Evidence[] }>(
  mentions: readonly T[],
  read: (entity: T) => string | undefined,
): { value: string; evidence: Evidence }[] {
  const seen = new Map<string, Evidence>();
  for (const mention of mentions) {
    const value = read(mention);
    const evidence = mention.evidence[0];
    if (value === undefined || value === '' || !evidence) continue;
    if (!seen.has(value)) seen.set(value, evidence);
  }
  return [...seen].map(([value, evidence]) => ({ value, evidence }));
}

const firstFilled = <T>(a: readonly T[], b: readonly T[]): readonly T[] => (a.length > 0 ? a : b);

/** A listing may show one address of several: the list that holds all of the other's and more counts. */
const fuller = (a: readonly string[], b: readonly string[]): readonly string[] =>
  b.length > a.length && a.every((text) => b.includes(text)) ? b : a;

/** Fields of `lead` that are undefined are taken from `other`. Lists are handled by the callers. */
function fill<T extends object>(lead: T, other: T): T {
  const filled: T = { ...lead };
  for (const key of Object.keys(other) as (keyof T)[]) {
    if (filled[key] === undefined && other[key] !== undefined) filled[key] = other[key];
  }
  return filled;
}

const countDefined = (entity: object): number =>
  Object.values(entity).filter((v) => v !== undefined && !(Array.isArray(v) && v.length === 0))
    .length;

/** Merges the mentions of networks by id. */
export function mergeNetworks(mentions: readonly HnsNetwork[]): Merged<HnsNetwork> {
  return mergeBy(
    mentions,
    countDefined,
    (lead, other) => ({
      ...fill(lead, other),
      subnets: firstFilled(lead.subnets, other.subnets),
      extensions: firstFilled(lead.extensions, other.extensions),
      policies: firstFilled(lead.policies, other.policies),
      dnsServers: firstFilled(lead.dnsServers, other.dnsServers),
      macRanges: firstFilled(lead.macRanges, other.macRanges),
      evidence: [...lead.evidence, ...other.evidence],
    }),
    [
      ['name', (n) => n.name],
      ['type', (n) => n.type],
      ['managementIp', (n) => n.managementIp],
      ['subnets', (n) => n.subnets.map((s) => s.prefix).join(', ')],
    ],
    (n) => `network ${n.name ?? n.id}`,
  );
}

/** Merges the mentions of endpoints by id. */
export function mergeEndpoints(mentions: readonly HnsEndpoint[]): Merged<HnsEndpoint> {
  return mergeBy(
    mentions,
    (e) => countDefined(e) + (e.policiesKnown ? 100 : 0),
    (lead, other) => ({
      ...fill(lead, other),
      ipAddresses: fuller(lead.ipAddresses, other.ipAddresses),
      gateways: firstFilled(lead.gateways, other.gateways),
      dnsServers: firstFilled(lead.dnsServers, other.dnsServers),
      dnsSuffixes: firstFilled(lead.dnsSuffixes, other.dnsSuffixes),
      policies: lead.policiesKnown ? lead.policies : other.policies,
      policiesKnown: lead.policiesKnown || other.policiesKnown,
      sharedContainers: firstFilled(lead.sharedContainers, other.sharedContainers),
      allocators: firstFilled(lead.allocators, other.allocators),
      evidence: [...lead.evidence, ...other.evidence],
    }),
    [
      ['ipAddresses', (e) => e.ipAddresses.join(', ')],
      ['mac', (e) => e.mac],
      ['networkName', (e) => e.networkName?.toLowerCase()],
      ['state', (e) => e.state?.toString()],
    ],
    (e) => `endpoint ${e.ipAddresses[0] ?? e.name ?? e.id}`,
  );
}

/** Merges the mentions of load balancers by id. */
export function mergeLoadBalancers(mentions: readonly HnsLoadBalancer[]): Merged<HnsLoadBalancer> {
  return mergeBy(
    mentions,
    (lb) => countDefined(lb) + (lb.ports.length > 0 ? 100 : 0),
    (lead, other) => ({
      ...fill(lead, other),
      vips: firstFilled(lead.vips, other.vips),
      ports: firstFilled(lead.ports, other.ports),
      endpointIds: firstFilled(lead.endpointIds, other.endpointIds),
      evidence: [...lead.evidence, ...other.evidence],
    }),
    [
      ['vips', (lb) => [...lb.vips].sort().join(', ')],
      ['endpointIds', (lb) => [...lb.endpointIds].sort().join(', ')],
    ],
    (lb) => `load balancer ${lb.vips[0] ?? lb.id}`,
  );
}

/** Merges the mentions of namespaces by id. */
export function mergeNamespaces(mentions: readonly HnsNamespace[]): Merged<HnsNamespace> {
  return mergeBy(
    mentions,
    countDefined,
    (lead, other) => ({
      ...fill(lead, other),
      endpointIds: firstFilled(lead.endpointIds, other.endpointIds),
      containerIds: firstFilled(lead.containerIds, other.containerIds),
      evidence: [...lead.evidence, ...other.evidence],
    }),
    [
      ['compartmentId', (n) => n.compartmentId?.toString()],
      ['endpointIds', (n) => [...n.endpointIds].sort().join(', ')],
    ],
    (n) => `namespace ${n.id}`,
  );
}
