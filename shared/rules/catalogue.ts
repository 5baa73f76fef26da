import type { Rule } from './rule';
import { rule as inL2bCloud } from './inter-node/in-l2b-cloud';
import { rule as inL2bRouteMissing } from './inter-node/in-l2b-route-missing';
import { rule as inL2bRouteNexthop } from './inter-node/in-l2b-route-nexthop';
import { rule as inOvlRsrDrmac } from './inter-node/in-ovl-rsr-drmac';
import { rule as inOvlRsrMissing } from './inter-node/in-ovl-rsr-missing';
import { rule as inOvlRsrPa } from './inter-node/in-ovl-rsr-pa';
import { rule as inOvlRsrVni } from './inter-node/in-ovl-rsr-vni';

// Made by `npm run rules` from the files of this folder; do not edit.
const ALL: readonly Rule[] = [
  inL2bCloud,
  inL2bRouteMissing,
  inL2bRouteNexthop,
  inOvlRsrDrmac,
  inOvlRsrMissing,
  inOvlRsrPa,
  inOvlRsrVni,
];

/** Every rule, in the order of the steps. */
export const RULES: readonly Rule[] = [...ALL].sort((a, b) => a.meta.step - b.meta.step);
