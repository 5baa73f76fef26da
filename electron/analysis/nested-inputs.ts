import { assembleCase, type NodeInput } from '../../shared/snapshot/assemble';
import { looksLikeBundle } from '../sources/bundle-roots';

/** The name a collection gives its node itself; undefined where only its folder names it. */
function ownName(input: NodeInput): string | undefined {
  const snapshot = assembleCase([input]).nodes[0]?.snapshots[0];
  return snapshot === undefined || snapshot.nameGuessed ? undefined : snapshot.node.toLowerCase();
}

/**
 * Joins what an archive inside a bundle held to what is open. It is part of the collection that it
 * lay beside, unless it is a collection itself or names another node: then it stands by itself.
 * `beside`: paths of the files of that collection.
 */
export function withNested(
  inputs: readonly NodeInput[],
  nested: readonly NodeInput[],
  beside: readonly string[],
): NodeInput[] {
  const near = new Set(beside);
  const all = [...inputs];
  for (const input of nested) {
    const at = all.findIndex(
      ({ scope, files }) => scope === 'node' && files.some(({ file }) => near.has(file.path)),
    );
    const holder = all[at];
    const name = ownName(input);
    const isOther =
      looksLikeBundle(input.files.map(({ file }) => file.path)) ||
      (name !== undefined && holder !== undefined && name !== ownName(holder));
    if (holder === undefined || isOther) all.push(input);
    else all[at] = { ...holder, files: [...holder.files, ...input.files] };
  }
  return all;
}
