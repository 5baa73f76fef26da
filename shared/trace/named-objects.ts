import type { Evidence } from '../model/evidence';
import type { HnsEndpoint } from '../model/hns';
import { familyOf } from '../model/ip';
import type { KubePod } from '../model/kubernetes';
import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';

/** The question cannot be answered as it stands; the message says why. */
export class Problem extends Error {
  override readonly name = 'Problem';
}

/** What is named exists and has no address. */
export class NoAddress extends Error {
  override readonly name = 'NoAddress';
  constructor(
    message: string,
    readonly evidence: readonly Evidence[],
  ) {
    super(message);
  }
}

/** By the whole GUID, or by its beginning of at least 8 digits. */
export function endpointsById(
  text: string,
  snapshots: readonly NodeSnapshot[],
): { readonly snapshot: NodeSnapshot; readonly endpoint: HnsEndpoint }[] {
  const id = text.toLowerCase().replace(/[{}]/g, '');
  if (!/^[0-9a-f]{8}[0-9a-f-]{0,28}$/.test(id)) return [];
  return snapshots.flatMap((snapshot) =>
    snapshot.endpoints
      .filter((endpoint) => endpoint.id.startsWith(id))
      .map((endpoint) => ({ snapshot, endpoint })),
  );
}

/** The items without those that have the key of another; the last of a key stays. */
export function unique<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

/** `namespace/name`. */
export const podName = (pod: KubePod): string => `${pod.namespace ?? 'default'}/${pod.name}`;

function podsOf(snapshots: readonly NodeSnapshot[], theCase: Case): KubePod[] {
  return unique([...theCase.cluster.pods, ...snapshots.flatMap((s) => s.cluster.pods)], podName);
}

const SHORTEST_BEGINNING = 3;

/** A pod by its name, or by a beginning of it that only one pod has. */
export function podOf(
  text: string,
  snapshots: readonly NodeSnapshot[],
  theCase: Case,
): KubePod | undefined {
  const pods = podsOf(snapshots, theCase);
  const exact = pods.filter((p) => p.name === text || podName(p) === text);
  const found =
    exact.length > 0 || text.length < SHORTEST_BEGINNING
      ? exact
      : pods.filter((p) => p.name.startsWith(text) || podName(p).startsWith(text));
  if (found.length > 1)
    throw new Problem(
      `"${text}" may be any of ${found.length} pods: ${found
        .slice(0, 6)
        .map((p) => `${podName(p)}${p.ips[0] === undefined ? '' : ` (${p.ips[0]})`}`)
        .join(', ')}`,
    );
  return found[0];
}

/** Of several addresses the first of the family; without one, or without a family that is wanted, the first. */
export const preferred = (ips: readonly string[], family: 4 | 6 | undefined): string | undefined =>
  ips.find((ip) => familyOf(ip) === family) ?? ips[0];

/** The address of a pod in the family that is wanted, else its first. @throws NoAddress */
export function addressOf(pod: KubePod, family?: 4 | 6): string {
  const ip = preferred(pod.ips, family);
  if (ip !== undefined) return ip;
  const status = pod.status ?? pod.phase;
  throw new NoAddress(
    `Pod ${podName(pod)} has no address${status === undefined ? '' : ` (${status})`}: no packet can begin or end there.`,
    pod.evidence,
  );
}

/** Pods that the name may have meant, for a message. */
export function nearby(text: string, snapshots: readonly NodeSnapshot[], theCase: Case): string {
  const part = text.toLowerCase().replace(/^.*\//, '').slice(0, 5);
  const some = podsOf(snapshots, theCase)
    .filter((p) => part.length >= 3 && p.name.toLowerCase().includes(part))
    .slice(0, 3)
    .map((p) => p.name);
  return some.length === 0 ? '' : `; there is ${some.join(', ')}`;
}
