const V4: ReadonlyMap<number, string> = new Map([
  [0, 'echo reply'],
  [3, 'destination unreachable'],
  [4, 'source quench'],
  [5, 'redirect'],
  [8, 'echo request'],
  [11, 'time exceeded'],
  [12, 'parameter problem'],
]);
const UNREACHABLE: ReadonlyMap<number, string> = new Map([
  [0, 'network unreachable'],
  [1, 'host unreachable'],
  [2, 'protocol unreachable'],
  [3, 'port unreachable'],
  [4, "fragmentation needed, but don't fragment is set"],
  [9, 'network prohibited'],
  [10, 'host prohibited'],
  [13, 'prohibited by a filter'],
]);
const V6: ReadonlyMap<number, string> = new Map([
  [1, 'destination unreachable'],
  [2, 'packet too big'],
  [3, 'time exceeded'],
  [4, 'parameter problem'],
  [128, 'echo request'],
  [129, 'echo reply'],
  [133, 'router solicitation'],
  [134, 'router advertisement'],
  [135, 'neighbour solicitation'],
  [136, 'neighbour advertisement'],
]);

/** An ICMP message in words (RFC 792, RFC 4443, RFC 4861). */
export function icmpText(v6: boolean, type: number, code: number): string {
  if (!v6 && type === 3) return UNREACHABLE.get(code) ?? `unreachable, code ${code}`;
  return (v6 ? V6 : V4).get(type) ?? `type ${type}, code ${code}`;
}
