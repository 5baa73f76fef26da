import type { SourceEntry } from './source';

/** Names that collectors give their main files; a folder with some of them is a collection of one node. */
const CORE = new Set([
  'network.txt',
  'networkdetailed.txt',
  'endpoint.txt',
  'policy.txt',
  'namespaces.txt',
  'vfpoutput.txt',
  'ports.txt',
  'ip.txt',
  'routes.txt',
  'hnsdiag.txt',
  'hnsdiag-list.txt',
  'hnsdiaglistall',
  'hnsdiaglistall.txt',
  'hnsendpoints.log',
  'network.log',
  'network-detailed.log',
  'vfpports.txt',
  'ipconfigall.txt',
  'kubelet.log',
  'kubeproxy.log',
  'kube-proxy.log',
  'flanneld.log',
  'azure-vnet.log',
  'kubelet-service.csv',
  'collect-windows-logs-output.log',
]);

/** Sub-folders that collectors make for parts of one collection (EKS, Rancher). */
const PARTS = new Set([
  'hns',
  'network',
  'kubelet',
  'kube-proxy',
  'cni',
  'components',
  'k8s',
  'logs',
  'containerd',
  'system',
]);

/** `20230815-205120-hnsdiag-list.txt`, `20230815-205120_services.csv`: the AKS collector's prefix. */
const STAMP_PREFIX = /^(\d{8}-\d{6})[-_](.+)$/;

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

/** The collector's own name of a file: lower case, without a time prefix. */
function coreName(path: string): string | undefined {
  const name = baseName(path);
  const bare = (STAMP_PREFIX.exec(name)?.[2] ?? name).toLowerCase();
  return CORE.has(bare) ? bare : undefined;
}

/** The folder a collection would begin at, for a core file in this one. */
function lifted(folder: string): string {
  let at = folder;
  while (at !== '' && PARTS.has(baseName(at).toLowerCase())) at = folderOf(at);
  return at;
}

/** Whether these paths look like one or more collections: at least two files of a collector. */
export function looksLikeBundle(paths: readonly string[]): boolean {
  return paths.filter((path) => coreName(path) !== undefined).length >= 2;
}

/**
 * The folders that each hold a collection: two or more core files, or one that another folder has too
 * (two endpoint.txt are two nodes). '' is the opened folder itself. Empty when nothing is recognised.
 */
export function bundleRoots(paths: readonly string[]): readonly string[] {
  const coreOf = new Map<string, Set<string>>();
  for (const path of paths) {
    const core = coreName(path);
    if (core === undefined) continue;
    const folder = lifted(folderOf(path));
    coreOf.set(folder, (coreOf.get(folder) ?? new Set()).add(core));
  }
  const all = [...coreOf];
  return all
    .filter(([folder, names]) => {
      if (names.size >= 2) return true;
      return all.some(
        ([other, theirs]) => other !== folder && [...names].some((name) => theirs.has(name)),
      );
    })
    .map(([folder]) => folder)
    .sort((a, b) => (a < b ? -1 : 1));
}

export interface Part<T> {
  /** The folder of the collection; undefined for what lay beside several collections. */
  readonly root: string | undefined;
  readonly items: readonly T[];
}

/** Shares files out over the collections they belong to: the innermost root above them. */
export function partsByRoot<T>(
  items: readonly T[],
  pathOf: (item: T) => string,
  roots: readonly string[],
): readonly Part<T>[] {
  if (roots.length < 2) return [{ root: '', items }];
  const parts = new Map<string | undefined, T[]>(roots.map((root) => [root, []]));
  const innermost = [...roots].sort((a, b) => b.length - a.length);
  for (const item of items) {
    const root = innermost.find(
      (candidate) => candidate === '' || pathOf(item).startsWith(`${candidate}/`),
    );
    parts.set(root, [...(parts.get(root) ?? []), item]);
  }
  return [...parts]
    .map(([root, found]) => ({ root, items: found }))
    .filter((part) => part.items.length > 0);
}

/** Milliseconds UTC of `yyyyMMdd-HHmmss`; the zone is the node's own and not written, so UTC is taken. */
export function stampTime(text: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map(Number);
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59)
    return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** `<COMPUTERNAME>-<yyyyMMdd-HHmmss>_logs`: the AKS collector's archive. Other names are the name. */
export function nameAndStamp(name: string): {
  readonly name: string;
  readonly stamp: number | undefined;
} {
  const match = /^(.+?)-(\d{8}-\d{6})_logs$/.exec(name);
  const stamp = match === null ? undefined : stampTime(match[2] ?? '');
  return stamp === undefined ? { name, stamp: undefined } : { name: match?.[1] ?? name, stamp };
}

/**
 * Snapshots in one flat folder, told apart by the time prefix of their files. Files without prefix
 * (state as it was last written, logs over the whole time) belong to the latest.
 */
export function snapshotsByPrefix(
  entries: readonly SourceEntry[],
): readonly { readonly stamp: number | undefined; readonly entries: readonly SourceEntry[] }[] {
  const groups = new Map<number, SourceEntry[]>();
  const rest: SourceEntry[] = [];
  for (const entry of entries) {
    const stamp = stampTime(STAMP_PREFIX.exec(baseName(entry.path))?.[1] ?? '');
    if (stamp === undefined) rest.push(entry);
    else groups.set(stamp, [...(groups.get(stamp) ?? []), entry]);
  }
  const withState = [...groups.entries()].filter(([, group]) =>
    group.some((entry) => coreName(entry.path) !== undefined),
  );
  const stamps = withState.map(([stamp]) => stamp).sort((a, b) => a - b);
  const latest = stamps.at(-1);
  if (latest === undefined || stamps.length === 1) {
    return [{ stamp: latest ?? (groups.size === 1 ? [...groups.keys()][0] : undefined), entries }];
  }
  // A prefix without state (a services.csv written a second later) joins the collection before it.
  const owner = (stamp: number): number =>
    stamps.findLast((candidate) => candidate <= stamp) ?? stamps[0] ?? latest;
  const shared = new Map<number, SourceEntry[]>(stamps.map((stamp) => [stamp, []]));
  for (const [stamp, group] of groups) shared.get(owner(stamp))?.push(...group);
  shared.get(latest)?.push(...rest);
  return [...shared].map(([stamp, group]) => ({ stamp, entries: group }));
}
