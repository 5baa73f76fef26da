import type { ContainerRef } from '../ipc/live-action-schemas';
import type { Container } from '../model/system';
import { networkedPods } from '../rules/connectivity/test-pods';
import type { NodeSnapshot } from '../snapshot/node-snapshot';

/** A container that one can look from, and what is known of it. */
export interface ContainerChoice {
  readonly container: ContainerRef;
  readonly detail: string;
  readonly addresses: string[];
}

const HEX_ID = /^[0-9a-f]{12,64}$/;
const NAME = /^[\w.:/-]{1,200}$/;
const GONE = /^(exited|dead|created|container_exited|notready)/i;

/**
 * The containers of a node that have a network of a pod and run: those of the pods that Kubernetes
 * shows there, then those that only the runtime lists. Pause containers hold no program to run, and
 * HostProcess and host-network pods see the network of the node.
 */
export function containerChoices(snapshot: NodeSnapshot): readonly ContainerChoice[] {
  const listed = snapshot.containers.filter(
    ({ runtime, isPause }) => runtime !== 'hcs' && !isPause,
  );
  const apart = new Set(
    snapshot.cluster.pods
      .filter(({ hostNetwork, hostProcess }) => hostNetwork === true || hostProcess === true)
      .flatMap(({ containerIds }) => containerIds),
  );
  const choices = new Map<string, ContainerChoice>();
  const put = (id: string, choice: ContainerChoice): void => {
    if (![...choices.keys()].some((known) => isSame(known, id))) choices.set(id, choice);
  };
  for (const pod of networkedPods(snapshot, 'here')) {
    // Containers of a pod share its network: one of them is enough.
    const id = pod.containerIds.find((each) => HEX_ID.test(each));
    if (id === undefined) continue;
    for (const other of pod.containerIds) apart.add(other);
    const known = listed.find((each) => isSame(each.id, id));
    put(id, {
      container: {
        id,
        runtime: known === undefined ? usualRuntime(snapshot) : runtimeOf(known),
        name: named(`${pod.namespace ?? 'default'}/${pod.name}`, id),
      },
      detail: [...pod.ips, ...pod.images.slice(0, 1)].join(' · '),
      addresses: [...pod.ips],
    });
  }
  for (const container of listed) {
    if (!HEX_ID.test(container.id) || GONE.test(container.state ?? '')) continue;
    if ([...apart].some((id) => isSame(id, container.id))) continue;
    put(container.id, {
      container: {
        id: container.id,
        runtime: runtimeOf(container),
        name: named(nameOf(container), container.id),
      },
      detail: container.image ?? '',
      addresses: [],
    });
  }
  return [...choices.values()];
}

const isSame = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);

const runtimeOf = ({ runtime }: Container): ContainerRef['runtime'] =>
  runtime === 'docker' ? 'docker' : 'containerd';

/** Pods do not say which runtime they are of where only their ids were kept. */
const usualRuntime = ({ containers }: NodeSnapshot): ContainerRef['runtime'] =>
  containers.some(({ runtime }) => runtime === 'docker') ? 'docker' : 'containerd';

function nameOf({ podNamespace, podName, name }: Container): string {
  if (podName !== undefined)
    return podNamespace === undefined ? podName : `${podNamespace}/${podName}`;
  return name ?? '';
}

/** Names of an API or a runtime that are none are left out: what is shown goes to the node as data. */
const named = (name: string, id: string): string => (NAME.test(name) ? name : id.slice(0, 12));
