import type { FactKind, Facts, FactsOf } from '../model/facts';
import type { ParsedFile } from '../parsers/parsed-file';
import type { EvidenceState } from './node-snapshot';

/** Kinds that describe the cluster, not one node: they count for every node of a case. */
export const CLUSTER_KINDS: readonly FactKind[] = [
  'kube-nodes',
  'kube-pods',
  'kube-services',
  'kube-endpoints',
  'kube-daemon-sets',
  'kube-events',
  'flannel-net-conf',
  'linux-cni-conf',
];

/** Facts of one kind with the file they came from, in the order of the files. */
export function factsOfKind<K extends FactKind>(
  files: readonly ParsedFile[],
  kind: K,
): readonly { readonly file: ParsedFile; readonly facts: FactsOf<K> }[] {
  const found: { file: ParsedFile; facts: FactsOf<K> }[] = [];
  for (const file of files) {
    for (const facts of file.facts) {
      if (isKind(facts, kind)) found.push({ file, facts });
    }
  }
  return found;
}

function isKind<K extends FactKind>(facts: Facts, kind: K): facts is FactsOf<K> {
  return facts.kind === kind;
}

/** Customary names of files that hold a kind: an empty file of that name is empty evidence, not absent. */
const NAMES: readonly (readonly [RegExp, FactKind])[] = [
  [/(^|[-_])network(detailed)?\.txt$/i, 'hns-networks'],
  [/(^|[-_])endpoint\.txt$/i, 'hns-endpoints'],
  [/(^|[-_])policy\.txt$/i, 'hns-load-balancers'],
  [/(^|[-_])namespaces?\.txt$/i, 'hns-namespaces'],
  [/(^|[-_])vfpoutput\.txt$/i, 'vfp'],
  [/(^|[-_])ports\.txt$/i, 'vswitch-ports'],
  [/(^|[-_])ip\.txt$/i, 'compartments'],
  [/(^|[-_])routes\.txt$/i, 'routes'],
  [/(^|[-_])mtu\.txt$/i, 'ip-interfaces'],
  [/(^|[-_])(excluded|dynamic)portrange\.txt$/i, 'port-ranges'],
  [/(^|[-_])winver\.txt$/i, 'os-version'],
  [/(windowsservices|scqueryex)\.txt$/i, 'services'],
  [/(^|[-_])processes\.txt$/i, 'processes'],
  [/(containers|docker)\.txt$/i, 'containers'],
  [/(^|[-_])versions\.txt$/i, 'component-versions'],
  [/(^|[-_])hotfixes\.txt$/i, 'hotfixes'],
  [/(^|[-_])hnsversion\.txt$/i, 'hns-version'],
  [/(^|[-_])nat\.txt$/i, 'windows-nat'],
  [/(^|[-_])dnsclient\.txt$/i, 'dns-client'],
  [/(^|[-_])tcpip\.txt$/i, 'ipv6-setting'],
  [/(^|[-_])tcpconnections\.txt$/i, 'tcp-connections'],
  [/adapterstatistics(-2)?\.txt$/i, 'adapter-statistics'],
  [/endpointstats(-2)?\.txt$/i, 'endpoint-statistics'],
  [/\.(log|err)$/i, 'logs'],
];

/** Does a file of this name customarily hold this kind? */
export function namesKind(path: string, kind: FactKind): boolean {
  const name = path.split('/').pop() ?? path;
  return NAMES.some(([pattern, of]) => of === kind && pattern.test(name));
}

/** Is the last line of the file where it was cut? Then more of anything it lists may have followed. */
function endsInCut({ file, notes }: ParsedFile): boolean {
  let last = file.lineCount;
  while (last > 1 && file.line(last).trim() === '') last -= 1;
  return notes.some((note) => note.kind === 'truncated' && note.endLine >= last);
}

/** Does the file hold a stretch that was never written? Anything it lists may have stood there. */
function hasHole({ file }: ParsedFile): boolean {
  return file.decodingNotes.some(({ lost }) => lost === true);
}

/** State of every kind of evidence among the files. A kind that no file gives is absent from the map. */
export function evidenceStates(files: readonly ParsedFile[]): Map<FactKind, EvidenceState> {
  const states = new Map<FactKind, EvidenceState>();
  const put = (kind: FactKind, state: EvidenceState['state'], path: string): void => {
    const before = states.get(kind);
    const rank = { present: 3, partial: 2, empty: 1, absent: 0 } as const;
    const better = before && rank[before.state] >= rank[state] ? before.state : state;
    states.set(kind, { state: better, files: [...new Set([...(before?.files ?? []), path])] });
  };
  for (const file of files) {
    const path = file.file.path;
    const truncated = file.notes.some((note) => note.kind === 'truncated');
    const endsEarly = truncated && (endsInCut(file) || hasHole(file));
    for (const facts of file.facts) {
      // A kind with `complete` knows itself whether the cut concerns it.
      const known = 'complete' in facts && facts.kind !== 'processes';
      const cut = known ? !facts.complete || endsEarly : truncated;
      put(facts.kind, cut ? 'partial' : 'present', path);
    }
    if (file.status === 'empty') {
      const name = path.split('/').pop() ?? path;
      for (const [pattern, kind] of NAMES) if (pattern.test(name)) put(kind, 'empty', path);
    }
  }
  return states;
}
