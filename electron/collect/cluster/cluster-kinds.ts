/** A kind of objects that is read as a list, and the file it becomes. */
export interface ClusterKind {
  /** As the API has it in paths and rights: `pods`. */
  readonly resource: string;
  /** `core` has no name: ''. */
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
}

const kind = (
  resource: string,
  group: string,
  version: string,
  namespaced = true,
): ClusterKind => ({
  resource,
  group,
  version,
  namespaced,
});

export const SLICES = kind('endpointslices', 'discovery.k8s.io', 'v1');
/** What slices are made of; asked for only where there are no slices. */
export const ENDPOINTS = kind('endpoints', '', 'v1');
/** Everything that is asked for as lists. */
export const CLUSTER_KINDS: readonly ClusterKind[] = [
  kind('nodes', '', 'v1', false),
  kind('pods', '', 'v1'),
  kind('services', '', 'v1'),
  SLICES,
  kind('events', '', 'v1'),
  kind('daemonsets', 'apps', 'v1'),
];

/** Path of the list, of one namespace where one is named. */
export function listPath({ resource, group, version }: ClusterKind, namespace?: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${within}/${resource}`;
}

/**
 * Config maps of kube-proxy and of network plugins, asked for one by one: others may hold anything,
 * so config maps are never listed. Names are those of kubeadm, flannel, sig-windows-tools, Calico,
 * Antrea and Azure.
 */
export const CONFIG_MAPS: readonly (readonly [namespace: string, name: string])[] = [
  ['kube-system', 'kube-proxy'],
  ['kube-system', 'kube-proxy-windows'],
  ['kube-flannel', 'kube-flannel-cfg'],
  ['kube-system', 'kube-flannel-cfg'],
  ['kube-flannel', 'kube-flannel-windows-cfg'],
  ['kube-system', 'kube-flannel-windows-cfg'],
  ['kube-system', 'calico-config'],
  ['kube-system', 'calico-windows-config'],
  ['calico-system', 'cni-config'],
  ['calico-system', 'cni-config-windows'],
  ['kube-system', 'antrea-config'],
  ['kube-system', 'antrea-windows-config'],
];
