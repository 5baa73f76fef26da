import type { EntityLink } from '../../shared/ipc/finding-schemas';
import type { TableId } from '../../shared/ipc/table-schemas';

export const tableTitles: Readonly<Record<TableId, string>> = {
  networks: 'Networks',
  endpoints: 'Endpoints',
  'load-balancers': 'Load balancers',
  'lb-backends': 'Backends',
  namespaces: 'Namespaces',
  compartments: 'Compartments',
  'vfp-ports': 'VFP ports',
  'vfp-rules': 'VFP rules',
  'vswitch-ports': 'vSwitch ports',
  routes: 'Routes',
  interfaces: 'Interfaces',
  'port-ranges': 'Port ranges',
  processes: 'Processes',
  'windows-services': 'Windows services',
  'node-facts': 'Versions and settings',
  'tcp-connections': 'TCP connections',
  'adapter-counters': 'Adapter counters',
  'packet-counters': 'Packet counters',
  'windows-events': 'Windows events',
  containers: 'Containers',
  tests: 'Test results',
  'dns-lookups': 'DNS lookups',
  events: 'Events',
  pods: 'Pods',
  services: 'Services',
  nodes: 'Nodes',
  contradictions: 'Contradictions',
};

/** What step 6 lists: the objects of HNS, of VFP and of the stack below. */
export const hnsTables: readonly TableId[] = [
  'networks',
  'endpoints',
  'load-balancers',
  'namespaces',
  'compartments',
  'vfp-ports',
  'vswitch-ports',
  'interfaces',
  'routes',
  'port-ranges',
  'tcp-connections',
  'adapter-counters',
  'packet-counters',
];

/** All tables that stand by themselves. */
export const allTables: readonly TableId[] = [
  ...hnsTables,
  'containers',
  'pods',
  'services',
  'nodes',
  'events',
  'processes',
  'windows-services',
  'node-facts',
  'windows-events',
  'tests',
  'dns-lookups',
  'contradictions',
];

/** The table that lists objects of a kind. */
export const tableOfKind: Readonly<Partial<Record<EntityLink['kind'], TableId>>> = {
  network: 'networks',
  endpoint: 'endpoints',
  'load-balancer': 'load-balancers',
  namespace: 'namespaces',
  compartment: 'compartments',
  adapter: 'interfaces',
  'vfp-port': 'vfp-ports',
  'vswitch-port': 'vswitch-ports',
  route: 'routes',
  service: 'services',
  pod: 'pods',
  node: 'nodes',
  event: 'events',
  process: 'processes',
  'windows-service': 'windows-services',
  container: 'containers',
  test: 'tests',
  'port-range': 'port-ranges',
};
