import type { HnsEndpoint, HnsLoadBalancer } from '../model/hns';
import { cidrOf, cidrText, parseIp } from '../model/ip';
import type { ViewContext } from '../inspect/view-context';

/** Objects that stand together in one box of the graph. */
export interface Fold<T> {
  /** Stable: the same objects fold into the same box whatever else is shown. */
  readonly id: string;
  readonly label: string;
  readonly sublabel: string;
  readonly items: readonly T[];
  /** The same objects in smaller folds, in their order. */
  readonly parts: () => Fold<T>[];
}

/** More boxes than this of one kind are no overview any more. */
const MAX_FOLDS = 24;
/** A box opens into its objects when it holds no more than this, else into smaller boxes. */
const OPENS_TO = 30;

/**
 * What stands in the picture for folds: each one itself, or, once it was opened, its objects. A
 * large one opens into parts of at most `OPENS_TO`, which open in turn.
 */
export function eachBox<T>(
  folds: readonly Fold<T>[],
  expanded: ReadonlySet<string>,
  onItem: (item: T) => void,
  onFold: (fold: Fold<T>) => void,
): void {
  for (const fold of folds) {
    const [first] = fold.items;
    if (first === undefined) continue;
    if (fold.items.length === 1) onItem(first);
    else if (!expanded.has(fold.id)) onFold(fold);
    else if (fold.items.length <= OPENS_TO) fold.items.forEach(onItem);
    else eachBox(fold.parts(), expanded, onItem, onFold);
  }
}

/**
 * Folds endpoints by the workload of their pods, where pods are known for most of them, else by
 * address: what belongs together for an operator stands together.
 */
export function foldEndpoints(
  context: ViewContext,
  endpoints: readonly HnsEndpoint[],
  prefix: string,
): Fold<HnsEndpoint>[] {
  const workload = (e: HnsEndpoint): string | undefined => {
    const pod = context.snapshot.links.podOf.get(e);
    return pod && workloadOf(pod.name);
  };
  const known = endpoints.filter((e) => workload(e) !== undefined).length;
  const first = (e: HnsEndpoint): string => e.ipAddresses[0] ?? '';
  const keys: readonly ((e: HnsEndpoint) => string)[] = [
    ...(known * 2 > endpoints.length
      ? [(e: HnsEndpoint): string => workload(e) ?? 'no pod known']
      : []),
    (e) => prefixOf(first(e), 28),
    (e) => prefixOf(first(e), 24),
  ];
  return fold(endpoints, keys, prefix, 'endpoint', first);
}

/** Folds load balancers by the namespace of their services, where known for most, else by VIP. */
export function foldLoadBalancers(
  context: ViewContext,
  loadBalancers: readonly HnsLoadBalancer[],
  prefix: string,
): Fold<HnsLoadBalancer>[] {
  const namespace = (lb: HnsLoadBalancer): string | undefined =>
    context.snapshot.links.serviceOf.get(lb)?.service.namespace;
  const known = loadBalancers.filter((lb) => namespace(lb) !== undefined).length;
  const vip = (lb: HnsLoadBalancer): string => lb.vips[0] ?? '';
  const byVip =
    (length: number) =>
    (lb: HnsLoadBalancer): string =>
      vip(lb) === '' ? 'NodePorts' : prefixOf(vip(lb), length);
  const keys: readonly ((lb: HnsLoadBalancer) => string)[] = [
    ...(known * 2 > loadBalancers.length
      ? [(lb: HnsLoadBalancer): string => namespace(lb) ?? 'no service known']
      : []),
    byVip(26),
    byVip(24),
    byVip(20),
  ];
  return fold(loadBalancers, keys, prefix, 'load balancer', vip);
}

/** The first key that gives a handful of boxes; else equal slices of the sorted list. */
function fold<T>(
  items: readonly T[],
  keys: readonly ((item: T) => string)[],
  prefix: string,
  noun: string,
  address: (item: T) => string,
): Fold<T>[] {
  for (const key of keys) {
    const groups = new Map<string, T[]>();
    for (const item of items) {
      const name = key(item);
      groups.set(name, [...(groups.get(name) ?? []), item]);
    }
    if (groups.size < 2 || groups.size > MAX_FOLDS) continue;
    return [...groups].map(([name, group]) => {
      const id = `${prefix}:${name}`;
      return {
        id,
        label: name,
        sublabel: count(group.length, noun),
        items: group,
        parts: () => slices(group, partSize(group.length), id, noun, address),
      };
    });
  }
  return slices(items, partSize(items.length), prefix, noun, address);
}

/** Objects a part: parts of one size, no more of them than an overview takes. */
function partSize(items: number): number {
  return Math.ceil(items / Math.min(MAX_FOLDS, Math.ceil(items / OPENS_TO)));
}

function slices<T>(
  items: readonly T[],
  size: number,
  prefix: string,
  noun: string,
  address: (item: T) => string,
): Fold<T>[] {
  const found: Fold<T>[] = [];
  for (let at = 0; at < items.length; at += size) {
    const slice = items.slice(at, at + size);
    const [from, to] = [slice[0], slice[slice.length - 1]].map((i) =>
      i === undefined ? '' : address(i),
    );
    const id = `${prefix}:slice-${at}`;
    found.push({
      id,
      label: count(slice.length, noun),
      sublabel: `${from} … ${to}`,
      items: slice,
      parts: () => slices(slice, partSize(slice.length), id, noun, address),
    });
  }
  return found;
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** A Deployment's pod is named `<name>-<replica set>-<random>`, a DaemonSet's or StatefulSet's `<name>-<suffix>`. */
function workloadOf(pod: string): string {
  return pod.replace(/-[a-f0-9]{6,10}-[a-z0-9]{5}$/, '').replace(/-(?:[a-z0-9]{5}|\d+)$/, '');
}

function prefixOf(address: string, length: number): string {
  const ip = parseIp(address);
  if (!ip) return 'no address';
  return cidrText(cidrOf(ip, ip.family === 4 ? length : 128 - (32 - length)));
}
