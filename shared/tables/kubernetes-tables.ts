import { toneOf } from '../inspect/view-context';
import { nodeRef, podRef, serviceRef } from '../snapshot/entity-ref';
import { list, number, source, text, time } from './cells';
import { rowsOf, type Table } from './table';

/** `131 s` as kubectl prints ages. */
function age(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined;
  if (seconds < 120) return `${Math.round(seconds)}s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)}m`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)}h`;
  return `${Math.round(seconds / 86_400)}d`;
}

export const eventsTable: Table = {
  columns: [
    { id: 'type', title: 'Type', width: 104 },
    { id: 'reason', title: 'Reason', width: 212 },
    { id: 'object', title: 'Object', width: 220, middle: true },
    { id: 'count', title: 'Count', width: 70, align: 'end' },
    { id: 'last', title: 'Last seen', width: 166 },
    { id: 'message', title: 'Message', width: 480 },
    { id: 'source', title: 'Evidence', width: 150, mono: true },
  ],
  empty: {
    text: 'No Kubernetes events were added; a CollectLogs folder holds none.',
    command: 'kubectl get events -A -o json',
  },
  rows: (context) =>
    rowsOf(
      context.snapshot.cluster.events.map((event, index) => ({
        key: `${event.reason}#${index}`,
        evidence: event.evidence[0],
        tone: event.type === 'Warning' ? ('warning' as const) : undefined,
        cells: [
          text(event.type, event.type === 'Warning' ? 'warning' : undefined),
          text(event.reason),
          text([event.objectKind, event.objectName].filter((p) => p !== undefined).join('/')),
          number(event.count),
          event.lastSeen === undefined
            ? {
                ...text(age(event.lastSeenAgo)),
                sort: event.lastSeenAgo === undefined ? -1 : -event.lastSeenAgo,
              }
            : time(event.lastSeen),
          text(event.message),
          source(event),
        ],
      })),
    ),
};

export const podsTable: Table = {
  columns: [
    { id: 'name', title: 'Pod', width: 260, middle: true },
    { id: 'namespace', title: 'Namespace', width: 120 },
    { id: 'status', title: 'Status', width: 150 },
    { id: 'ready', title: 'Ready', width: 70 },
    { id: 'restarts', title: 'Restarts', width: 80, align: 'end' },
    { id: 'age', title: 'Age', width: 70, align: 'end' },
    { id: 'ip', title: 'Address', width: 130, mono: true },
    { id: 'node', title: 'Node', width: 170, middle: true },
    { id: 'source', title: 'Evidence', width: 150, mono: true },
  ],
  empty: {
    text: 'No pods were added; a CollectLogs folder holds none.',
    command: 'kubectl get pods -A -o json',
  },
  rows: (context) =>
    rowsOf(
      context.snapshot.cluster.pods.map((pod) => {
        const ref = podRef(pod);
        return {
          key: ref.id,
          ref,
          evidence: pod.evidence[0],
          tone: toneOf(context, ref),
          cells: [
            { text: pod.name, ref, tone: toneOf(context, ref) },
            text(pod.namespace),
            text(pod.status ?? pod.phase),
            text(pod.ready),
            number(pod.restarts),
            { ...text(age(pod.ageSeconds)), sort: pod.ageSeconds },
            list(pod.ips),
            text(pod.node),
            source(pod),
          ],
        };
      }),
    ),
};

export const servicesTable: Table = {
  columns: [
    { id: 'name', title: 'Service', width: 240, middle: true },
    { id: 'type', title: 'Type', width: 110 },
    { id: 'ip', title: 'Cluster IP', width: 130, mono: true },
    { id: 'ports', title: 'Ports', width: 220, mono: true },
    { id: 'policy', title: 'Traffic policy', width: 130 },
    { id: 'source', title: 'Evidence', width: 150, mono: true },
  ],
  empty: {
    text: 'No Kubernetes services were added; a CollectLogs folder holds none.',
    command: 'kubectl get services -A -o json',
  },
  rows: (context) =>
    rowsOf(
      context.snapshot.cluster.services.map((service) => {
        const ref = serviceRef(service);
        return {
          key: ref.id,
          ref,
          evidence: service.evidence[0],
          tone: toneOf(context, ref),
          cells: [
            { text: ref.name, ref, tone: toneOf(context, ref) },
            text(service.type),
            list(service.headless ? ['None'] : service.clusterIps),
            list(
              service.ports.map(
                (p) => `${p.port}${p.nodePort === undefined ? '' : `:${p.nodePort}`}/${p.protocol}`,
              ),
            ),
            text(service.externalTrafficPolicy),
            source(service),
          ],
        };
      }),
    ),
};

export const nodesTable: Table = {
  columns: [
    { id: 'name', title: 'Node', width: 200, middle: true },
    { id: 'ready', title: 'Ready', width: 80 },
    { id: 'ip', title: 'Internal IP', width: 130, mono: true },
    { id: 'cidr', title: 'Pod CIDR', width: 140, mono: true },
    { id: 'os', title: 'OS', width: 220 },
    { id: 'kubelet', title: 'Kubelet', width: 100 },
    { id: 'runtime', title: 'Runtime', width: 160 },
    { id: 'heartbeat', title: 'Last heartbeat', width: 150 },
    { id: 'source', title: 'Evidence', width: 150, mono: true },
  ],
  empty: {
    text: 'No Kubernetes nodes were added; a CollectLogs folder holds none.',
    command: 'kubectl get nodes -o json',
  },
  rows: (context) =>
    rowsOf(
      context.snapshot.cluster.nodes.map((node) => {
        const ref = nodeRef(node);
        return {
          key: node.name,
          ref,
          evidence: node.evidence[0],
          tone: toneOf(context, ref),
          cells: [
            { text: node.name, ref, tone: toneOf(context, ref) },
            text(
              node.ready === undefined ? undefined : node.ready ? 'ready' : 'not ready',
              node.ready === false ? 'error' : undefined,
            ),
            list(node.internalIps),
            list(node.podCidrs),
            text(node.osImage ?? node.os),
            text(node.kubeletVersion),
            text(node.containerRuntimeVersion),
            time(node.lastHeartbeat),
            source(node),
          ],
        };
      }),
    ),
};
