import { dipCoverage, portCoverage } from '../inspect/load-balancer-coverage';
import type { TableId } from '../ipc/table-schemas';
import {
  endpointsTable,
  lbBackendsTable,
  loadBalancersTable,
  namespacesTable,
  networksTable,
} from './hns-tables';
import {
  compartmentsTable,
  containersTable,
  interfacesTable,
  portRangesTable,
  processesTable,
  routesTable,
  vswitchPortsTable,
  windowsServicesTable,
} from './host-tables';
import { adapterCountersTable, endpointCountersTable, packetCountersTable } from './counter-tables';
import { eventsTable, nodesTable, podsTable, servicesTable } from './kubernetes-tables';
import { nodeFactsTable, tcpConnectionsTable, windowsEventsTable } from './node-tables';
import type { Table } from './table';
import { contradictionsTable, dnsLookupsTable, testsTable } from './result-tables';
import { vfpPortsTable, vfpRulesTable } from './vfp-tables';

/** Every table by its id in the IPC contract. */
export const TABLES: Readonly<Record<TableId, Table>> = {
  networks: networksTable,
  endpoints: endpointsTable,
  'load-balancers': loadBalancersTable(portCoverage),
  'lb-backends': lbBackendsTable(dipCoverage),
  namespaces: namespacesTable,
  compartments: compartmentsTable,
  'vfp-ports': vfpPortsTable,
  'vfp-rules': vfpRulesTable,
  'vswitch-ports': vswitchPortsTable,
  routes: routesTable,
  interfaces: interfacesTable,
  'port-ranges': portRangesTable,
  processes: processesTable,
  'windows-services': windowsServicesTable,
  'node-facts': nodeFactsTable,
  'tcp-connections': tcpConnectionsTable,
  'adapter-counters': adapterCountersTable,
  'endpoint-counters': endpointCountersTable,
  'packet-counters': packetCountersTable,
  'windows-events': windowsEventsTable,
  containers: containersTable,
  tests: testsTable,
  'dns-lookups': dnsLookupsTable,
  events: eventsTable,
  pods: podsTable,
  services: servicesTable,
  nodes: nodesTable,
  contradictions: contradictionsTable,
};
