import type { CheckResult, Finding } from '../model/finding';
import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';
import type { ChainContext, SymptomChain } from './chain';
import { dnsChains } from './dns-chain';
import { interNodeChains } from './inter-node-chain';
import { outboundChains } from './outbound-chain';
import { servicesChains } from './services-chain';

/**
 * The symptom paths of a snapshot: inter-node a peer, outbound a pod, services a service, and DNS.
 * Within a symptom the broken chains come first. Works with whatever evidence there is: links that
 * can't be judged are not checked and say what they need.
 */
export function symptomChains(
  snapshot: NodeSnapshot,
  theCase: Case,
  result: { readonly findings: readonly Finding[]; readonly checks: readonly CheckResult[] },
): SymptomChain[] {
  const own = result.checks.filter((c) => c.snapshotId === snapshot.id);
  const context: ChainContext = {
    snapshot,
    case: theCase,
    findings: result.findings.filter((f) => f.snapshotId === snapshot.id),
    checks: new Map(own.map((c) => [c.ruleId, c])),
  };
  return [
    ...interNodeChains(context),
    ...outboundChains(context),
    ...servicesChains(context),
    ...dnsChains(context),
  ];
}
