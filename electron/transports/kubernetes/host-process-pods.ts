import { z } from 'zod';
import type { ApiServer } from './api-server';
import { readList, type ApiObject } from './list';

/** A container that runs on the node itself, with the rights of the system: commands can be run in it. */
export interface HostProcessPod {
  readonly namespace: string;
  readonly name: string;
  readonly container: string;
  readonly daemonSet: string;
  readonly part: 'kube-proxy' | 'CNI' | 'CSI';
}

export interface HostProcessPods {
  /** The ones to use, best first. */
  readonly usable: readonly HostProcessPod[];
  /** HostProcess pods that are left alone, and why; one sentence each. */
  readonly passedOver: readonly string[];
}

const isolation = z
  .object({ windowsOptions: z.object({ hostProcess: z.boolean().optional() }).optional() })
  .optional()
  .catch(undefined);
const podObject = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    deletionTimestamp: z.string().optional(),
    ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).optional(),
  }),
  spec: z.object({
    securityContext: isolation,
    containers: z.array(
      z.object({ name: z.string(), image: z.string().optional(), securityContext: isolation }),
    ),
  }),
  status: z.object({
    phase: z.string().optional(),
    containerStatuses: z
      .array(z.object({ name: z.string(), state: z.object({ running: z.unknown() }).optional() }))
      .optional(),
  }),
});

/** What a DaemonSet is, by its name or image; others are somebody's applications. */
const PARTS: readonly (readonly [HostProcessPod['part'], RegExp])[] = [
  ['kube-proxy', /kube-?proxy/i],
  [
    'CNI',
    /flannel|calico|antrea|cilium|azure-(?:cni|cns|vnet)|aws-node|vpc-cni|ovn|multus|(?:^|[-/])cni/i,
  ],
  ['CSI', /(?:^|[-/])csi(?:[-./]|$)/i],
];

/**
 * HostProcess containers that already run on a node. Only those of the DaemonSets of kube-proxy,
 * CNI and CSI count: they are part of the node, and a command in them disturbs nobody. None is
 * ever made.
 * @throws ApiFailure, TransportError
 */
export async function hostProcessPods(
  api: ApiServer,
  node: string,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<HostProcessPods> {
  const found: ApiObject[] = [];
  for (const namespace of namespaces.length > 0 ? namespaces : [undefined]) {
    const start = found.length;
    const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
    await readList(api, `/api/v1${within}/pods`, {
      signal,
      query: { fieldSelector: `spec.nodeName=${node}` },
      onPage: (items) => found.push(...items),
      onRestart: () => found.splice(start),
    });
  }
  return judgedPods(found);
}

/** Judges the pods of a node. */
export function judgedPods(objects: readonly ApiObject[]): HostProcessPods {
  const usable: HostProcessPod[] = [];
  const passedOver: string[] = [];
  for (const object of objects) {
    const { data } = podObject.safeParse(object);
    const containers = data === undefined ? [] : hostProcessContainers(data);
    if (data === undefined || containers.length === 0) continue;
    const { namespace, name, ownerReferences } = data.metadata;
    const daemonSet = ownerReferences?.find(({ kind }) => kind === 'DaemonSet')?.name;
    const running = containers.find((each) => isRunning(data, each.name));
    const part = PARTS.find(([, pattern]) =>
      [daemonSet ?? '', containers[0]?.image ?? ''].some((text) => pattern.test(text)),
    )?.[0];
    const who = `${namespace}/${name}`;
    if (daemonSet === undefined) passedOver.push(`${who} is of no DaemonSet`);
    else if (part === undefined)
      passedOver.push(`${who} (DaemonSet ${daemonSet}) is not known as kube-proxy, CNI or CSI`);
    else if (running === undefined) passedOver.push(`${who} (${part}) is not running`);
    else usable.push({ namespace, name, container: running.name, daemonSet, part });
  }
  const rank = ({ part }: HostProcessPod): number => PARTS.findIndex(([each]) => each === part);
  return { usable: usable.sort((a, b) => rank(a) - rank(b)), passedOver };
}

type Pod = z.infer<typeof podObject>;

/** HostProcess is set for the pod or for a container; what a container says counts more. */
function hostProcessContainers({ spec }: Pod): Pod['spec']['containers'] {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess === true;
  return spec.containers.filter(
    ({ securityContext }) => securityContext?.windowsOptions?.hostProcess ?? ofPod,
  );
}

function isRunning({ metadata, status }: Pod, container: string): boolean {
  const state = status.containerStatuses?.find(({ name }) => name === container)?.state;
  return (
    metadata.deletionTimestamp === undefined &&
    status.phase === 'Running' &&
    state?.running !== undefined
  );
}

/** Which container a command runs in, and why that one. */
export const podSentence = ({
  namespace,
  name,
  container,
  daemonSet,
  part,
}: HostProcessPod): string =>
  `The pod ${namespace}/${name}, container ${container} (${part}, DaemonSet ${daemonSet}), runs as a HostProcess on the node: commands go through it.`;
