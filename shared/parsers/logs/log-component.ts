import type { LogComponent } from '../../model/logs';

/** File and flag names that only one component writes. */
const BY_CONTENT: readonly (readonly [RegExp, LogComponent])[] = [
  [
    /(?:proxier|hnsV[12]|topology|iptables)\.go:|winkernel|winuserspace|FLAG: --(?:network-name|source-vip|proxy-mode|ipvs-|healthz-port=|kube-api-)/,
    'kube-proxy',
  ],
  [
    /(?:kube_|network|route_network|vxlan|hostgw|vxlan_network)_windows\.go:|Kubernetes Subnet Manager|subnet manager|Searching for interface using |Failed to find interface to use|Error registering network/,
    'flanneld',
  ],
  [
    /(?:kubelet(?:_\w+)?|kuberuntime_\w+|cni(?:_windows)?|docker_sandbox|pod_workers|reconciler|perfcounter_nodestats|cpu_manager)\.go:|kubelet|FLAG: --(?:pod-infra|cgroup|eviction|image-gc)/,
    'kubelet',
  ],
  [/Starting Antrea|antrea/i, 'antrea-agent'],
  [/ felix\//, 'calico-felix'],
  [/ (?:startup|confd|cni-plugin)\/\w+\.go /, 'calico-node'],
  [/\[(?:cni-net|net|cni-ipam)\]|azure-vnet/, 'azure-vnet'],
  [/wincni|\[cni-net\]/, 'cni'],
  [/containerd|io\.containerd/, 'containerd'],
];

/** The component whose source files or words appear first in a sample of lines. */
export function componentOfContent(lines: readonly string[]): LogComponent {
  const votes = new Map<LogComponent, number>();
  for (const line of lines) {
    const found = BY_CONTENT.find(([pattern]) => pattern.test(line));
    if (found) votes.set(found[1], (votes.get(found[1]) ?? 0) + 1);
  }
  let best: LogComponent = 'other';
  for (const [component, count] of votes) {
    if (count > (votes.get(best) ?? 0)) best = component;
  }
  return best;
}
