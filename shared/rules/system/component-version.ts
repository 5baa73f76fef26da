import type { Evidence } from '../../model/evidence';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { versionOf, type Version } from './version-number';

export interface KnownVersion {
  readonly text: string;
  readonly version: Version;
  readonly evidence: readonly Evidence[];
}

/** The version of a program of the node, as it says itself; of the kubelet also as the node object says. */
export function componentVersion(
  snapshot: NodeSnapshot,
  component: string,
): KnownVersion | undefined {
  for (const { version: text, evidence } of snapshot.componentVersions.filter(
    (c) => c.component === component,
  )) {
    const version = text === undefined ? undefined : versionOf(text);
    if (text !== undefined && version) return { text, version, evidence };
  }
  if (component !== 'kubelet') return undefined;
  const node = snapshot.cluster.nodes.find(
    ({ name }) => name.toLowerCase() === snapshot.node.toLowerCase(),
  );
  const text = node?.kubeletVersion?.replace(/^v/, '');
  const version = text === undefined ? undefined : versionOf(text);
  return node && text !== undefined && version
    ? { text, version, evidence: node.evidence.slice(0, 1) }
    : undefined;
}
