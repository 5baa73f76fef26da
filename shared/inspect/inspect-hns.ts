import { errorText } from '../model/error-codes';
import type {
  Health,
  HnsEndpoint,
  HnsLoadBalancer,
  HnsNamespace,
  HnsNetwork,
  HnsPolicy,
} from '../model/hns';
import { macText, shortGuid } from '../model/ids';
import {
  adapterRef,
  compartmentRef,
  endpointRef,
  loadBalancerRef,
  namespaceRef,
  networkRef,
  podRef,
  protocolName,
  serviceRef,
  vfpPortRef,
} from '../snapshot/entity-ref';
import { endpointStateText, loadBalancerFlags } from '../tables/hns-tables';
import { portCoverage, rulesOfLoadBalancer } from './load-balancer-coverage';
import type { ObjectDescription, Property } from './object-view';
import { mono, properties, property, related } from './properties';
import { lackTone, type ViewContext } from './view-context';

/** Describes HNS objects: networks, endpoints, load balancers, namespaces. */
export function inspectHns(
  context: ViewContext,
  kind: 'network' | 'endpoint' | 'load-balancer' | 'namespace',
  id: string,
): ObjectDescription | undefined {
  const { links, namespaces } = context.snapshot;
  switch (kind) {
    case 'network': {
      const network = links.networkById.get(id);
      return network && describeNetwork(context, network);
    }
    case 'endpoint': {
      const endpoint = links.endpointById.get(id);
      return endpoint && describeEndpoint(context, endpoint);
    }
    case 'load-balancer': {
      const lb = links.loadBalancerById.get(id);
      return lb && describeLoadBalancer(context, lb);
    }
    case 'namespace': {
      const namespace = namespaces.find((n) => n.id === id);
      return namespace && describeNamespace(context, namespace);
    }
  }
}

function health(value: Health | undefined): readonly Property[] {
  if (!value) return [];
  if (value.lastErrorCode === 0) return property('Health', '0 (no error)', { tone: 'ok' });
  return property('Health', errorText(value.lastErrorCode), { tone: 'error' });
}

/** A policy in one line. */
export function policyText(policy: HnsPolicy): string {
  switch (policy.kind) {
    case 'outbound-nat':
      return policy.exceptionsKnown
        ? `OutBoundNAT except ${policy.exceptions.length === 0 ? 'nothing' : policy.exceptions.join(', ')}${policy.destinations.length > 0 ? `, only to ${policy.destinations.join(', ')}` : ''}`
        : 'OutBoundNAT (exceptions not printed)';
    case 'route':
      return `ROUTE ${policy.destinationPrefix}${policy.nextHop === undefined ? '' : ` via ${policy.nextHop}`}${policy.needEncap ? ', encapsulated' : ''}`;
    case 'provider-address':
      return `Provider address ${policy.address}`;
    case 'remote-subnet-route':
      return `RemoteSubnetRoute ${policy.destinationPrefix} to ${policy.providerAddress ?? '?'} VNI ${policy.isolationId ?? '?'} DR MAC ${policy.drMac === undefined ? '?' : macText(policy.drMac)}`;
    case 'host-route':
      return 'HostRoute';
    case 'l2-driver':
      return 'L2Driver';
    case 'dr-mac':
      return `DR MAC ${macText(policy.mac)}`;
    case 'source-mac':
      return `Source MAC ${macText(policy.mac)}`;
    case 'net-adapter-name':
      return `Adapter ${policy.adapter}`;
    case 'vswitch-extension':
      return `Switch extension ${policy.id} ${policy.enabled ? 'enabled' : 'disabled'}`;
    case 'acl':
      return `ACL ${policy.action} ${policy.direction} ${policy.protocols} ${policy.localAddresses} ${policy.remoteAddresses} ${policy.localPorts} ${policy.remotePorts}`.replace(
        /\s+/g,
        ' ',
      );
    case 'port-mapping':
      return `Port ${policy.externalPort} to ${policy.internalPort} ${protocolName(policy.protocol)}`;
    case 'encap-overhead':
      return `Encapsulation overhead ${policy.overhead}`;
    case 'other':
      return `${policy.type} ${policy.text}`.trim();
  }
}

