import type { Evidence } from '../model/evidence';
import type { FactKind, FactsOf } from '../model/facts';
import type { OsVersion } from '../model/system';
import type { ParsedFile } from '../parsers/parsed-file';
import { CLUSTER_KINDS, evidenceStates, factsOfKind } from './collect-facts';
import { withCollectorCuts } from './collection-cuts';
import { collectionTime } from './collection-time';
import { linkSnapshot } from './links';
import { listingAgreement } from './listing-agreement';
import { mergeEndpoints, mergeLoadBalancers, mergeNamespaces, mergeNetworks } from './merge-hns';
import { mergePorts } from './merge-ports';
import { recogniseMode } from './network-mode';
import { nodeAddresses } from './node-addresses';
import { withSilentCommands } from './silent-commands';
import type { Case, ClusterEvidence, EvidenceState, NodeSnapshot } from './node-snapshot';

/** The files of one collection. `name` is the folder or archive it came from. */
export interface NodeInput {
  readonly name: string;
  readonly files: readonly ParsedFile[];
  readonly scope: 'node' | 'cluster';
  /** Explicit time of collection (a file prefix, our collector), milliseconds UTC. */
  readonly stamp?: number | undefined;
  /** The node these files belong to, when the user said so. */
  readonly node?: string | undefined;
  /** Put before the bundle-relative paths because another node has files of the same names. */
  readonly pathPrefix?: string | undefined;
}

/**
 * Assembles what is open: facts of all files become one snapshot a node and time; snapshots of one
 * node are put in time order. Cluster-wide evidence from anywhere counts for every node; where a
 * collection holds its own of a kind, that one is meant: another collection's is of another time.
 */
export function assembleCase(given: readonly NodeInput[]): Case {
  const inputs = given.map((input) => ({ ...input, files: withCollectorCuts(input.files) }));
  const cluster = clusterEvidence(inputs.flatMap((input) => input.files));
  const nodes = new Map<string, { name: string; snapshots: NodeSnapshot[] }>();
  for (const input of inputs) {
    if (input.scope === 'cluster') continue;
    const snapshot = assembleSnapshot(input, clusterOf(input, inputs) ?? cluster);
    const key = snapshot.node.toLowerCase();
    const node = nodes.get(key) ?? { name: snapshot.node, snapshots: [] };
    node.snapshots.push(snapshot);
    nodes.set(key, node);
  }
  return { nodes: [...nodes.values()].map(inTimeOrder), cluster };
}

/** Orders a node's snapshots by time and makes their ids unique. */
function inTimeOrder(node: { name: string; snapshots: NodeSnapshot[] }): Case['nodes'][number] {
  const sorted = [...node.snapshots].sort(
    (a, b) => (a.collectedAt?.time ?? 0) - (b.collectedAt?.time ?? 0),
  );
  const seen = new Set<string>();
  const snapshots = sorted.map((snapshot) => {
    let id = snapshot.id;
    for (let n = 2; seen.has(id); n += 1) id = `${snapshot.id}#${n}`;
    seen.add(id);
    return id === snapshot.id ? snapshot : { ...snapshot, id };
  });
  return { name: node.name, snapshots };
}

/**
 * What counts as the cluster for one collection: of each kind its own files and those added for the
 * whole cluster, else those of all others. Undefined where it is the only one: then all counts.
 */
function clusterOf(own: NodeInput, all: readonly NodeInput[]): ClusterEvidence | undefined {
  if (all.length < 2) return undefined;
  const near = [own, ...all.filter((input) => input.scope === 'cluster')].flatMap((i) => i.files);
  const far = all.filter((i) => i !== own && i.scope !== 'cluster').flatMap((i) => i.files);
  const gives = (file: ParsedFile, kind: FactKind): boolean =>
    file.facts.some((facts) => facts.kind === kind);
  return clusterEvidence([...near, ...far], (kind) =>
    near.some((file) => gives(file, kind)) ? near : far,
  );
}

