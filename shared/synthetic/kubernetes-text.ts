import { COLLECTED_AT, rfc3339 } from './clock';
import { guidOf, hexOf, ipv6Of, ipv6Subnet, suffixOf } from './names';
import type { PlannedNode } from './cluster-plan';
import type { NodePlan } from './node-plan';
import type { PlannedService } from './service-plan';

/** `kubectl get … -o json` of the cluster. */

const MINUTE = 60_000;
const POD_AGE = 70 * MINUTE;

const list = (items: readonly unknown[]): string =>
  `${JSON.stringify({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }, undefined, 4)}\n`;

function nodeObject(plan: NodePlan, node: PlannedNode): unknown {
  const windows = node.os === 'windows';
  const beat = rfc3339(COLLECTED_AT - 40_000);
  const since = rfc3339(node.createdAt + 5 * MINUTE);
  const condition = (type: string, status: string, reason: string, message: string): unknown => ({
    lastHeartbeatTime: beat,
    lastTransitionTime: since,
    message,
    reason,
    status,
    type,
  });
  const overlay = plan.mode === 'overlay';
  const dual = plan.dualStack !== 'none';
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      annotations: {
        'flannel.alpha.coreos.com/backend-data': overlay
          ? JSON.stringify({ VNI: plan.vni, VtepMAC: node.drMac.toLowerCase().replace(/-/g, ':') })
          : 'null',
        'flannel.alpha.coreos.com/backend-type': overlay ? 'vxlan' : 'host-gw',
        'flannel.alpha.coreos.com/kube-subnet-manager': 'true',
        'flannel.alpha.coreos.com/public-ip': node.ip,
      },
      creationTimestamp: rfc3339(node.createdAt),
      labels: { 'kubernetes.io/hostname': node.name, 'kubernetes.io/os': node.os },
      name: node.name,
      uid: node.uid,
    },
    spec: {
      podCIDR: node.podCidr,
      podCIDRs: [node.podCidr, ...(dual ? [ipv6Subnet(node.podCidr)] : [])],
    },
    status: {
      addresses: [
        { address: node.ip, type: 'InternalIP' },
        ...(dual ? [{ address: ipv6Of(node.ip), type: 'InternalIP' }] : []),
        { address: node.name, type: 'Hostname' },
      ],
      conditions: [
        condition(
          'MemoryPressure',
          'False',
          'KubeletHasSufficientMemory',
          'kubelet has sufficient memory available',
        ),
        condition(
          'DiskPressure',
          'False',
          'KubeletHasNoDiskPressure',
          'kubelet has no disk pressure',
        ),
        condition(
          'PIDPressure',
          'False',
          'KubeletHasSufficientPID',
          'kubelet has sufficient PID available',
        ),
        condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      nodeInfo: {
        architecture: 'amd64',
        containerRuntimeVersion: windows ? plan.runtimeVersion : 'containerd://1.7.16',
        kernelVersion: windows ? `10.0.${plan.os.build}.${plan.os.ubr}` : '5.15.0-105-generic',
        kubeProxyVersion: plan.kubernetesVersion,
        kubeletVersion: plan.kubernetesVersion,
        operatingSystem: node.os,
        osImage: windows ? plan.os.product : 'Ubuntu 22.04.4 LTS',
      },
    },
  };
}

/** nodes.json. */
export function nodesText(plan: NodePlan): string {
  const all = [...plan.peers, plan.node].sort((a, b) => (a.ip < b.ip ? -1 : 1));
  return list(all.map((n) => nodeObject(plan, n)));
}

/** Pods of Linux have both families as soon as the cluster has; those of Windows where HNS can. */
const hasBoth = (plan: NodePlan, app: string): boolean =>
  plan.dualStack === 'node' || (plan.dualStack === 'cluster' && app === 'kube-dns');

interface PodShape {
  readonly name: string;
  readonly namespace: string;
  readonly app: string;
  readonly ip: string;
  readonly node: string;
  readonly hostIp: string;
  readonly uid: string;
  readonly containerId: string;
  readonly image: string;
}

function podObject(plan: NodePlan, pod: PodShape): unknown {
  const started = rfc3339(COLLECTED_AT - POD_AGE + 20_000);
  const runtime = pod.app === 'kube-dns' ? 'containerd' : plan.runtime;
  const container = pod.app === 'kube-dns' ? 'coredns' : pod.app;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      creationTimestamp: rfc3339(COLLECTED_AT - POD_AGE),
      labels: pod.app === 'kube-dns' ? { 'k8s-app': 'kube-dns' } : { app: pod.app },
      name: pod.name,
      namespace: pod.namespace,
      uid: pod.uid,
    },
    spec: {
      containers: [{ image: pod.image, name: container }],
      dnsPolicy: pod.app === 'kube-dns' ? 'Default' : 'ClusterFirst',
      nodeName: pod.node,
      restartPolicy: 'Always',
    },
    status: {
      conditions: [{ lastTransitionTime: started, status: 'True', type: 'Ready' }],
      containerStatuses: [
        {
          containerID: `${runtime}://${pod.containerId}`,
          image: pod.image,
          name: container,
          ready: true,
          restartCount: 0,
          started: true,
          state: { running: { startedAt: started } },
        },
      ],
      hostIP: pod.hostIp,
      phase: 'Running',
      podIP: pod.ip,
      podIPs: (hasBoth(plan, pod.app) ? [pod.ip, ipv6Of(pod.ip)] : [pod.ip]).map((ip) => ({ ip })),
      startTime: rfc3339(COLLECTED_AT - POD_AGE),
    },
  };
}

/** Image of an application on the plan's Windows version. */
export function appImage(plan: NodePlan): string {
  const release = plan.os.build === 17763 ? 'ltsc2019' : 'ltsc2022';
  return `mcr.microsoft.com/windows/servercore:${release}`;
}

