import type { EntityRef } from '../model/finding';
import type { Evidence } from '../model/evidence';
import { macText } from '../model/ids';
import type { ViewContext } from '../inspect/view-context';
import type { Rule } from '../rules/rule';
import {
  compartmentRef,
  endpointRef,
  loadBalancerName,
  loadBalancerRef,
  namespaceRef,
  networkRef,
  podRef,
  routeRef,
  serviceRef,
  vfpPortRef,
} from '../snapshot/entity-ref';
import { vfpPortTitle } from '../tables/vfp-tables';
import { findLine } from './find-line';

export interface SearchResult {
  readonly group: 'objects' | 'findings' | 'rules' | 'files' | 'text';
  readonly title: string;
  readonly subtitle: string;
  readonly ref?: EntityRef | undefined;
  readonly evidence?: Evidence | undefined;
  readonly finding?: number | undefined;
  readonly ruleId?: string | undefined;
}

/** Raw text is searched in files up to this size; larger ones have their own search in the raw viewer. */
const TEXT_SEARCH_BYTES = 32 * 1024 * 1024;

/**
 * Searches objects (names, addresses, MACs, GUIDs in any case and with or without dashes), findings,
 * rules, files and the files' text. Best groups first, at most `limit` results.
 */
export function search(
  context: ViewContext,
  rules: readonly Rule[],
  text: string,
  limit: number,
): SearchResult[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((w) => w !== '');
  if (words.length === 0) return [];
  const has = (...texts: readonly (string | undefined)[]): boolean => {
    const all = texts.join(' ').toLowerCase();
    return words.every((w) => all.includes(w));
  };
  const results: SearchResult[] = [];
  const groups = [
    (): SearchResult[] => findings(context, has),
    (): SearchResult[] => objects(context, has),
    (): SearchResult[] => files(context, has),
    (): SearchResult[] => catalogue(rules, has),
    (): SearchResult[] => inText(context, text.trim()),
  ];
  for (const group of groups) {
    if (results.length >= limit) break;
    results.push(...group().slice(0, Math.max(5, Math.floor(limit / 2))));
  }
  return results.slice(0, limit);
}

type Has = (...texts: readonly (string | undefined)[]) => boolean;

function findings(context: ViewContext, has: Has): SearchResult[] {
  return context.findings.flatMap((finding, index) =>
    finding.snapshotId === context.snapshot.id &&
    has(finding.title, finding.summary, finding.ruleId)
      ? [
          {
            group: 'findings' as const,
            title: finding.title,
            subtitle: `${finding.severity} · ${finding.ruleId}`,
            finding: index,
          },
        ]
      : [],
  );
}

function objects(context: ViewContext, has: Has): SearchResult[] {
  const { snapshot } = context;
  const { links } = snapshot;
  const found: SearchResult[] = [];
  const add = (
    ref: EntityRef,
    kind: string,
    detail: string,
    evidence: Evidence | undefined,
  ): void => {
    found.push({
      group: 'objects',
      title: ref.name,
      subtitle: detail === '' ? kind : `${kind} · ${detail}`,
      ref,
      evidence,
    });
  };
  for (const lb of snapshot.loadBalancers) {
    const service = links.serviceOf.get(lb);
    const name = service ? serviceRef(service.service).name : '';
    if (has(lb.id, loadBalancerName(lb), name, lb.id.replaceAll('-', '')))
      add(loadBalancerRef(lb), 'Load balancer', name, lb.evidence[0]);
  }
  for (const endpoint of snapshot.endpoints) {
    const pod = links.podOf.get(endpoint)?.name;
    const mac =
      endpoint.mac === undefined
        ? ''
        : `${macText(endpoint.mac)} ${endpoint.mac.replaceAll('-', ':')}`;
    if (
      has(endpoint.id, endpoint.name, endpoint.ipAddresses.join(' '), mac, pod, endpoint.portGuid)
    ) {
      add(
        endpointRef(endpoint),
        endpoint.isRemote === true ? 'Remote endpoint' : 'Endpoint',
        pod ?? endpoint.name ?? '',
        endpoint.evidence[0],
      );
    }
  }
  for (const network of snapshot.networks) {
    if (has(network.id, network.name, network.type, ...network.subnets.map((s) => s.prefix)))
      add(networkRef(network), 'Network', network.type ?? '', network.evidence[0]);
  }
  for (const namespace of snapshot.namespaces) {
    if (has(namespace.id, ...namespace.containerIds))
      add(namespaceRef(namespace), 'Namespace', '', namespace.evidence[0]);
  }
  for (const compartment of snapshot.compartments) {
    if (has(`compartment ${compartment.id}`))
      add(
        compartmentRef(compartment),
        'Compartment',
        compartment.id === 1 ? 'host' : '',
        compartment.evidence[0],
      );
  }
  for (const service of snapshot.cluster.services) {
    if (has(serviceRef(service).name, ...service.clusterIps))
      add(serviceRef(service), 'Service', service.clusterIps.join(', '), service.evidence[0]);
  }
  for (const pod of snapshot.cluster.pods) {
    if (has(podRef(pod).id, ...pod.ips)) add(podRef(pod), 'Pod', pod.status ?? '', pod.evidence[0]);
  }
  for (const route of snapshot.routes) {
    if (has(route.destination, route.nextHop))
      add(routeRef(route), 'Route', route.source, route.evidence[0]);
  }
  for (const dump of snapshot.vfp) {
    for (const port of dump.ports) {
      if (has(port.name, port.friendlyName, port.mac))
        add(
          vfpPortRef(dump.file, port.index, port.name),
          'VFP port',
          vfpPortTitle(context, dump, port.index),
          port.evidence,
        );
    }
  }
  return found;
}

function files(context: ViewContext, has: Has): SearchResult[] {
  return context.snapshot.files.flatMap((parsed) =>
    has(parsed.file.path, parsed.title)
      ? [
          {
            group: 'files' as const,
            title: parsed.file.path,
            subtitle: parsed.title,
            evidence: { file: parsed.file.path, line: 1, endLine: 1 },
          },
        ]
      : [],
  );
}

function catalogue(rules: readonly Rule[], has: Has): SearchResult[] {
  return rules.flatMap((rule) =>
    has(rule.meta.id, rule.meta.title)
      ? [
          {
            group: 'rules' as const,
            title: rule.meta.title,
            subtitle: rule.meta.id,
            ruleId: rule.meta.id,
          },
        ]
      : [],
  );
}

function inText(context: ViewContext, text: string): SearchResult[] {
  if (text.length < 3) return [];
  const found: SearchResult[] = [];
  for (const { file } of context.snapshot.files) {
    if (file.bytes.length > TEXT_SEARCH_BYTES || file.encoding === 'binary') continue;
    const line = findLine(file, text, 1, false, false);
    if (line === null) continue;
    found.push({
      group: 'text',
      title: file.line(line.line).trim().slice(0, 120),
      subtitle: `${file.path}:${line.line}`,
      evidence: { file: file.path, line: line.line, endLine: line.line },
    });
    if (found.length >= 20) break;
  }
  return found;
}
