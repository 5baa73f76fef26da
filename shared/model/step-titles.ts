import type { Step } from './finding';

/** The eight steps by the names that reports, the command line and the catalogue of rules give them. */
export const STEP_TITLES: Readonly<Record<Step, string>> = {
  1: 'Installed & running',
  2: 'Basic connectivity',
  3: 'Kubernetes events',
  4: 'Component logs',
  5: 'CNI configuration',
  6: 'HNS state',
  7: 'Snapshot analysis',
  8: 'Packets & flows',
};
