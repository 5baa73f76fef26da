import type { KubeEvent, KubeNode, KubePod } from '../../model/kubernetes';
import type { Case, NodeSnapshot } from '../../snapshot/node-snapshot';

const same = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && a.toLowerCase() === b?.toLowerCase();

/** The Kubernetes node of a snapshot: by name, else by its management address. */
export function kubeNodeOf(snapshot: NodeSnapshot): KubeNode | undefined {
  const { nodes } = snapshot.cluster;
  const ip = snapshot.addresses.managementIp?.value;
  return (
    nodes.find((n) => same(n.name, snapshot.node)) ??
    nodes.find((n) => ip !== undefined && n.internalIps.includes(ip))
  );
}

/**
 * The Kubernetes name of the node of a snapshot. When only a folder named the snapshot, a single
 * node in the case is taken to be the only one that pods and events speak of, if there is only one.
 */
function nodeNameOf(snapshot: NodeSnapshot, theCase: Case): string {
  const known = kubeNodeOf(snapshot);
  if (known) return known.name;
  if (!snapshot.nameGuessed || theCase.nodes.length !== 1) return snapshot.node;
  const linux = new Set(snapshot.cluster.nodes.filter((n) => n.os === 'linux').map((n) => n.name));
  const spoken = new Set(
    [
      ...snapshot.cluster.pods.map((p) => p.node),
      ...snapshot.cluster.events.map((e) => e.host),
    ].filter((name): name is string => name !== undefined && name !== '' && !linux.has(name)),
  );
  const [only, ...others] = spoken;
  return only !== undefined && others.length === 0 ? only : snapshot.node;
}

/** Pods of the node. A listing without the NODE column counts when the case has one node only. */
export function podsOfNode(snapshot: NodeSnapshot, theCase: Case): readonly KubePod[] {
  const name = nodeNameOf(snapshot, theCase);
  return snapshot.cluster.pods.filter((pod) =>
    pod.node === undefined
      ? theCase.nodes.length === 1 && pod.ipKnown === false
      : same(pod.node, name),
  );
}

/**
 * Events of the node: reported by its kubelet, or about a pod on it, or about the node itself. An
 * event that names neither host nor a known pod counts when the case has one node only.
 */
export function eventsOfNode(snapshot: NodeSnapshot, theCase: Case): readonly KubeEvent[] {
  const name = nodeNameOf(snapshot, theCase);
  const nodeOfPod = new Map(snapshot.cluster.pods.map((p) => [p.name, p.node]));
  return snapshot.cluster.events.filter((event) => {
    if (event.host !== undefined && event.host !== '') return same(event.host, name);
    if (event.objectKind?.toLowerCase() === 'node') return same(event.objectName, name);
    const node = event.objectName === undefined ? undefined : nodeOfPod.get(event.objectName);
    return node === undefined ? theCase.nodes.length === 1 : same(node, name);
  });
}
