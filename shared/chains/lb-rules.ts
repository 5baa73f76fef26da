import { canonicalIp } from '../model/ip';
import type { VfpDump } from '../model/vfp';
import type { NodeSnapshot } from '../snapshot/node-snapshot';

/** A load-balancing rule of VFP on one port. */
export interface LbRule {
  readonly dump: VfpDump;
  readonly index: number;
  readonly dips: readonly { readonly ip: string; readonly port: number }[];
}

/** Load-balancing rules by what they match, then by port (`<dump file>#<port>`). */
export type LbRules = ReadonlyMap<string, ReadonlyMap<string, LbRule>>;

export const lbKey = (ip: string, port: number, protocol: number): string =>
  `${ip} ${port} ${protocol}`;
export const portKey = (dump: VfpDump, port: number): string => `${dump.file}#${port}`;

/** All lbnat rules of a snapshot, in one pass over the dumps. */
export function lbRules(snapshot: NodeSnapshot): LbRules {
  const found = new Map<string, Map<string, LbRule>>();
  for (const dump of snapshot.vfp) {
    for (let body = 0; body < dump.bodyCount; body += 1) {
      const rule = dump.body(body);
      if (rule.type !== 'lbnat') continue;
      const keys = rule.conditions.destinationIps.flatMap((ip) =>
        rule.conditions.destinationPorts.flatMap((port) =>
          rule.conditions.protocols.map((protocol) =>
            lbKey(canonicalIp(ip) ?? ip, Number(port), protocol),
          ),
        ),
      );
      for (const key of keys) {
        const byPort = found.get(key) ?? new Map<string, LbRule>();
        for (const index of dump.rulesOfBody(body)) {
          byPort.set(portKey(dump, dump.portOf(index)), { dump, index, dips: rule.dips });
        }
        found.set(key, byPort);
      }
    }
  }
  return found;
}
