import { macText } from '../model/ids';
import type { Adapter, Compartment } from '../model/tcpip';
import {
  adapterRef,
  cniConfigRef,
  compartmentRef,
  endpointRef,
  fileRef,
  logRef,
  networkRef,
  routeRef,
} from '../snapshot/entity-ref';
import type { ObjectDescription } from './object-view';
import { mono, properties, property, related } from './properties';
import type { ViewContext } from './view-context';

type HostKind =
  | 'compartment'
  | 'adapter'
  | 'route'
  | 'process'
  | 'windows-service'
  | 'container'
  | 'cni-config'
  | 'log'
  | 'file'
  | 'port-range'
  | 'test';

/** Describes what is on the host beside HNS: compartments, adapters, routes, processes, services, files. */
export function inspectHost(
  context: ViewContext,
  kind: HostKind,
  id: string,
): ObjectDescription | undefined {
  switch (kind) {
    case 'compartment':
      return describeCompartment(context, id);
    case 'adapter':
      return describeAdapter(context, id);
    case 'route':
      return describeRoute(context, id);
    case 'process':
      return describeProcess(context, id);
    case 'windows-service':
      return describeService(context, id);
    case 'container':
      return describeContainer(context, id);
    case 'cni-config':
      return describeCni(context, id);
    case 'log':
    case 'file':
      return describeFile(context, kind, id);
    case 'port-range':
    case 'test':
      return undefined;
  }
}

const compartments = (context: ViewContext): readonly Compartment[] => [
  ...context.snapshot.compartments,
  ...context.snapshot.containerViews,
];

function describeCompartment(context: ViewContext, id: string): ObjectDescription | undefined {
  const compartment = compartments(context).find((c) => String(c.id) === id);
  if (!compartment) return undefined;
  const endpoints = [...context.snapshot.links.adapterOf]
    .filter(([, place]) => place.compartment === compartment)
    .map(([endpoint]) => endpointRef(endpoint));
  return {
    ref: compartmentRef(compartment),
    kindText: 'Compartment',
    subtitle: compartment.id === 1 ? 'the host' : (compartment.insideContainer ?? 'of a pod'),
    properties: properties(
      property('Host name', compartment.hostName),
      property('Suffix search list', compartment.suffixSearchList.join(', ')),
      ...compartment.adapters.map((a) =>
        mono(a.name, a.ipv4.map((ip) => ip.address).join(', ') || 'no IPv4 address', a.evidence[0]),
      ),
    ),
    related: [
      ...related('Endpoints', endpoints),
      ...related('Adapters', compartment.adapters.map(adapterRef)),
    ],
    evidence: compartment.evidence,
  };
}

function describeAdapter(context: ViewContext, id: string): ObjectDescription | undefined {
  let found: Adapter | undefined;
  let home: Compartment | undefined;
  for (const compartment of compartments(context)) {
    const adapter = compartment.adapters.find((a) => adapterRef(a).id === id);
    if (adapter) [found, home] = [adapter, compartment];
  }
  if (!found || !home) return undefined;
  const place = [...context.snapshot.links.adapterOf].find(
    ([, p]) => p.compartment === home && p.compartment.adapters[p.adapterIndex] === found,
  );
  return {
    ref: adapterRef(found),
    kindText: 'Adapter',
    subtitle: compartmentRef(home).name,
    properties: properties(
      property('Description', found.description),
      mono(
        'IPv4',
        found.ipv4
          .map((a) => (a.prefixLength === undefined ? a.address : `${a.address}/${a.prefixLength}`))
          .join(', '),
      ),
      mono('IPv6', found.ipv6.map((a) => a.address).join(', ')),
      mono('Gateway', found.gateways.join(', ')),
      mono('DNS servers', found.dnsServers.join(', ')),
      property('Connection suffix', found.dnsSuffix),
      property('Suffix search list', found.suffixSearchList.join(', ')),
      mono('MAC', found.mac && macText(found.mac)),
    ),
    related: [
      ...related('Compartment', [compartmentRef(home)]),
      ...related('Endpoint', [place && endpointRef(place[0])]),
    ],
    evidence: found.evidence,
  };
}

function describeRoute(context: ViewContext, id: string): ObjectDescription | undefined {
  const route = context.snapshot.routes.find((r) => routeRef(r).id === id);
  if (!route) return undefined;
  return {
    ref: routeRef(route),
    kindText: 'Route',
    subtitle: route.source,
    properties: properties(
      mono('Destination', route.destination),
      mono('Next hop', route.nextHop),
      property('Interface index', route.ifIndex),
      mono('Interface address', route.interfaceAddress),
      property('Route metric', route.routeMetric),
      property('Interface metric', route.interfaceMetric),
      property('Metric', route.metricSum),
      property('Persistent', route.persistent),
    ),
    related: [],
    evidence: route.evidence,
  };
}

