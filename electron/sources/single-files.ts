import type { SourceNode } from './source';

/**
 * Files that were named one by one. Alone they are one node, unless two have the same name: those are
 * of different nodes. Beside one bundle they are more evidence of its node; beside several, of the cluster.
 */
export function joinSingleFiles(nodes: readonly SourceNode[]): readonly SourceNode[] {
  const singles = nodes.filter((node) => node.kind === 'file');
  const bundles = nodes.filter((node) => node.kind !== 'file');
  const [first] = singles;
  if (first === undefined || nodes.length === 1) return nodes;
  const entries = singles.flatMap((node) => node.entries);
  const rejected = singles.flatMap((node) => node.rejected);
  if (bundles.length === 0) {
    const names = new Set(singles.map((node) => node.name.toLowerCase()));
    return names.size < singles.length
      ? nodes
      : [{ ...first, name: first.opened, entries, rejected }];
  }
  const owners = bundles.filter((node) => node.scope === 'node');
  const [owner] = owners;
  if (owner === undefined || owners.length > 1)
    return [...bundles, { ...first, scope: 'cluster', entries, rejected }];
  return bundles.map((node) =>
    node === owner
      ? {
          ...node,
          entries: [...node.entries, ...entries],
          rejected: [...node.rejected, ...rejected],
        }
      : node,
  );
}
