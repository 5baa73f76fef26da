import type { BundleTexts } from '../../../../shared/synthetic/bundle';
import type { ApiObject } from '../list';

/** A secret that must show up nowhere; pods and config maps carry it where clusters do. */
export const POD_CANARY = 'canary-env-9b1e7c';

const FILES: Readonly<Record<string, string>> = {
  nodes: 'nodes.json',
  pods: 'pods.json',
  services: 'services.json',
  endpointslices: 'endpointslices.json',
  events: 'events.json',
};

/**
 * What the API server of a made-up node's cluster holds: the objects of the bundle's kubectl files,
 * and beside them what a cluster of flannel and HostProcess pods has.
 * @param node the name of the node that the bundle is of
 */
export function clusterObjects(
  bundle: BundleTexts,
  node: string,
): Readonly<Record<string, readonly ApiObject[]>> {
  const listed = Object.entries(FILES).map(([resource, file]): [string, readonly ApiObject[]] => {
    const list = JSON.parse(bundle.get(file) ?? '{"items":[]}') as { items: ApiObject[] };
    return [resource, list.items];
  });
  const objects = Object.fromEntries(listed);
  return {
    ...objects,
    pods: [...(objects['pods'] ?? []), ...DAEMONS.map((each) => daemonPod(each, node))],
    daemonsets: DAEMONS.map(daemonSet),
    configmaps: [
      configMap('kube-flannel', 'kube-flannel-cfg', {
        'cni-conf.json': bundle.get('cni-conf.json') ?? '',
        'net-conf.json': bundle.get('net-conf.json') ?? '',
      }),
      configMap('kube-system', 'kube-proxy', {
        'config.conf': `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nclusterCIDR: 10.244.0.0/16\nmode: ""\n`,
        'kubeconfig.conf': `apiVersion: v1\nkind: Config\nusers:\n- name: default\n  user:\n    token: ${POD_CANARY}\n`,
      }),
      configMap('default', 'application', { password: POD_CANARY }),
    ],
  };
}

/** The objects as `kubectl get -o json` prints them, without what is secret in them. */
export function clusterTexts(objects: Readonly<Record<string, readonly ApiObject[]>>): BundleTexts {
  const configmaps = (objects['configmaps'] ?? []).filter((each) => !inDefault(each)).reverse();
  return new Map(
    Object.entries({ ...objects, configmaps }).map(([resource, items]) => [
      `${resource}.json`,
      `${JSON.stringify(sorted({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }), undefined, 4)}\n`,
    ]),
  );
}

const inDefault = ({ metadata }: ApiObject): boolean =>
  (metadata as { namespace?: string }).namespace === 'default';

function sorted(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, each: unknown) => {
      if (key === 'kubeconfig.conf') return undefined;
      if (key === 'env') return (each as { name: string }[]).map(({ name }) => ({ name }));
      if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
      return Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)));
    }),
  );
}

interface Daemon {
  readonly namespace: string;
  readonly name: string;
  readonly hostProcess: boolean;
}

const DAEMONS: readonly Daemon[] = [
  { namespace: 'kube-flannel', name: 'kube-flannel-ds-windows-amd64', hostProcess: true },
  { namespace: 'kube-system', name: 'kube-proxy-windows', hostProcess: true },
  { namespace: 'monitoring', name: 'windows-exporter', hostProcess: true },
  { namespace: 'monitoring', name: 'log-agent', hostProcess: false },
];

/** Name of the pod of a DaemonSet. */
export const daemonPodName = (daemon: string): string => `${daemon}-x7k2q`;

const HOST_PROCESS = {
  hostNetwork: true,
  securityContext: {
    windowsOptions: { hostProcess: true, runAsUserName: 'NT AUTHORITY\\system' },
  },
};

const podSpec = ({ name, hostProcess }: Daemon) => ({
  containers: [
    {
      env: [{ name: 'API_PASSWORD', value: POD_CANARY }],
      image: `registry.example/${name}:v1.29.4`,
      name: name.replace(/-windows.*/, ''),
    },
  ],
  nodeSelector: { 'kubernetes.io/os': 'windows' },
  ...(hostProcess ? HOST_PROCESS : {}),
});

/** A pod of a DaemonSet on a node; HostProcess pods have the node's own address. */
export function daemonPod(daemon: Daemon, node: string): ApiObject {
  const spec = podSpec(daemon);
  const startedAt = '2024-05-07T08:20:31Z';
  const owner = { apiVersion: 'apps/v1', controller: true, kind: 'DaemonSet', name: daemon.name };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      creationTimestamp: '2024-05-07T08:20:11Z',
      labels: { app: daemon.name },
      name: daemonPodName(daemon.name),
      namespace: daemon.namespace,
      ownerReferences: [owner],
    },
    spec: { ...spec, nodeName: node },
    status: {
      containerStatuses: spec.containers.map(({ image, name }) => ({
        image,
        name,
        ready: true,
        restartCount: 0,
        state: { running: { startedAt } },
      })),
      phase: daemon.hostProcess ? 'Running' : 'Succeeded',
      startTime: startedAt,
    },
  };
}

function daemonSet(daemon: Daemon): ApiObject {
  const labels = { app: daemon.name };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      creationTimestamp: '2024-05-07T08:20:00Z',
      name: daemon.name,
      namespace: daemon.namespace,
    },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(daemon) },
    },
    status: { currentNumberScheduled: 1, desiredNumberScheduled: 1, numberReady: 1 },
  };
}

const configMap = (
  namespace: string,
  name: string,
  data: Readonly<Record<string, string>>,
): ApiObject => ({
  apiVersion: 'v1',
  data,
  kind: 'ConfigMap',
  metadata: { creationTimestamp: '2024-05-07T08:00:00Z', name, namespace },
});
