import type { Evidence } from '../model/evidence';
import type { ViewContext } from '../inspect/view-context';
import { exceptionRemark } from './cni-exceptions';

export interface CniAnnotation {
  readonly line: number;
  readonly severity: 'error' | 'warning' | 'info' | 'ok';
  readonly message: string;
  readonly expected?: string | undefined;
  readonly finding?: number | undefined;
}

export interface CniDocument {
  readonly path: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly from: number;
  readonly annotations: readonly CniAnnotation[];
}

const MAX_LINES = 800;

/**
 * The configuration files of step 5 with problems marked on their lines and, beside each value that
 * can be held against the rest of the evidence, the value expected.
 */
export function cniDocuments(context: ViewContext): CniDocument[] {
  const { snapshot } = context;
  const kinds = new Set([
    'cni-configs',
    'flannel-net-conf',
    'linux-cni-conf',
    'source-vip',
    'subnet-env',
  ]);
  const files = [...new Set([...snapshot.files, ...snapshot.cluster.files])];
  return files
    .filter((f) => f.facts.some((facts) => kinds.has(facts.kind)))
    .map((parsed) => ({
      path: parsed.file.path,
      title: parsed.title,
      from: 1,
      lines: parsed.file
        .lines(1, Math.min(parsed.file.lineCount, MAX_LINES))
        .map((l) => l.slice(0, 2000)),
      annotations: [
        ...problems(context, parsed.file.path),
        ...fromFindings(context, parsed.file.path),
        ...expectations(context, parsed.file.path),
      ].sort((a, b) => a.line - b.line),
    }));
}

function problems(context: ViewContext, path: string): CniAnnotation[] {
  const { cniConfigs, sourceVips, cluster } = context.snapshot;
  const all = [...cniConfigs, ...sourceVips, ...cluster.netConfs, ...cluster.linuxCniConfs];
  return all.flatMap((config) =>
    config.problems
      .filter((p) => p.evidence.file === path)
      .map((p) => ({ line: p.evidence.line, severity: 'error' as const, message: p.message })),
  );
}

function fromFindings(context: ViewContext, path: string): CniAnnotation[] {
  return context.findings.flatMap((finding, index) => {
    const evidence =
      finding.snapshotId === context.snapshot.id
        ? finding.evidence.find((e) => e.file === path)
        : undefined;
    return evidence
      ? [
          {
            line: evidence.line,
            severity: finding.severity,
            message: finding.title,
            finding: index,
          },
        ]
      : [];
  });
}

/** Values that agree with the evidence get a quiet tick with where the expectation comes from. */
function expectations(context: ViewContext, path: string): CniAnnotation[] {
  const { snapshot } = context;
  const expected: CniAnnotation[] = [];
  const compare = (
    evidence: Evidence,
    value: string,
    wanted: string | undefined,
    from: string,
  ): void => {
    if (wanted === undefined || evidence.file !== path) return;
    const same = value.toLowerCase() === wanted.toLowerCase();
    expected.push({
      line: evidence.line,
      severity: same ? 'ok' : 'info',
      message: same ? `as ${from}` : `${from} says otherwise`,
      expected: wanted,
    });
  };
  const network = snapshot.networks.find((n) => n.id === snapshot.mode.podNetworkId);
  const dns = snapshot.cluster.services.find((s) => /^(kube-dns|coredns)$/.test(s.name));
  for (const config of snapshot.cniConfigs) {
    if (config.name)
      compare(config.name.evidence, config.name.value, network?.name, 'the HNS network');
    for (const plugin of config.plugins) {
      const server = plugin.dnsServers[0];
      if (server)
        compare(server.evidence, server.value, dns?.clusterIps[0], 'the kube-dns service');
      for (const { policy, evidence, exceptions } of plugin.policies) {
        for (const { value, evidence: at } of exceptions) {
          const remark = at.file === path ? exceptionRemark(snapshot, value) : undefined;
          if (remark === undefined) continue;
          const { same, message, expected: wanted } = remark;
          expected.push({
            line: at.line,
            severity: same ? 'ok' : 'info',
            message,
            expected: wanted,
          });
        }
        const host = policy.kind === 'route' && /\/32$/.test(policy.destinationPrefix);
        const management = snapshot.addresses.managementIp?.value;
        if (host && management !== undefined)
          compare(evidence, policy.destinationPrefix, `${management}/32`, 'the management IP');
      }
    }
  }
  for (const conf of snapshot.cluster.netConfs) {
    if (conf.vni) compare(conf.vni.evidence, String(conf.vni.value), '4096', 'Windows requires');
    if (conf.port) compare(conf.port.evidence, String(conf.port.value), '4789', 'Windows requires');
  }
  return expected;
}
