import { verificationText, type CheckResult, type Finding } from '../model/finding';
import type { ParsedFile } from '../parsers/parsed-file';
import { protocolName } from '../snapshot/entity-ref';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { blankSecretsInLine } from '../secrets/blank-secrets';
import { bundlePath, Excerpts } from './excerpt';
import { snapshotsOf, type ReportInput } from './report-input';

/** Raised when a field of the document changes its meaning or goes; new fields do not count. */
export const SCHEMA_VERSION = 1;

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * The analysis as JSON: the stable contract for other programs, described by
 * `docs/analysis.schema.json`. One entry of `nodes` is one snapshot. Secrets are blanked. Equal input
 * gives an equal document: it holds no time of its own.
 */
export function analysisDocument(input: ReportInput) {
  const snapshots = snapshotsOf(input.case);
  const byId = new Map(snapshots.map((snapshot) => [snapshot.id, snapshot]));
  const excerpts = new Excerpts(input.case);
  const ownFiles = new Set(snapshots.flatMap((snapshot) => snapshot.files));
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: input.tool,
    nodes: snapshots.map(nodeJson),
    clusterFiles: input.case.cluster.files
      .filter((file) => !ownFiles.has(file))
      .map((file) => fileJson(file, undefined)),
    rejected: input.rejected.map(({ path, reason }) => ({ path, reason })),
    checks: input.checks.map(checkJson),
    findings: input.findings.map((finding) =>
      findingJson(finding, byId.get(finding.snapshotId), excerpts),
    ),
  };
}

/** The document as text. */
export function analysisJson(input: ReportInput): string {
  return `${JSON.stringify(analysisDocument(input) satisfies Json, null, 2)}\n`;
}

function nodeJson(snapshot: NodeSnapshot) {
  const { os, mode, links } = snapshot;
  return {
    name: snapshot.node,
    snapshotId: snapshot.id,
    collectedAt:
      snapshot.collectedAt === undefined ? null : new Date(snapshot.collectedAt.time).toISOString(),
    os: {
      productName: os?.productName ?? null,
      build: os?.build ?? null,
      ubr: os?.ubr ?? null,
      buildLab: os?.buildLab ?? null,
    },
    networkMode: mode.mode,
    cni: {
      name: mode.cni,
      reason: blankSecretsInLine(mode.reason),
      configs: snapshot.cniConfigs.map((config) => ({
        file: bundlePath(config.file, snapshot),
        name: config.name?.value ?? null,
        types: config.plugins.flatMap((plugin) => plugin.type?.value ?? []),
      })),
    },
    files: snapshot.files.map((file) => fileJson(file, snapshot)),
    counts: countsJson(snapshot),
    networks: snapshot.networks.map((network) => ({
      id: network.id,
      name: network.name ?? null,
      type: network.type ?? 'unknown',
      subnets: network.subnets.map((subnet) => subnet.prefix),
    })),
    endpoints: snapshot.endpoints.map((endpoint) => ({
      id: endpoint.id,
      name: endpoint.name ?? null,
      networkId: endpoint.networkId ?? null,
      ipAddresses: endpoint.ipAddresses,
      mac: endpoint.mac ?? null,
      isRemote: endpoint.isRemote ?? null,
      podName: links.podOf.get(endpoint)?.name ?? null,
    })),
    loadBalancers: snapshot.loadBalancers.map((lb) => ({
      id: lb.id,
      vips: lb.vips,
      protocol: protocolName(lb.ports[0]?.protocol) || null,
      externalPort: lb.ports[0]?.externalPort ?? null,
      internalPort: lb.ports[0]?.internalPort ?? null,
      endpointIds: lb.endpointIds,
    })),
  };
}

function countsJson(snapshot: NodeSnapshot) {
  const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
    items.reduce((total, item) => total + of(item), 0);
  return {
    networks: snapshot.networks.length,
    endpoints: snapshot.endpoints.length,
    loadBalancers: snapshot.loadBalancers.length,
    namespaces: snapshot.namespaces.length,
    vfpPorts: sum(snapshot.vfp, (dump) => dump.ports.length),
    vfpLayers: sum(snapshot.vfp, (dump) => dump.layers.length),
    vfpRules: sum(snapshot.vfp, (dump) => dump.ruleCount),
    routes: snapshot.routes.length,
    adapters: sum(snapshot.compartments, (compartment) => compartment.adapters.length),
    logLines: sum(
      snapshot.files.filter((file) => file.facts.some((facts) => facts.kind === 'logs')),
      (file) => file.file.lineCount,
    ),
  };
}

function fileJson(parsed: ParsedFile, snapshot: NodeSnapshot | undefined) {
  const { file } = parsed;
  return {
    path: bundlePath(file.path, snapshot),
    kind: parsed.kinds[0] ?? 'unknown',
    encoding: file.encoding,
    bytes: file.originalBytes,
    // Binary files are listed, not read: their encoding says that they are binary.
    status: parsed.status === 'binary' ? 'unrecognised' : parsed.status,
    notes: [
      ...parsed.notes.map(({ line, message }) => ({ line, message: blankSecretsInLine(message) })),
      ...parsed.unread.map(({ line, endLine }) => ({
        line,
        message: endLine === line ? 'not read' : `lines ${line} to ${endLine} were not read`,
      })),
    ],
  };
}

function checkJson(check: CheckResult) {
  return {
    ruleId: check.ruleId,
    node: check.node,
    snapshotId: check.snapshotId,
    step: check.step,
    status: check.status,
    reason: blankSecretsInLine(check.reason),
    because: check.because ?? null,
    missing: check.missing.map(({ what, command, where }) => ({ what, command, where })),
  };
}

function findingJson(finding: Finding, snapshot: NodeSnapshot | undefined, excerpts: Excerpts) {
  return {
    ruleId: finding.ruleId,
    aliases: finding.aliases,
    severity: finding.severity,
    step: finding.step,
    title: blankSecretsInLine(finding.title),
    node: finding.node,
    snapshotId: finding.snapshotId,
    summary: blankSecretsInLine(finding.summary),
    cause: blankSecretsInLine(finding.cause),
    remedy: finding.remedy.map(({ text, command, disturbs, verify }) => ({
      text: blankSecretsInLine(text),
      command: command ?? null,
      disturbs: disturbs ?? null,
      verify: verify === undefined ? null : verificationText(verify),
      verifyCommand: verify?.kind === 'command' ? verify.command : null,
    })),
    causedBy: finding.causedBy,
    entities: finding.entities.map(({ kind, id, name }) => ({
      kind,
      id,
      name: blankSecretsInLine(name),
    })),
    evidence: finding.evidence.map((evidence) => {
      const { file, line, endLine, packet, lines } = excerpts.of(evidence, snapshot);
      return {
        file,
        line,
        endLine,
        ...(packet === undefined ? {} : { packet: packet.number }),
        excerpt: lines.join('\n'),
      };
    }),
    references: finding.references,
  };
}
