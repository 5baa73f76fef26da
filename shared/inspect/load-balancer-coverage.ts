import type { EntityRef } from '../model/finding';
import type { HnsLoadBalancer } from '../model/hns';
import type { VfpDump } from '../model/vfp';
import { vfpLoadBalancing } from '../snapshot/vfp-load-balancing';
import type { ViewContext } from './view-context';

/** On how many pod ports VFP holds the complete rule of a load balancer; undefined without a dump. */
export function portCoverage(
  context: ViewContext,
  lb: HnsLoadBalancer,
): { readonly complete: number; readonly ports: number } | undefined {
  return vfpLoadBalancing(context.snapshot)?.coverageOf(lb);
}

/** On how many pod ports the load balancer's rule lists this DIP; undefined without a dump. */
export function dipCoverage(
  context: ViewContext,
  lb: HnsLoadBalancer,
  ip: string,
): { readonly present: number; readonly ports: number } | undefined {
  return vfpLoadBalancing(context.snapshot)?.dipCoverageOf(lb, ip);
}

/** VFP rules that carry a load balancer, at most `limit`. */
export function rulesOfLoadBalancer(
  context: ViewContext,
  lb: HnsLoadBalancer,
  limit: number,
): readonly EntityRef[] {
  return vfpLoadBalancing(context.snapshot)?.rulesOf(lb, limit) ?? [];
}

/** The load balancer that a rule body comes from. */
export function loadBalancerOfRule(
  context: ViewContext,
  dump: VfpDump,
  bodyId: number,
): HnsLoadBalancer | undefined {
  return vfpLoadBalancing(context.snapshot)?.loadBalancerOf(dump, bodyId);
}