function clusterEvidence(
  files: readonly ParsedFile[],
  filesFor: (kind: FactKind) => readonly ParsedFile[] = () => files,
): ClusterEvidence {
  const items = <K extends FactKind>(kind: K): FactsOf<K>['items'][number][] =>
    itemsOf(filesFor(kind), kind);
  return {
    files: files.filter((file) =>
      file.facts.some(({ kind }) => CLUSTER_KINDS.includes(kind) && filesFor(kind).includes(file)),
    ),
    nodes: unique(items('kube-nodes'), (n) => n.name),
    pods: unique(items('kube-pods'), (p) => `${p.namespace ?? ''}/${p.name}`),
    services: unique(items('kube-services'), (s) => `${s.namespace ?? ''}/${s.name}`),
    endpoints: items('kube-endpoints'),
    daemonSets: unique(items('kube-daemon-sets'), (d) => `${d.namespace ?? ''}/${d.name}`),
    events: items('kube-events'),
    netConfs: items('flannel-net-conf'),
    linuxCniConfs: items('linux-cni-conf'),
    collections: itemsOf(files, 'collections'),
  };
}

/** A later mention with more fields (JSON) wins over a table row of the same object. */
function unique<T extends object>(all: readonly T[], key: (item: T) => string): T[] {
  const best = new Map<string, T>();
  const fields = (item: T): number => Object.values(item).filter((v) => v !== undefined).length;
  for (const item of all) {
    const before = best.get(key(item));
    if (!before || fields(item) > fields(before)) best.set(key(item), item);
  }
  return [...best.values()];
}

function itemsOf<K extends FactKind>(
  files: readonly ParsedFile[],
  kind: K,
): FactsOf<K>['items'][number][] {
  return factsOfKind(files, kind).flatMap(
    ({ facts }) => [...facts.items] as FactsOf<K>['items'][number][],
  );
}

function assembleSnapshot(input: NodeInput, cluster: ClusterEvidence): NodeSnapshot {
  const { files } = input;
  const networks = mergeNetworks(itemsOf(files, 'hns-networks'));
  const endpoints = mergeEndpoints(itemsOf(files, 'hns-endpoints'));
  const loadBalancers = mergeLoadBalancers(itemsOf(files, 'hns-load-balancers'));
  const namespaces = mergeNamespaces(itemsOf(files, 'hns-namespaces'));
  const ports = mergePorts(itemsOf(files, 'vswitch-ports'));
  const compartments = compartmentsOf(files);
  const logs = itemsOf(files, 'logs');
  const routes = itemsOf(files, 'routes');
  const cniConfigs = itemsOf(files, 'cni-configs');
  const name = nodeName(input, cluster);
  const kubeNode = cluster.nodes.find((n) => n.name.toLowerCase() === name.name.toLowerCase());
  const mode = recogniseMode(networks.items, cniConfigs, logs);
  const addresses = nodeAddresses({
    networks: networks.items,
    endpoints: endpoints.items,
    mode,
    compartments: compartments.all,
    routes,
    kubeNode,
  });
  const agreement = listingAgreement(factsOfKind(files, 'hns-endpoints'), 'endpoint');
  const time = collectionTime(input.stamp, files, logs, cluster.events);
  const tests = factsOfKind(files, 'tests');
  const processes = factsOfKind(files, 'processes');
  const parts = {
    networks: networks.items,
    endpoints: endpoints.items,
    loadBalancers: loadBalancers.items,
    namespaces: namespaces.items,
    vfp: itemsOf(files, 'vfp'),
    vswitchPorts: ports.items,
    compartments: compartments.all,
    containers: itemsOf(files, 'containers'),
  };
  return {
    id: `${name.name}@${time ? new Date(time.time).toISOString().slice(0, 19) + 'Z' : input.name}`,
    node: name.name,
    nameGuessed: name.guessed,
    pathPrefix: input.pathPrefix ?? '',
    collectedAt: time,
    os: mergeOs(itemsOf(files, 'os-version')),
    mode,
    addresses,
    files,
    evidence: withAgreement(
      withSilentCommands(
        evidenceStates([...files, ...cluster.files.filter((f) => !files.includes(f))]),
        files,
      ),
      agreement.agree,
    ),
    contradictions: [
      ...networks.contradictions,
      ...endpoints.contradictions,
      ...loadBalancers.contradictions,
      ...namespaces.contradictions,
      ...ports.contradictions,
      ...agreement.contradictions,
    ],
    ...parts,
    containerViews: compartments.inside,
    routes,
    interfaces: itemsOf(files, 'ip-interfaces'),
    portRanges: itemsOf(files, 'port-ranges'),
    portReservations: itemsOf(files, 'port-reservations'),
    neighbours: itemsOf(files, 'neighbours'),
    windowsServices: itemsOf(files, 'services'),
    processes: itemsOf(files, 'processes'),
    processListComplete: processes.some(({ facts }) => facts.complete),
    processFilter: processes.flatMap(({ facts }) => facts.filter),
    features: itemsOf(files, 'features'),
    componentVersions: itemsOf(files, 'component-versions'),
    hotfixes: itemsOf(files, 'hotfixes'),
    hnsVersion: itemsOf(files, 'hns-version').at(-1),
    windowsNats: itemsOf(files, 'windows-nat'),
    dnsClient: itemsOf(files, 'dns-client'),
    ipv6Setting: itemsOf(files, 'ipv6-setting').at(-1),
    tcpConnections: itemsOf(files, 'tcp-connections'),
    adapterStatistics: itemsOf(files, 'adapter-statistics').sort((a, b) => a.order - b.order),
    images: itemsOf(files, 'images'),
    tests: itemsOf(files, 'tests'),
    rollouts: tests.flatMap(({ facts }) => facts.rollouts),
    dnsLookups: itemsOf(files, 'dns-lookups'),
    packetMonitor: {
      components: itemsOf(files, 'pktmon-components'),
      samples: itemsOf(files, 'pktmon-counters').sort((a, b) => a.order - b.order),
      logs: itemsOf(files, 'pktmon-logs'),
    },
    endpointStatistics: itemsOf(files, 'endpoint-statistics').sort((a, b) => a.order - b.order),
    filteringDrops: itemsOf(files, 'filtering-drops'),
    cniConfigs,
    sourceVips: itemsOf(files, 'source-vip'),
    subnetEnvs: itemsOf(files, 'subnet-env'),
    logs,
    windowsEvents: itemsOf(files, 'windows-events'),
    captures: itemsOf(files, 'captures').flatMap(({ capture }) => capture ?? []),
    cluster,
    links: linkSnapshot({
      ...parts,
      pods: cluster.pods,
      services: cluster.services,
      node: name.name,
      nodeIps: [addresses.managementIp, addresses.managementIpv6].flatMap((ip) => ip?.value ?? []),
    }),
  };
}

