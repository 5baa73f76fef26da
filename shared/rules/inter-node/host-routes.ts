import type { Evidence } from '../../model/evidence';
import { cidrCovers, parseCidr } from '../../model/ip';
import type { Route } from '../../model/tcpip';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { canonicalCidr } from './peers';

/** Routes for exactly this prefix, whatever their next hop. */
export function exactRoutes(snapshot: NodeSnapshot, prefix: string): Route[] {
  return snapshot.routes.filter((r) => canonicalCidr(r.destination) === prefix);
}

/** A route by a gateway for a wider prefix, other than the default route. */
export function widerRoute(snapshot: NodeSnapshot, prefix: string): Route | undefined {
  const inner = parseCidr(prefix);
  if (inner === undefined) return undefined;
  return snapshot.routes.find((r) => {
    const outer = parseCidr(r.destination);
    if (outer === undefined || r.nextHop === 'on-link' || outer.length === 0) return false;
    return outer.length < inner.length && cidrCovers(outer, inner);
  });
}

/** Interface index of the management address, from its on-link /32 or a route that names it. */
export function managementIfIndex(snapshot: NodeSnapshot): number | undefined {
  const ip = snapshot.addresses.managementIp?.value;
  if (ip === undefined) return undefined;
  return snapshot.routes.find(
    (r) => r.ifIndex !== undefined && canonicalCidr(r.destination) === `${ip}/32`,
  )?.ifIndex;
}

/**
 * Where a missing route should stand: the lines of the routes that are its siblings, or of the
 * route table of the same kind of output.
 */
export function placeOfRoutes(siblings: readonly Route[], all: readonly Route[]): Evidence[] {
  const best = siblings.length > 0 ? siblings : all;
  const first = best.find((r) => r.source === 'Get-NetRoute') ?? best[0];
  const file = first?.evidence[0]?.file;
  const lines = best
    .filter((r) => r.source === first?.source)
    .flatMap((r) => r.evidence.slice(0, 1))
    .filter((e) => e.file === file);
  if (file === undefined || lines.length === 0) return [];
  return [
    {
      file,
      line: Math.min(...lines.map((e) => e.line)),
      endLine: Math.max(...lines.map((e) => e.endLine)),
    },
  ];
}
