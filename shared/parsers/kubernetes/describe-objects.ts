import { canonicalIp } from '../../model/ip';
import type { KubeNode, KubePod, KubeService, KubeServicePort } from '../../model/kubernetes';
import type { Described, DescribedField } from './described';
import { fieldsUnder, valueAt } from './described';
import { instant } from './duration';

const NOTHING = /^<(?:none|unset|unknown)>$/;

function text(object: Described, ...path: readonly string[]): string | undefined {
  const value = valueAt(object.fields, ...path)?.value;
  return value === undefined || value === '' || NOTHING.test(value) ? undefined : value;
}

function ipList(values: readonly (string | undefined)[]): string[] {
  return [
    ...new Set(values.flatMap((v) => (v ?? '').split(',')).flatMap((v) => canonicalIp(v) ?? [])),
  ];
}

function evidenceOf(
  ...fields: readonly (DescribedField | undefined)[]
): DescribedField['evidence'][] {
  return fields.flatMap((field) => (field ? [field.evidence] : []));
}

/** A pod of `kubectl describe pod`. The first evidence is the reason a container waits, else its status. */
export function describedPod(object: Described): KubePod {
  const { fields } = object;
  const under = fieldsUnder(fields, 'Containers');
  const ofContainer = (...path: readonly string[]): DescribedField[] =>
    under.filter(
      (f) => f.path.length === path.length + 2 && path.every((k, i) => f.path[i + 2] === k),
    );
  const waiting = ofContainer('State', 'Reason')[0];
  const readies = ofContainer('Ready').map(({ value }) => value === 'True');
  const restarts = ofContainer('Restart Count').map(({ value }) => Number(value));
  const status = valueAt(fields, 'Status');
  const phase = status?.value.replace(/\s*\(.*$/, '');
  const nodeText = text(object, 'Node');
  const ips = fieldsUnder(fields, 'IPs').map(({ value }) => value);
  return {
    name: object.name,
    namespace: object.namespace,
    node: nodeText?.split('/')[0],
    phase,
    status: waiting?.value ?? phase,
    ready: readies.length === 0 ? undefined : `${readies.filter(Boolean).length}/${readies.length}`,
    restarts: restarts.length === 0 ? undefined : restarts.reduce((sum, n) => sum + (n || 0), 0),
    ips: ipList([text(object, 'IP'), ...ips]),
    ipKnown: valueAt(fields, 'IP') !== undefined,
    containerIds: ofContainer('Container ID').flatMap(
      ({ value }) => value.replace(/^[\w-]+:\/\//, '') || [],
    ),
    images: ofContainer('Image').flatMap(({ value }) => value || []),
    labels: labelsOf(fields),
    createdAt: instant(text(object, 'Start Time')),
    evidence: evidenceOf(waiting, status, valueAt(fields, 'Name')),
  };
}

/** Labels stand one a line, `key=value`. */
function labelsOf(fields: readonly DescribedField[]): Map<string, string> {
  return new Map(
    fieldsUnder(fields, 'Labels').flatMap(({ value }) => {
      const at = value.indexOf('=');
      return at > 0 ? [[value.slice(0, at), value.slice(at + 1)] as const] : [];
    }),
  );
}

/** A node of `kubectl describe node`. The first evidence is its Ready condition. */
export function describedNode(object: Described): KubeNode {
  const { fields } = object;
  const ready = fieldsUnder(fields, 'Conditions').find(({ value }) => /^Ready\s/.test(value));
  // Type  Status  LastHeartbeatTime  LastTransitionTime  Reason  Message
  const cells = ready?.value.split(/ {2,}/) ?? [];
  const state = cells[1];
  const podCidrs = text(object, 'PodCIDRs') ?? text(object, 'PodCIDR') ?? '';
  const info = (key: string): string | undefined => text(object, 'System Info', key);
  return {
    name: object.name,
    internalIps: ipList([text(object, 'Addresses', 'InternalIP')]),
    podCidrs: podCidrs.split(',').flatMap((cidr) => cidr.trim() || []),
    ready: state === undefined ? undefined : state === 'True',
    readyReason: cells[5] ?? cells[4],
    lastHeartbeat: instant(cells[2]),
    os: info('Operating System'),
    osImage: info('OS Image'),
    kernelVersion: info('Kernel Version'),
    kubeletVersion: info('Kubelet Version'),
    containerRuntimeVersion: info('Container Runtime Version'),
    providerId: text(object, 'ProviderID'),
    annotations: annotationsOf(fields),
    createdAt: instant(text(object, 'CreationTimestamp')),
    evidence: evidenceOf(ready, valueAt(fields, 'Name')),
  };
}

/** Annotations are `key: value`, the first on the line of the heading. */
function annotationsOf(fields: readonly DescribedField[]): Map<string, string> {
  return new Map(
    fieldsUnder(fields, 'Annotations').flatMap(({ path, value }) => {
      if (path.length === 2) return [[path[1] ?? '', value] as const];
      const match = /^([\w.-]+\/?[\w.-]*): (.*)$/.exec(value);
      return match ? [[match[1] ?? '', match[2] ?? ''] as const] : [];
    }),
  );
}

/** A service of `kubectl describe service`. */
export function describedService(object: Described): KubeService {
  const { fields } = object;
  const ip = valueAt(fields, 'IP');
  const top = (key: string): DescribedField[] =>
    fields.filter((f) => f.path.length === 1 && f.path[0] === key);
  const nodePorts = top('NodePort').map(({ value }) => portOf(value));
  const targets = top('TargetPort').map(({ value }) => value.replace(/\/\w+$/, ''));
  const ports = top('Port').flatMap(({ value }, i): KubeServicePort[] => {
    const port = portOf(value);
    if (!port) return [];
    const nodePort = nodePorts.find((p) => p?.name === port.name) ?? nodePorts[i];
    return [{ ...port, targetPort: targets[i], nodePort: nodePort?.port }];
  });
  const endpoints = top('Endpoints').flatMap(({ value }) => value.split(',').map((e) => e.trim()));
  return {
    name: object.name,
    namespace: object.namespace,
    type: text(object, 'Type'),
    clusterIps: ipList([ip?.value, text(object, 'IPs')]),
    headless: ip?.value === 'None',
    externalIps: ipList([text(object, 'External IPs'), text(object, 'LoadBalancer Ingress')]),
    ports,
    externalTrafficPolicy: text(object, 'External Traffic Policy'),
    internalTrafficPolicy: text(object, 'Internal Traffic Policy'),
    sessionAffinity: text(object, 'Session Affinity'),
    endpoints:
      top('Endpoints').length === 0
        ? undefined
        : endpoints.filter((e) => e !== '' && !NOTHING.test(e)),
    evidence: evidenceOf(ip, valueAt(fields, 'Name')),
  };
}

/** `http  80/TCP` or `<unset>  80/TCP`. */
function portOf(value: string): KubeServicePort | undefined {
  const match = /^(?:(\S+)\s+)?(\d+)\/(\w+)/.exec(value);
  if (!match) return undefined;
  const name = match[1] === undefined || NOTHING.test(match[1]) ? undefined : match[1];
  return { name, protocol: match[3] ?? 'TCP', port: Number(match[2]) };
}
