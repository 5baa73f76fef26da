import type { IpInterface } from '../model/tcpip';

/**
 * Facts of one file about the same interface become one: the first value of each field stays,
 * addresses add up.
 */
export function mergeInterfaces(items: readonly IpInterface[]): IpInterface[] {
  const byIndex = new Map<number, IpInterface>();
  for (const item of items) {
    const known = byIndex.get(item.ifIndex);
    byIndex.set(item.ifIndex, known ? merged(known, item) : item);
  }
  return [...byIndex.values()];
}

function merged(a: IpInterface, b: IpInterface): IpInterface {
  return {
    ifIndex: a.ifIndex,
    alias: a.alias ?? b.alias,
    description: a.description ?? b.description,
    mac: a.mac ?? b.mac,
    mtu: a.mtu ?? b.mtu,
    metric: a.metric ?? b.metric,
    state: a.state ?? b.state,
    forwarding: a.forwarding ?? b.forwarding,
    addresses: [...new Set([...a.addresses, ...b.addresses])],
    evidence: [...a.evidence, ...b.evidence],
  };
}