function policyProperties(policies: readonly HnsPolicy[]): readonly Property[] {
  return policies.flatMap((policy) =>
    property('Policy', policyText(policy), { mono: true, evidence: policy.evidence[0] }),
  );
}

function describeNetwork(context: ViewContext, network: HnsNetwork): ObjectDescription {
  const endpoints = context.snapshot.endpoints.filter(
    (e) => context.snapshot.links.networkOf.get(e) === network,
  );
  return {
    ref: networkRef(network),
    kindText: 'Network',
    subtitle: [network.type, network.subnets.map((s) => s.prefix).join(', ')]
      .filter((p) => p)
      .join(' · '),
    properties: properties(
      mono('Id', network.id),
      property('Type', network.type),
      ...network.subnets.map((s) =>
        mono(
          'Subnet',
          `${s.prefix}${s.gateway === undefined ? '' : ` gateway ${s.gateway}`}${s.vsid === undefined ? '' : ` VSID ${s.vsid}`}`,
        ),
      ),
      mono('Management IP', network.managementIp),
      mono('Source MAC', network.sourceMac && macText(network.sourceMac)),
      mono('DR MAC', network.drMac && macText(network.drMac)),
      property('Adapter', network.adapterName),
      ...network.extensions.map((e) =>
        property('Extension', `${e.name} ${e.enabled ? 'enabled' : 'disabled'}`),
      ),
      property('Schema', network.schema === undefined ? undefined : `V${network.schema}`),
      health(network.health),
      policyProperties(network.policies),
    ),
    related: related('Endpoints', endpoints.map(endpointRef)),
    evidence: network.evidence,
    contradictionNames: [`network ${network.name ?? network.id}`, `network ${network.id}`],
  };
}

function describeEndpoint(context: ViewContext, endpoint: HnsEndpoint): ObjectDescription {
  const { links } = context.snapshot;
  const network = links.networkOf.get(endpoint);
  const pod = links.podOf.get(endpoint);
  const place = links.adapterOf.get(endpoint);
  const adapter = place?.compartment.adapters[place.adapterIndex];
  const namespace = links.namespaceOf.get(endpoint);
  const vfp = links.vfpPortOf.get(endpoint);
  const port = vfp?.dump.ports[vfp.port];
  const vswitch = links.vswitchPortOf.get(endpoint);
  const containers = links.containersOf.get(endpoint) ?? [];
  return {
    ref: endpointRef(endpoint),
    kindText: endpoint.isRemote === true ? 'Remote endpoint' : 'Endpoint',
    subtitle: [network?.name ?? endpoint.networkName, pod && podRef(pod).id]
      .filter((p) => p !== undefined)
      .join(' · '),
    properties: properties(
      mono('Id', endpoint.id),
      mono('Name', endpoint.name),
      mono(
        'Address',
        endpoint.ipAddresses.join(', ') +
          (endpoint.prefixLength === undefined ? '' : `/${endpoint.prefixLength}`),
      ),
      mono('MAC', endpoint.mac && macText(endpoint.mac)),
      mono('Gateway', endpoint.gateways.join(', ')),
      mono('DNS servers', endpoint.dnsServers.join(', ')),
      property('DNS suffixes', endpoint.dnsSuffixes.join(', ')),
      property('State', endpointStateText(endpoint.state)),
      property('Encapsulation overhead', endpoint.encapOverhead),
      mono('Containers', endpoint.sharedContainers.map((c) => c.slice(0, 12)).join(', ')),
      mono('VFP port', port?.name),
      health(endpoint.health),
      policyProperties(endpoint.policies),
      endpoint.policiesKnown ? [] : property('Policies', 'not in the files', { tone: 'dim' }),
    ),
    related: [
      ...related('Network', [network && networkRef(network)]),
      ...related(
        'Load balancers',
        (links.loadBalancersOf.get(endpoint.id) ?? []).map(loadBalancerRef),
      ),
      ...related('Compartment', [
        place && compartmentRef(place.compartment),
        adapter && adapterRef(adapter),
      ]),
      ...related('Namespace', [namespace && namespaceRef(namespace)]),
      ...related('Pod', [pod && podRef(pod)]),
      ...related(
        'Containers',
        containers.map((c) => ({
          kind: 'container' as const,
          id: c.id,
          name: `${c.isPause ? 'pause ' : ''}${c.id.slice(0, 12)}`,
        })),
      ),
      ...related('VFP port', [vfp && port && vfpPortRef(vfp.dump.file, vfp.port, port.name)]),
      ...related('vSwitch port', [
        vswitch && {
          kind: 'vswitch-port' as const,
          id: vswitch.name,
          name: vswitch.friendlyName ?? shortGuid(vswitch.name),
        },
      ]),
    ],
    evidence: endpoint.evidence,
    contradictionNames: [
      `endpoint ${endpoint.ipAddresses[0] ?? endpoint.name ?? endpoint.id}`,
      `endpoint ${endpoint.id}`,
    ],
  };
}