/** pods.json, all namespaces. */
export function podsText(plan: NodePlan): string {
  const image = appImage(plan);
  const local = plan.pods.map((p): PodShape => ({
    ...p,
    node: plan.node.name,
    hostIp: plan.node.ip,
    image,
  }));
  const remote = plan.remotePods.map((p): PodShape => ({
    ...p,
    hostIp: plan.peers.find((n) => n.name === p.node)?.ip ?? '',
    containerId: hexOf(p.uid, 64),
    image: p.app === 'kube-dns' ? 'registry.k8s.io/coredns/coredns:v1.11.1' : image,
  }));
  return list([...local, ...remote].map((p) => podObject(plan, p)));
}

function serviceObject(service: PlannedService): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      creationTimestamp: rfc3339(COLLECTED_AT - POD_AGE),
      labels: service.name === 'kube-dns' ? { 'k8s-app': 'kube-dns' } : {},
      name: service.name,
      namespace: service.namespace,
      uid: service.uid,
    },
    spec: {
      clusterIP: service.clusterIp,
      clusterIPs: [
        service.clusterIp,
        ...(service.clusterIp6 === undefined ? [] : [service.clusterIp6]),
      ],
      ...(service.type === 'NodePort' ? { externalTrafficPolicy: 'Cluster' } : {}),
      internalTrafficPolicy: 'Cluster',
      ipFamilies: service.clusterIp6 === undefined ? ['IPv4'] : ['IPv4', 'IPv6'],
      ipFamilyPolicy: service.clusterIp6 === undefined ? 'SingleStack' : 'PreferDualStack',
      ports: service.ports.map((p) => ({
        ...(p.name === '' ? {} : { name: p.name }),
        ...(p.nodePort === undefined ? {} : { nodePort: p.nodePort }),
        port: p.port,
        protocol: p.protocol,
        targetPort: p.targetPort,
      })),
      ...(service.selector === undefined ? {} : { selector: { app: service.selector } }),
      sessionAffinity: 'None',
      type: service.type,
    },
    status: { loadBalancer: {} },
  };
}

/** services.json. */
export function servicesText(plan: NodePlan): string {
  return list(plan.services.map(serviceObject));
}

function sliceObject(
  service: PlannedService,
  backends: PlannedService['backends'],
  family: 4 | 6,
): unknown {
  return {
    addressType: family === 4 ? 'IPv4' : 'IPv6',
    apiVersion: 'discovery.k8s.io/v1',
    endpoints: backends.map((b) => ({
      addresses: [family === 4 ? b.ip : ipv6Of(b.ip)],
      conditions: { ready: true, serving: true, terminating: false },
      ...(b.pod === undefined
        ? {}
        : {
            nodeName: b.node,
            targetRef: { kind: 'Pod', name: b.pod, namespace: service.namespace, uid: b.uid },
          }),
    })),
    kind: 'EndpointSlice',
    metadata: {
      creationTimestamp: rfc3339(COLLECTED_AT - POD_AGE),
      labels: { 'kubernetes.io/service-name': service.name },
      name:
        service.selector === undefined
          ? service.name
          : `${service.name}-${suffixOf(`${service.uid}${family === 4 ? '' : family}`, 5)}`,
      namespace: service.namespace,
    },
    ports: service.ports.map((p) => ({ name: p.name, port: p.targetPort, protocol: p.protocol })),
  };
}

/** endpointslices.json. */
export function endpointSlicesText(plan: NodePlan): string {
  return list(
    plan.services.flatMap((service) => {
      const both = service.backends.filter(() => hasBoth(plan, service.name));
      return [
        sliceObject(service, service.backends, 4),
        ...(service.clusterIp6 === undefined ? [] : [sliceObject(service, both, 6)]),
      ];
    }),
  );
}

/** An event object; scenarios add their own. */
export function eventObject(about: {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly pod: string;
  readonly namespace: string;
  readonly message: string;
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly component: string;
  readonly host: string;
}): unknown {
  return {
    apiVersion: 'v1',
    count: about.count,
    eventTime: null,
    firstTimestamp: rfc3339(about.first),
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name: about.pod, namespace: about.namespace },
    kind: 'Event',
    lastTimestamp: rfc3339(about.last),
    message: about.message,
    metadata: {
      creationTimestamp: rfc3339(about.first),
      name: `${about.pod}.${guidOf(about.pod + about.reason)
        .replace(/-/g, '')
        .slice(0, 16)}`,
      namespace: about.namespace,
    },
    reason: about.reason,
    reportingComponent: about.component,
    source: { component: about.component, host: about.host },
    type: about.type,
  };
}

/** events.json: the quiet events of pods that came up. */
export function eventsText(plan: NodePlan): string {
  const at = COLLECTED_AT - POD_AGE;
  const items = plan.pods.flatMap((p) =>
    (
      [
        [
          'Scheduled',
          `Successfully assigned ${p.namespace}/${p.name} to ${plan.node.name}`,
          'default-scheduler',
          0,
        ],
        [
          'Pulled',
          `Container image "${appImage(plan)}" already present on machine`,
          'kubelet',
          15_000,
        ],
        ['Created', `Created container ${p.app}`, 'kubelet', 16_000],
        ['Started', `Started container ${p.app}`, 'kubelet', 20_000],
      ] as const
    ).map(([reason, message, component, after]) =>
      eventObject({
        type: 'Normal',
        reason,
        pod: p.name,
        namespace: p.namespace,
        message,
        count: 1,
        first: at + after,
        last: at + after,
        component,
        host: component === 'kubelet' ? plan.node.name : '',
      }),
    ),
  );
  return list(items);
}
