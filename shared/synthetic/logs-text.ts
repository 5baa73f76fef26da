import { COLLECTED_AT, klogHeaderTime, klogTime } from './clock';
import type { NodePlan } from './node-plan';

const MINUTE = 60_000;
const START = COLLECTED_AT - 75 * MINUTE;

/** Process ids that processes.txt and the logs share. */
export const PIDS = {
  flanneld: 1568,
  kubelet: 4708,
  kubeProxy: 8136,
  containerd: 2984,
  docker: 2620,
  hns: 3012,
} as const;

/** Lines of a klog file after its header; `!` before the place makes it a warning. */
function klog(
  plan: NodePlan,
  pid: number,
  lines: readonly (readonly [number, string, string])[],
): string {
  const entries = lines.map(([time, place, message]) => {
    const level = place.startsWith('!') ? 'W' : 'I';
    return `${level}${klogTime(time)} ${String(pid).padStart(7)} ${place.replace('!', '')}] ${message}`;
  });
  return [
    `Log file created at: ${klogHeaderTime(START)}`,
    `Running on machine: ${plan.node.name}`,
    'Binary: Built with gc go1.21.9 for windows/amd64',
    'Log line format: [IWEF]mmdd hh:mm:ss.uuuuuu threadid file:line] msg',
    ...entries,
    '',
  ].join('\n');
}

/** kubelet.log: started an hour ago, still writing. */
export function kubeletLogText(plan: NodePlan): string {
  const pods = plan.pods.map(
    (p, i) =>
      [
        START + 5 * MINUTE + i * 4000,
        'kubelet.go:2056',
        `"SyncLoop ADD" source="api" pods=["${p.namespace}/${p.name}"]`,
      ] as const,
  );
  const flags = [
    `--hostname-override="${plan.node.name}"`,
    '--cluster-dns="[10.96.0.10]"',
    '--cluster-domain="cluster.local"',
    `--node-ip="${plan.node.ip}"`,
    '--pod-infra-container-image="mcr.microsoft.com/oss/kubernetes/pause:3.9"',
    '--resolv-conf=""',
    ...(plan.runtime === 'docker'
      ? [
          '--network-plugin="cni"',
          '--cni-bin-dir="c:\\\\k\\\\cni"',
          '--cni-conf-dir="c:\\\\k\\\\cni\\\\config"',
        ]
      : ['--container-runtime-endpoint="npipe:////./pipe/containerd-containerd"']),
  ];
  return klog(plan, PIDS.kubelet, [
    ...flags.map((f, i) => [START + i, 'flags.go:64', `FLAG: ${f}`] as const),
    [START + 2000, 'server.go:467', `"Kubelet version" kubeletVersion="${plan.kubernetesVersion}"`],
    [
      START + 4000,
      'kubelet_node_status.go:73',
      `"Attempting to register node" node="${plan.node.name}"`,
    ],
    [
      START + 4600,
      'kubelet_node_status.go:76',
      `"Successfully registered node" node="${plan.node.name}"`,
    ],
    ...pods,
    ...Array.from(
      { length: 6 },
      (_, i) =>
        [
          COLLECTED_AT - (51 - 10 * i) * MINUTE,
          'kubelet_getters.go:182',
          `"Pod status updated" pod="kube-system/kube-proxy-windows" status="Running"`,
        ] as const,
    ),
    [
      COLLECTED_AT - 25_000,
      'prober.go:116',
      '"Probe succeeded" probeType="Readiness" podUID="" containerName="win-webserver"',
    ],
  ]);
}

/** kube-proxy's flags as it dumps them. */
export function kubeProxyFlags(plan: NodePlan): string[] {
  return [
    `--hostname-override="${plan.node.name}"`,
    `--cluster-cidr="${plan.clusterCidr}"`,
    '--proxy-mode="kernelspace"',
    `--network-name="${plan.networkName}"`,
    `--source-vip="${plan.sourceVip?.ip ?? ''}"`,
    `--enable-dsr="${String(plan.dsr)}"`,
    `--feature-gates="${plan.mode === 'overlay' ? 'WinOverlay=true' : ''}"`,
    '--kubeconfig="c:\\\\k\\\\config"',
    '--v="4"',
  ];
}

