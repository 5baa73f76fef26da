import type { HnsPolicy } from '../../model/hns';

/** A policy that translates everything but its exceptions (a loopback DSR one names destinations). */
export const isOutboundNat = (policy: HnsPolicy): boolean =>
  policy.kind === 'outbound-nat' && policy.destinations.length === 0;
