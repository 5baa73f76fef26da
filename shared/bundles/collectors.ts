import type { TextFile } from '../text/text-file';

/** The script a bundle comes from. */
export type CollectorKind =
  'collectlogs' | 'aks' | 'eks' | 'rancher' | 'capz' | 'must-gather' | 'azure-npm' | 'unknown';

export interface Collector {
  readonly kind: CollectorKind;
  /** Earliest generation of collectlogs.ps1 that writes such files (G1, 2018 to G14, 2024); undefined for others. */
  readonly generation: number | undefined;
  /** For people: "collectlogs.ps1, 2022-09 or later". */
  readonly title: string;
  /** What it was recognised by. */
  readonly reason: string;
}

type BundleFile = Pick<TextFile, 'path' | 'encoding' | 'lines' | 'lineCount'>;

/** When each generation of collectlogs.ps1 came (history of the microsoft/SDN repository). */
const SINCE: readonly string[] = [
  '',
  '2018-03',
  '2018-04',
  '2018-09',
  '2019-02',
  '2019-04',
  '2019-06',
  '2019-09',
  '2019-11',
  '2021',
  '2022-02',
  '2022-09',
  '2023-03',
  '2023-06',
  '2024-07',
];

const HEAD = 400;

class Bundle {
  private readonly byName = new Map<string, BundleFile>();
  readonly paths: readonly string[];

  constructor(files: readonly BundleFile[]) {
    this.paths = files.map((file) =>
      file.path
        .slice(file.path.lastIndexOf('!/') + 1)
        .replace(/^\//, '')
        .toLowerCase(),
    );
    files.forEach((file, i) => {
      const name = (this.paths[i] ?? '').replace(/^.*\//, '').replace(/^\d{8}-\d{6}[-_]/, '');
      if (!this.byName.has(name)) this.byName.set(name, file);
    });
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  file(name: string): BundleFile | undefined {
    return this.byName.get(name);
  }

  anyPath(pattern: RegExp): string | undefined {
    return this.paths.find((path) => pattern.test(path));
  }

  /** Whether the first lines of a file hold something. */
  holds(name: string, pattern: RegExp): boolean {
    const file = this.byName.get(name);
    return (
      file !== undefined &&
      file.lines(1, Math.min(HEAD, file.lineCount)).some((line) => pattern.test(line))
    );
  }
}

/**
 * Tells which collector made a bundle, by which files are there and by their form; dates are never
 * used. A generation is a lower bound: a file may be missing because its tool was not installed.
 */
export function identifyCollector(files: readonly BundleFile[]): Collector {
  const bundle = new Bundle(files);
  const other = (kind: CollectorKind, title: string, reason: string): Collector => ({
    kind,
    generation: undefined,
    title,
    reason,
  });
  const must = bundle.anyPath(/host_service_logs\/windows\//);
  if (must !== undefined) return other('must-gather', 'OpenShift must-gather', must);
  if (
    bundle.has('collect-windows-logs-output.log') ||
    bundle.anyPath(/(^|\/)\d{8}-\d{6}[-_](hnsdiag-list|hcsdiag-list|services|cri-containerd-)/) !==
      undefined
  ) {
    return other(
      'aks',
      'AKS collect-windows-logs.ps1',
      'files with a time prefix, or the collector’s own log',
    );
  }
  if (bundle.has('kubelet-service.csv') || bundle.anyPath(/(^|\/)cni\/vpc-bridge/) !== undefined) {
    return other('eks', 'Amazon EKS log collector', 'kubelet events in CSV beside network/hns');
  }
  if (
    bundle.anyPath(/(^|\/)hnsdiaglistall/) !== undefined ||
    (bundle.has('vfpports.txt') && bundle.has('ipconfigall.txt'))
  ) {
    return other(
      'rancher',
      'Rancher win-log-collect.ps1',
      'hnsdiaglistall, vfpports.txt, ipconfigall.txt',
    );
  }
  if (bundle.has('hnsendpoints.log') || bundle.has('network-individual-detailed.log')) {
    return other('capz', 'Cluster API for Azure', 'hnsendpoints.log, network-detailed.log');
  }
  if (bundle.has('hns_state.out') || bundle.anyPath(/vfp_state_[^/]*\.out$/) !== undefined) {
    return other(
      'azure-npm',
      'Azure network policy manager logs',
      'hns_state.out, vfp_state_*.out',
    );
  }
  const generation = collectlogsGeneration(bundle);
  if (generation === undefined)
    return other(
      'unknown',
      'not made by a collector that is known',
      'no file set of a known collector',
    );
  return {
    kind: 'collectlogs',
    generation: generation.number,
    title: `collectlogs.ps1, ${SINCE[generation.number] ?? ''} or later`,
    reason: generation.reason,
  };
}

/** Newest tell-tale first. */
function collectlogsGeneration(
  bundle: Bundle,
): { readonly number: number; readonly reason: string } | undefined {
  const core = [
    'network.txt',
    'endpoint.txt',
    'policy.txt',
    'vfpoutput.txt',
    'ports.txt',
    'ip.txt',
    'routes.txt',
    'hnsdiag.txt',
  ];
  if (core.filter((name) => bundle.has(name)).length < 2) return undefined;
  const signs: readonly (readonly [number, string, boolean])[] = [
    [
      14,
      'hnsportpoolallocs.txt, windowsServices.txt',
      bundle.has('hnsportpoolallocs.txt') || bundle.has('windowsservices.txt'),
    ],
    [
      12,
      'counters inside the rules of vfpOutput.txt',
      bundle.holds('vfpoutput.txt', /get-rule-counter|^\s*matched packets/i),
    ],
    [
      11,
      'V2 objects, namespaces.txt or containers.txt',
      bundle.has('namespaces.txt') ||
        bundle.has('containers.txt') ||
        bundle.holds('endpoint.txt', /"HostComputeNetwork"|"SchemaVersion"/),
    ],
    [10, 'the wfp folder', bundle.anyPath(/(^|\/)wfp\//) !== undefined],
    [
      9,
      'sub-folders adapters, logs or winevt',
      bundle.anyPath(/(^|\/)(adapters|winevt)\//) !== undefined || bundle.has('nmbind.txt'),
    ],
    [
      8,
      'the port probe in reservedports.txt',
      bundle.holds('reservedports.txt', /reserv|estimat/i),
    ],
    [
      7,
      'networkdetailed.txt, excludedportrange.txt or winver.txt',
      ['networkdetailed.txt', 'excludedportrange.txt', 'winver.txt'].some((name) =>
        bundle.has(name),
      ),
    ],
    [6, 'arp.txt', bundle.has('arp.txt')],
    [5, 'hcsdiag.txt or docker.txt', bundle.has('hcsdiag.txt') || bundle.has('docker.txt')],
    [4, 'mtu.txt or hnsdiag.txt', bundle.has('mtu.txt') || bundle.has('hnsdiag.txt')],
    [
      3,
      'a table before the JSON',
      bundle.holds('endpoint.txt', /^\s*-{2,}\s+-{2,}/) ||
        bundle.anyPath(/_int\.txt$/) !== undefined,
    ],
    [2, 'compartments in ip.txt', bundle.holds('ip.txt', /Network Information for Compartment/)],
  ];
  const found = signs.find(([, , present]) => present);
  return found
    ? { number: found[0], reason: found[1] }
    : { number: 1, reason: 'the files of the first version' };
}