/** kubeproxy.log: flags, the network found, load balancers created, syncs until now. */
export function kubeProxyLogText(plan: NodePlan): string {
  const network = `Hns Network loaded with info = {${plan.networkName} ${plan.networkId} ${plan.mode === 'overlay' ? 'overlay' : 'L2Bridge'} []}`;
  const created = plan.loadBalancers.map(
    (lb, i) =>
      [
        START + 6 * MINUTE + 300 + i * 20,
        'proxier.go:1405',
        `Hns LoadBalancer resource created for cluster ip resources ${lb.vip ?? plan.node.ip}, Id [${lb.id}]`,
      ] as const,
  );
  const syncs = Array.from(
    { length: 12 },
    (_, i) =>
      [COLLECTED_AT - (61 - 5 * i) * MINUTE, 'proxier.go:1065', `"Syncing proxy rules"`] as const,
  );
  return klog(plan, PIDS.kubeProxy, [
    ...kubeProxyFlags(plan).map(
      (f, i) => [START + 20_000 + i, 'flags.go:64', `FLAG: ${f}`] as const,
    ),
    [START + 21_000, 'server.go:224', `"Using Kernelspace Proxier."`],
    [START + 22_000, 'proxier.go:650', network],
    [START + 22_500, 'config.go:315', '"Starting service config controller"'],
    [START + 22_510, 'config.go:97', '"Starting endpoint slice config controller"'],
    ...created,
    ...syncs,
    [COLLECTED_AT - 55_000, 'proxier.go:1065', `"Syncing proxy rules"`],
    [COLLECTED_AT - 54_700, 'proxier.go:1100', `"Finished syncing proxy rules" elapsed="287.4ms"`],
  ]);
}

/** flanneld.log: leases of every node on host-gw, the VXLAN configuration on overlay. */
export function flanneldLogText(plan: NodePlan): string {
  const others = [...plan.peers, plan.node].sort((a, b) => (a.podCidr < b.podCidr ? -1 : 1));
  const leases =
    plan.mode === 'l2bridge'
      ? [
          [
            START + 12_000,
            'route_network_windows.go:51',
            'Watching for new subnet leases',
          ] as const,
          ...others.map(
            (n, i) =>
              [
                START + 12_100 + i * 1400,
                'route_network_windows.go:94',
                `Subnet added: ${n.podCidr} via ${n.ip}`,
              ] as const,
          ),
        ]
      : [
          [
            START + 12_000,
            'vxlan_windows.go:127',
            `VXLAN config: Name=${plan.networkName} MacPrefix=0E-2A VNI=${plan.vni} Port=4789 GBP=false DirectRouting=false`,
          ] as const,
          [
            START + 15_000,
            'vxlan_network_windows.go:62',
            'Watching for new subnet leases',
          ] as const,
        ];
  return klog(plan, PIDS.flanneld, [
    [START + 8_000, 'main.go:463', `Searching for interface using ${plan.node.ip}`],
    [
      START + 8_200,
      'main.go:540',
      `Using interface with name vEthernet (Ethernet0) and address ${plan.node.ip}`,
    ],
    [START + 9_000, 'kube.go:116', 'Waiting 10m0s for node controller to sync'],
    [START + 10_000, 'kube.go:123', 'Node controller sync successful'],
    [
      START + 10_400,
      'main.go:254',
      `Created subnet manager: Kubernetes Subnet Manager - ${plan.node.name}`,
    ],
    [
      START + 10_600,
      'main.go:400',
      `Found network config - Backend type: ${plan.mode === 'overlay' ? 'vxlan' : 'host-gw'}`,
    ],
    ...leases,
    ...Array.from(
      { length: 8 },
      (_, i) =>
        [
          COLLECTED_AT - (65 - 9 * i) * MINUTE,
          'reflector.go:530',
          'pkg/mod/k8s.io/client-go/tools/cache/reflector.go:229: Watch close - *v1.Node total 31 items received',
        ] as const,
    ),
  ]);
}
