import { macText } from '../model/ids';
import { toneOf } from '../inspect/view-context';
import type { WindowsService } from '../model/system';
import {
  adapterRef,
  compartmentRef,
  processRef,
  routeRef,
  windowsServiceRef,
} from '../snapshot/entity-ref';
import { link, list, number, plain, source, text, yesNo, time } from './cells';
import { rowsOf, type Table } from './table';

const mac = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : macText(value);

export const compartmentsTable: Table = {
  columns: [
    { id: 'compartment', title: 'Compartment', width: 110 },
    { id: 'adapter', title: 'Adapter', width: 260, middle: true },
    { id: 'ip', title: 'Addresses', width: 150, mono: true },
    { id: 'gateway', title: 'Gateway', width: 120, mono: true },
    { id: 'dns', title: 'DNS servers', width: 150, mono: true },
    { id: 'suffix', title: 'Search list', width: 200 },
    { id: 'mac', title: 'MAC', width: 140, mono: true },
    { id: 'source', title: 'Evidence', width: 130, mono: true },
  ],
  empty: {
    text: 'No compartments were collected. They are in ip.txt.',
    command: 'ipconfig /allcompartments /all',
  },
  rows: (context) =>
    rowsOf(
      [...context.snapshot.compartments, ...context.snapshot.containerViews].flatMap(
        (compartment) =>
          compartment.adapters.map((adapter, index) => {
            const ref = adapterRef(adapter);
            return {
              key: `${ref.id}#${index}`,
              ref,
              evidence: adapter.evidence[0],
              tone: toneOf(context, ref) ?? toneOf(context, compartmentRef(compartment)),
              cells: [
                link(context, compartmentRef(compartment)),
                { text: adapter.name, ref },
                list(
                  adapter.ipv4.map((a) =>
                    a.prefixLength === undefined ? a.address : `${a.address}/${a.prefixLength}`,
                  ),
                ),
                list(adapter.gateways),
                list(adapter.dnsServers),
                list(
                  adapter.suffixSearchList.length > 0
                    ? adapter.suffixSearchList
                    : compartment.suffixSearchList,
                ),
                text(mac(adapter.mac)),
                source(adapter),
              ],
            };
          }),
      ),
    ),
};

export const routesTable: Table = {
  columns: [
    { id: 'destination', title: 'Destination', width: 170, mono: true },
    { id: 'nexthop', title: 'Next hop', width: 140, mono: true },
    { id: 'interface', title: 'Interface', width: 120, mono: true },
    { id: 'metric', title: 'Route metric', width: 100, align: 'end' },
    { id: 'ifmetric', title: 'If metric', width: 80, align: 'end' },
    { id: 'persistent', title: 'Persistent', width: 90 },
    { id: 'from', title: 'From', width: 110 },
    { id: 'source', title: 'Evidence', width: 130, mono: true },
  ],
  empty: {
    text: 'No routes were collected. They are in routes.txt.',
    command: 'Get-NetRoute -IncludeAllCompartments; route print',
  },
  rows: (context) =>
    rowsOf(
      context.snapshot.routes.map((route, index) => {
        const ref = routeRef(route);
        return {
          key: `${ref.id}#${index}`,
          ref,
          evidence: route.evidence[0],
          tone: toneOf(context, ref),
          cells: [
            { text: route.destination, ref, tone: toneOf(context, ref) },
            text(route.nextHop),
            text(route.ifIndex === undefined ? route.interfaceAddress : `ifIndex ${route.ifIndex}`),
            plain(route.routeMetric ?? route.metricSum),
            plain(route.interfaceMetric),
            yesNo(route.persistent),
            text(route.source),
            source(route),
          ],
        };
      }),
    ),
};

