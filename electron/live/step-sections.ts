/**
 * The collector's sections that each step of the analysis is made of. What kubectl tells (events,
 * pods, services) is read from the cluster and is none of them.
 */
const HNS = [
  ...['hns-networks', 'hns-networks-detailed', 'hns-endpoints', 'hns-load-balancers'],
  ...['hns-namespaces', 'hnsdiag'],
];
const VFP = ['vswitch-ports', 'vfp', 'vfp-json', 'vswitch-forwarding'];
/** Two samples each, some seconds apart, and what was dropped of late. */
const COUNTERS = ['endpoint-statistics', 'adapter-statistics', 'packet-monitor'];
const PORTS = ['excluded-ports', 'dynamic-ports', 'connections'];
const ADDRESSES = ['addresses', 'routes', 'interfaces', 'neighbours'];

export const STEP_SECTIONS: Readonly<Record<number, readonly string[]>> = {
  1: [
    ...['os', 'hotfixes', 'features', 'services', 'service-definitions', 'processes', 'versions'],
    ...['hns-version', 'tcpip-settings', 'nat', 'dns-client', 'events'],
  ],
  2: ['dns-client', 'images', 'sandboxes', 'addresses'],
  3: ['sandboxes', 'containers', 'containers-hcs', 'containers-docker', 'events'],
  4: ['logs', 'pod-logs', 'windows-logs', 'events'],
  5: ['cni', ...HNS],
  6: [...HNS, ...VFP, ...ADDRESSES, ...PORTS],
  7: [...HNS, ...VFP, ...ADDRESSES, 'nat', 'dns-client', ...PORTS],
  8: [...HNS, ...VFP, ...ADDRESSES, ...COUNTERS, 'filtering'],
};