function describeProcess(context: ViewContext, id: string): ObjectDescription | undefined {
  const all = context.snapshot.processes.filter((p) => p.name.toLowerCase() === id);
  const first = all[0];
  if (!first) return undefined;
  return {
    ref: { kind: 'process', id, name: first.name },
    kindText: 'Process',
    subtitle: all.length === 1 ? 'runs once' : `runs ${all.length} times`,
    properties: properties(
      ...all.flatMap((p) => [
        property('PID', p.pid),
        mono('Command line', p.commandLine),
        property('Threads', p.threads),
      ]),
    ),
    related: [],
    evidence: all.flatMap((p) => p.evidence),
  };
}

function describeService(context: ViewContext, id: string): ObjectDescription | undefined {
  const all = context.snapshot.windowsServices.filter((s) => s.name.toLowerCase() === id);
  const first = all[0];
  if (!first) return undefined;
  return {
    ref: { kind: 'windows-service', id, name: first.name },
    kindText: 'Windows service',
    subtitle: first.displayName ?? '',
    properties: properties(
      property('Status', first.status),
      property('Start type', all.find((s) => s.startType !== undefined)?.startType),
    ),
    related: [],
    evidence: all.flatMap((s) => s.evidence),
  };
}

function describeContainer(context: ViewContext, id: string): ObjectDescription | undefined {
  const container = context.snapshot.containers.find((c) => c.id === id);
  if (!container) return undefined;
  const endpoints = [...context.snapshot.links.containersOf].filter(([, list]) =>
    list.includes(container),
  );
  return {
    ref: { kind: 'container', id, name: container.name ?? id.slice(0, 12) },
    kindText: container.isPause ? 'Pause container' : 'Container',
    subtitle: container.isPause ? 'owns the endpoint of its pod' : (container.podName ?? ''),
    properties: properties(
      mono('Id', container.id),
      property('Image', container.image),
      property('State', container.state),
      property('Runtime', container.runtime),
      property('Pod', container.podName),
    ),
    related: related(
      'Endpoints',
      endpoints.map(([e]) => endpointRef(e)),
    ),
    evidence: container.evidence,
  };
}

function describeCni(context: ViewContext, id: string): ObjectDescription | undefined {
  const config = context.snapshot.cniConfigs.find((c) => c.file === id);
  if (!config) return undefined;
  const network = context.snapshot.networks.find(
    (n) => n.name?.toLowerCase() === config.name?.value.toLowerCase(),
  );
  return {
    ref: cniConfigRef(config),
    kindText: 'CNI configuration',
    subtitle: config.file,
    properties: properties(
      mono('Name', config.name?.value, config.name?.evidence),
      mono('CNI version', config.cniVersion?.value),
      ...config.plugins.flatMap((p) => [
        mono(
          'Plugin',
          [p.type?.value, p.delegateType?.value].filter((t) => t !== undefined).join(' > '),
          p.evidence,
        ),
        mono('DNS servers', p.dnsServers.map((d) => d.value).join(', '), p.dnsServers[0]?.evidence),
        mono('DNS search', p.dnsSearch.map((d) => d.value).join(', '), p.dnsSearch[0]?.evidence),
      ]),
    ),
    related: related('HNS network', [network && networkRef(network)]),
    evidence: config.evidence,
  };
}

function describeFile(
  context: ViewContext,
  kind: 'log' | 'file',
  id: string,
): ObjectDescription | undefined {
  const parsed = [...context.snapshot.files, ...context.snapshot.cluster.files].find(
    (f) => f.file.path === id,
  );
  if (!parsed) return undefined;
  return {
    ref: kind === 'log' ? logRef(id) : fileRef(id),
    kindText: 'File',
    subtitle: parsed.title,
    properties: properties(
      mono('Path', id),
      mono('Made by', parsed.command),
      property('Encoding', parsed.file.encoding),
      property('Size', `${parsed.file.originalBytes.toLocaleString('en-US')} bytes`),
      property(
        'Lines',
        `${parsed.readLines.toLocaleString('en-US')} of ${parsed.file.lineCount.toLocaleString('en-US')} read`,
      ),
      ...parsed.notes.slice(0, 20).map((n) =>
        property(`Line ${n.line}`, n.message, {
          evidence: { file: id, line: n.line, endLine: n.endLine },
        }),
      ),
    ),
    related: [],
    evidence: [{ file: id, line: 1, endLine: 1 }],
  };
}