function describeLoadBalancer(context: ViewContext, lb: HnsLoadBalancer): ObjectDescription {
  const { links } = context.snapshot;
  const service = links.serviceOf.get(lb);
  const endpoints = lb.endpointIds.map((id) => links.endpointById.get(id));
  const missing = lb.endpointIds.filter((id) => !links.endpointById.has(id));
  const coverage = portCoverage(context, lb);
  const nodePort = service?.service.ports.find(
    (p) => p.port === lb.ports[0]?.externalPort,
  )?.nodePort;
  return {
    ref: loadBalancerRef(lb),
    kindText: 'Load balancer',
    subtitle: service ? serviceRef(service.service).name : 'no Kubernetes service known',
    properties: properties(
      mono('Id', lb.id),
      mono('VIP', lb.vips.length === 0 ? 'none (NodePort)' : lb.vips.join(', ')),
      ...lb.ports.map((p) =>
        mono(
          'Port',
          `${p.externalPort ?? '?'} to ${p.internalPort ?? '?'} ${protocolName(p.protocol)}`,
        ),
      ),
      mono(
        'Direct IPs',
        endpoints.map((e, i) => e?.ipAddresses[0] ?? shortGuid(lb.endpointIds[i] ?? '')).join(', '),
      ),
      missing.length === 0
        ? []
        : property('Missing endpoints', missing.join(', '), { mono: true, tone: 'error' }),
      mono('Source VIP', lb.sourceVip),
      property('Flags', loadBalancerFlags(lb)),
      property('NodePort', nodePort),
      property('In VFP', coverage && `${coverage.complete} of ${coverage.ports} ports complete`, {
        tone:
          coverage && coverage.complete < coverage.ports
            ? lackTone(context, loadBalancerRef(lb))
            : 'ok',
      }),
      health(lb.health),
    ),
    related: [
      ...related(
        'Endpoints',
        endpoints.map((e) => e && endpointRef(e)),
      ),
      ...related('Service', [service && serviceRef(service.service)]),
      ...related('VFP rules', rulesOfLoadBalancer(context, lb, 50)),
    ],
    evidence: lb.evidence,
    contradictionNames: [`load balancer ${lb.vips[0] ?? lb.id}`, `load-balancer ${lb.id}`],
  };
}

function describeNamespace(context: ViewContext, namespace: HnsNamespace): ObjectDescription {
  const endpoints = namespace.endpointIds.map((id) => context.snapshot.links.endpointById.get(id));
  return {
    ref: namespaceRef(namespace),
    kindText: 'Namespace',
    subtitle: namespace.compartmentId === undefined ? '' : `compartment ${namespace.compartmentId}`,
    properties: properties(
      mono('Id', namespace.id),
      property('Compartment', namespace.compartmentId),
      property('Type', namespace.type),
      mono('Containers', namespace.containerIds.map((c) => c.slice(0, 12)).join(', ')),
    ),
    related: related(
      'Endpoints',
      endpoints.map((e) => e && endpointRef(e)),
    ),
    evidence: namespace.evidence,
    contradictionNames: [`namespace ${namespace.id}`],
  };
}
