import { z } from 'zod';
import type { ApiServer } from './api-server';
import { readList, type ApiObject } from './list';

/** A node as it is offered for choosing. */
export interface ClusterNode {
  readonly name: string;
  readonly windows: boolean;
  /** Its InternalIP, else the first address it has. */
  readonly address: string | undefined;
  /** Build of Windows with its revision, `20348.2461`; the kernel's version elsewhere. */
  readonly osBuild: string | undefined;
  readonly osImage: string | undefined;
  readonly kubeletVersion: string | undefined;
  /** Undefined: kubelet has not said. */
  readonly ready: boolean | undefined;
}

const text = z.string().optional().catch(undefined);
const nodeObject = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).optional() }),
  status: z
    .object({
      addresses: z.array(z.object({ type: z.string(), address: z.string() })).catch([]),
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).catch([]),
      nodeInfo: z
        .object({ operatingSystem: text, kernelVersion: text, osImage: text, kubeletVersion: text })
        .partial()
        .catch({}),
    })
    .partial()
    .optional(),
});

/** A Node of the API (core/v1); undefined for something else. */
export function clusterNodeOf(object: ApiObject): ClusterNode | undefined {
  const { data } = nodeObject.safeParse(object);
  if (data === undefined) return undefined;
  const { addresses = [], conditions = [], nodeInfo = {} } = data.status ?? {};
  const ready = conditions.find(({ type }) => type === 'Ready')?.status;
  const os = nodeInfo.operatingSystem ?? data.metadata.labels?.['kubernetes.io/os'];
  return {
    name: data.metadata.name,
    windows: os === 'windows',
    address: (addresses.find(({ type }) => type === 'InternalIP') ?? addresses[0])?.address,
    osBuild: nodeInfo.kernelVersion?.replace(/^10\.0\.(?=\d)/, ''),
    osImage: nodeInfo.osImage,
    kubeletVersion: nodeInfo.kubeletVersion,
    ready: ready === 'True' ? true : ready === 'False' ? false : undefined,
  };
}

/** All nodes, by name. @throws ApiFailure, TransportError */
export async function clusterNodes(
  api: ApiServer,
  signal: AbortSignal,
): Promise<readonly ClusterNode[]> {
  let nodes: ClusterNode[] = [];
  await readList(api, '/api/v1/nodes', {
    signal,
    onPage: (items) => nodes.push(...items.flatMap((item) => clusterNodeOf(item) ?? [])),
    onRestart: () => (nodes = []),
  });
  return nodes.sort((a, b) => (a.name < b.name ? -1 : 1));
}
