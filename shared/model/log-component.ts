import type { LogComponent } from './logs';

const BY_NAME: readonly (readonly [RegExp, LogComponent])[] = [
  [/kube-?proxy/, 'kube-proxy'],
  [/kubelet/, 'kubelet'],
  [/flannel/, 'flanneld'],
  [/felix/, 'calico-felix'],
  [/calico/, 'calico-node'],
  [/azure-?(?:vnet|cns|cni)/, 'azure-vnet'],
  [/antrea/, 'antrea-agent'],
  [/containerd/, 'containerd'],
  [/dockerd?(?![a-z])/, 'docker'],
  [/rke2|rancher/, 'rke2'],
  [/win-?cni|sdnbridge|sdnoverlay|(?:^|[^a-z])cni(?![a-z])/, 'cni'],
];

/** The component a file (by its path) or a label names; the file's own name counts before its folders. */
export function componentOfName(path: string): LogComponent {
  const parts = path.toLowerCase().split(/[\\/]/);
  for (const part of parts.reverse()) {
    const found = BY_NAME.find(([pattern]) => pattern.test(part));
    if (found) return found[1];
  }
  return 'other';
}
