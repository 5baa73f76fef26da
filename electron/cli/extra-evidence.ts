import type { ParsedFile } from '../../shared/parsers/parsed-file';
import { parseFile } from '../../shared/parsers/parse-file';
import type { NodeInput } from '../../shared/snapshot/assemble';
import { CLUSTER_KINDS } from '../../shared/snapshot/collect-facts';

/**
 * Adds files that no bundle holds: what tells of the cluster counts for every node; what tells of a
 * node goes to the node of the host name in it, else to the only node there is.
 */
export function addEvidence(
  inputs: readonly NodeInput[],
  files: readonly ParsedFile[],
): readonly NodeInput[] {
  const nodes = inputs.filter((input) => input.scope === 'node');
  const taken = new Set(inputs.flatMap((input) => input.files.map((file) => file.file.path)));
  const added = new Map<NodeInput | undefined, ParsedFile[]>();
  for (const given of files) {
    const file = underFreePath(given, taken);
    const ofCluster =
      file.facts.length > 0 && file.facts.every((facts) => CLUSTER_KINDS.includes(facts.kind));
    const owner = ofCluster
      ? undefined
      : (ownerOf(file, nodes) ?? (nodes.length === 1 ? nodes[0] : undefined));
    added.set(owner, [...(added.get(owner) ?? []), file]);
  }
  const grown = inputs.map((input) => ({
    ...input,
    files: [...input.files, ...(added.get(input) ?? [])],
  }));
  const cluster = added.get(undefined) ?? [];
  return cluster.length === 0
    ? grown
    : [...grown, { name: 'added evidence', scope: 'cluster', files: cluster }];
}

/** Evidence is named by path, so a path that a bundle uses gets a number. */
function underFreePath(file: ParsedFile, taken: Set<string>): ParsedFile {
  const { path } = file.file;
  let free = path;
  for (let n = 2; taken.has(free); n += 1) free = path.replace(/(\.[^./]*)?$/, ` (${n})$1`);
  taken.add(free);
  return free === path ? file : parseFile({ ...file.file, path: free });
}

const hostsOf = (file: ParsedFile): readonly string[] =>
  file.facts.flatMap((facts) =>
    facts.kind === 'host-name' ? facts.items.map((item) => item.name.toLowerCase()) : [],
  );

function ownerOf(file: ParsedFile, nodes: readonly NodeInput[]): NodeInput | undefined {
  const hosts = hostsOf(file);
  return nodes.find((node) =>
    node.files.some((own) => hostsOf(own).some((host) => hosts.includes(host))),
  );
}