export const interfacesTable: Table = {
  columns: [
    { id: 'index', title: 'ifIndex', width: 70, align: 'end' },
    { id: 'alias', title: 'Name', width: 240, middle: true },
    { id: 'mtu', title: 'MTU', width: 100, align: 'end' },
    { id: 'metric', title: 'Metric', width: 70, align: 'end' },
    { id: 'state', title: 'State', width: 110 },
    { id: 'forwarding', title: 'Forwarding', width: 90 },
    { id: 'addresses', title: 'Addresses', width: 200, mono: true },
    { id: 'source', title: 'Evidence', width: 150, mono: true },
  ],
  empty: {
    text: 'No IP interfaces were collected. They are in mtu.txt and ip.txt.',
    command: 'netsh int ipv4 sh int',
  },
  rows: (context) =>
    rowsOf(
      context.snapshot.interfaces.map((item, index) => ({
        key: `${item.ifIndex}#${index}`,
        evidence: item.evidence[0],
        cells: [
          plain(item.ifIndex),
          text(item.alias),
          plain(item.mtu),
          plain(item.metric),
          text(item.state),
          yesNo(item.forwarding),
          list(item.addresses),
          source(item),
        ],
      })),
    ),
};

export const portRangesTable: Table = {
  columns: [
    { id: 'use', title: 'Use', width: 100 },
    { id: 'protocol', title: 'Protocol', width: 80 },
    { id: 'from', title: 'From', width: 90, align: 'end' },
    { id: 'to', title: 'To', width: 90, align: 'end' },
    { id: 'size', title: 'Ports', width: 80, align: 'end' },
    { id: 'administered', title: 'Administered', width: 110 },
    { id: 'source', title: 'Evidence', width: 180, mono: true },
  ],
  empty: {
    text: 'No port ranges were collected.',
    command: 'netsh int ipv4 sh excludedportrange tcp; netsh int ipv4 sh dynamicportrange tcp',
  },
  rows: (context) =>
    rowsOf(
      context.snapshot.portRanges.map((range, index) => ({
        key: `${range.use}-${range.protocol ?? ''}-${range.from}#${index}`,
        evidence: range.evidence[0],
        cells: [
          text(range.use),
          text(range.protocol?.toUpperCase()),
          plain(range.from),
          plain(range.to),
          number(range.to - range.from + 1),
          yesNo(range.administered),
          source(range),
        ],
      })),
    ),
};

export const vswitchPortsTable: Table = {
  columns: [
    { id: 'name', title: 'Port', width: 280, mono: true },
    { id: 'friendly', title: 'Friendly name', width: 180, middle: true },
    { id: 'switch', title: 'vSwitch', width: 140 },
    { id: 'nic', title: 'NIC', width: 180, middle: true },
    { id: 'mac', title: 'MAC', width: 140, mono: true },
    { id: 'mtu', title: 'MTU', width: 70, align: 'end' },
    { id: 'connected', title: 'Connected', width: 90 },
    { id: 'source', title: 'Evidence', width: 130, mono: true },
  ],
  empty: {
    text: 'No vSwitch ports were collected. They are in ports.txt.',
    command: 'vfpctrl /list-vmswitch-port',
  },
  rows: (context) =>
    rowsOf(
      context.snapshot.vswitchPorts.map((port) => {
        const ref = {
          kind: 'vswitch-port' as const,
          id: port.name,
          name: port.friendlyName ?? port.name,
        };
        return {
          key: port.name,
          ref,
          evidence: port.evidence[0],
          tone: toneOf(context, ref),
          cells: [
            { text: port.name, ref },
            text(port.friendlyName),
            text(port.switchFriendlyName ?? port.switchName),
            text(port.nicFriendlyName ?? port.nicName),
            text(mac(port.mac)),
            plain(port.mtu),
            yesNo(port.nicConnected, false),
            source(port),
          ],
        };
      }),
    ),
};

export const processesTable: Table = {
  columns: [
    { id: 'name', title: 'Process', width: 180 },
    { id: 'pid', title: 'PID', width: 80, align: 'end' },
    { id: 'threads', title: 'Threads', width: 80, align: 'end' },
    { id: 'memory', title: 'Working set', width: 110, align: 'end' },
    { id: 'start', title: 'Started (UTC)', width: 150 },
    { id: 'command', title: 'Command line', width: 400, mono: true, middle: true },
    { id: 'source', title: 'Evidence', width: 140, mono: true },
  ],
  empty: {
    text: 'No process list was collected; a CollectLogs folder holds none.',
    command: 'Get-Process kube*, flanneld, containerd, dockerd -ErrorAction SilentlyContinue',
  },
  rows: (context) =>
    rowsOf(
      context.snapshot.processes.map((process, index) => {
        const ref = processRef(process.name);
        return {
          key: `${process.name}#${process.pid ?? index}`,
          ref,
          evidence: process.evidence[0],
          tone: toneOf(context, ref),
          cells: [
            { text: process.name, ref },
            text(process.pid),
            number(process.threads),
            process.workingSetBytes === undefined
              ? text(undefined)
              : {
                  text: `${Math.round(process.workingSetBytes / 1048576)} MB`,
                  sort: process.workingSetBytes,
                },
            time(process.startTime),
            text(process.commandLine),
            source(process),
          ],
        };
      }),
    ),
};

