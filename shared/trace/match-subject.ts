import { parseIp } from '../model/ip';
import type { MatchSubject } from '../vfp/conditions';
import { outermost, type PacketHeader } from './packet';

/** Prepares the outermost header; rules of layers behind an encapsulation see the outer one. */
export function matchSubject(header: PacketHeader): MatchSubject {
  const seen = outermost(header);
  const source = parseIp(seen.sourceIp);
  const destination = parseIp(seen.destinationIp);
  return {
    header: seen,
    source,
    destination,
    family: destination?.family ?? source?.family,
    tunnels: header.encap.length,
    vni: header.encap[0]?.vni,
  };
}