function compartmentsOf(files: readonly ParsedFile[]): {
  readonly all: FactsOf<'compartments'>['items'][number][];
  readonly inside: FactsOf<'compartments'>['items'][number][];
} {
  const found = factsOfKind(files, 'compartments');
  return {
    all: found
      .filter(({ facts }) => facts.scope !== 'container')
      .flatMap(({ facts }) => [...facts.items]),
    inside: found
      .filter(({ facts }) => facts.scope === 'container')
      .flatMap(({ facts }) => [...facts.items]),
  };
}

/** Several outputs tell of the version (winver.txt, the validation script): fields of all are used. */
function mergeOs(mentions: readonly OsVersion[]): OsVersion | undefined {
  const ranked = [...mentions].sort((a, b) => defined(b) - defined(a));
  return ranked.length === 0
    ? undefined
    : ranked.reduce((lead, other) => ({
        productName: lead.productName ?? other.productName,
        build: lead.build ?? other.build,
        ubr: lead.ubr ?? other.ubr,
        buildLab: lead.buildLab ?? other.buildLab,
        displayVersion: lead.displayVersion ?? other.displayVersion,
        evidence: [...lead.evidence, ...other.evidence] as readonly Evidence[],
      }));
}

const defined = (os: OsVersion): number => Object.values(os).filter((v) => v !== undefined).length;

function nodeName(input: NodeInput, cluster: ClusterEvidence): { name: string; guessed: boolean } {
  if (input.node !== undefined) return { name: input.node, guessed: false };
  const host = itemsOf(input.files, 'host-name')[0]?.name;
  const printed =
    host ??
    factsOfKind(input.files, 'compartments').flatMap(({ facts }) =>
      facts.items.map((c) => c.hostName),
    )[0];
  const known = printed ?? input.name;
  const kube = cluster.nodes.find((n) => n.name.toLowerCase() === known.toLowerCase());
  return { name: kube?.name ?? known, guessed: printed === undefined && kube === undefined };
}

/** Listings that contradict each other make the endpoints' evidence partial: absence proves nothing then. */
function withAgreement(
  states: Map<FactKind, EvidenceState>,
  agree: boolean,
): ReadonlyMap<FactKind, EvidenceState> {
  const endpoints = states.get('hns-endpoints');
  if (!agree && endpoints) states.set('hns-endpoints', { ...endpoints, state: 'partial' });
  return states;
}