/** The default table of `Get-Service` prints no more of a name, and no mark where it cuts. */
const SERVICE_NAME_WIDTH = 18;

/**
 * A service that several listings name stands once where they agree on its status (`sc queryex` tells
 * no display name, `Get-Service` no process and not all of a long name); where they differ, each says
 * its own.
 */
function oncePerService(services: readonly WindowsService[]): WindowsService[] {
  const whole = [...new Set(services.map(({ name }) => name))].filter(
    (name) => name.length > SERVICE_NAME_WIDTH,
  );
  const fullName = (name: string): string => {
    const cut = name.length === SERVICE_NAME_WIDTH ? name.toLowerCase() : undefined;
    const [only, ...others] =
      cut === undefined ? [] : whole.filter((each) => each.toLowerCase().startsWith(cut));
    return only === undefined || others.length > 0 ? name : only;
  };
  const known = new Map<string, WindowsService>();
  for (const each of services) {
    const service = { ...each, name: fullName(each.name) };
    const key = `${service.name.toLowerCase()} ${service.status}`;
    const before = known.get(key);
    known.set(
      key,
      before === undefined
        ? service
        : {
            ...before,
            displayName: before.displayName ?? service.displayName,
            startType: before.startType ?? service.startType,
          },
    );
  }
  return [...known.values()];
}

export const windowsServicesTable: Table = {
  columns: [
    { id: 'name', title: 'Service', width: 180 },
    { id: 'display', title: 'Display name', width: 300 },
    { id: 'status', title: 'Status', width: 100 },
    { id: 'start', title: 'Start type', width: 110 },
    { id: 'source', title: 'Evidence', width: 180, mono: true },
  ],
  empty: {
    text: 'No Windows services were collected. They are in windowsServices.txt and scqueryex.txt.',
    command: 'Get-Service; sc.exe queryex',
  },
  rows: (context) =>
    rowsOf(
      oncePerService(context.snapshot.windowsServices).map((service, index) => {
        const ref = windowsServiceRef(service.name);
        return {
          key: `${service.name}#${index}`,
          ref,
          evidence: service.evidence[0],
          tone: toneOf(context, ref),
          cells: [
            { text: service.name, ref },
            text(service.displayName),
            text(service.status),
            text(service.startType),
            source(service),
          ],
        };
      }),
    ),
};

export const containersTable: Table = {
  columns: [
    { id: 'id', title: 'Container', width: 220, mono: true, middle: true },
    { id: 'pause', title: 'Pause', width: 70 },
    { id: 'pod', title: 'Pod', width: 200, middle: true },
    { id: 'image', title: 'Image', width: 280, middle: true },
    { id: 'state', title: 'State', width: 130 },
    { id: 'runtime', title: 'Runtime', width: 100 },
    { id: 'source', title: 'Evidence', width: 150, mono: true },
  ],
  empty: {
    text: 'No containers were collected. They are in containers.txt or docker.txt.',
    command: 'ctr -n k8s.io c ls',
  },
  rows: (context) =>
    rowsOf(
      context.snapshot.containers.map((container, index) => ({
        key: `${container.id}#${index}`,
        ref: {
          kind: 'container' as const,
          id: container.id,
          name: container.name ?? container.id.slice(0, 12),
        },
        evidence: container.evidence[0],
        cells: [
          text(container.id),
          yesNo(container.isPause),
          text(container.podName),
          text(container.image),
          text(container.state),
          text(container.runtime),
          source(container),
        ],
      })),
    ),
};
