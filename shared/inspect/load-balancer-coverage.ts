import type { EntityRef } from '../model/finding';
import type { HnsLoadBalancer } from '../model/hns';
import type { VfpDump } from '../model/vfp';
import type { ViewContext } from './view-context';

/** On how many pod ports VFP holds the complete rule of a load balancer; undefined without a dump. */
export function portCoverage(
  _context: ViewContext,
  _lb: HnsLoadBalancer,
): { readonly complete: number; readonly ports: number } | undefined {
  return undefined;
}

/** On how many pod ports the load balancer's rule lists this DIP; undefined without a dump. */
export function dipCoverage(
  _context: ViewContext,
  _lb: HnsLoadBalancer,
  _ip: string,
): { readonly present: number; readonly ports: number } | undefined {
  return undefined;
}

/** VFP rules that carry a load balancer, at most `limit`. */
export function rulesOfLoadBalancer(
  _context: ViewContext,
  _lb: HnsLoadBalancer,
  _limit: number,
): readonly EntityRef[] {
  return [];
}

/** The load balancer that a rule body comes from. */
export function loadBalancerOfRule(
  _context: ViewContext,
  _dump: VfpDump,
  _bodyId: number,
): HnsLoadBalancer | undefined {
  return undefined;
}
