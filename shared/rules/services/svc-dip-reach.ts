import type { DnsLookup, TestResult } from '../../model/system';
import type { HnsEndpoint, HnsLoadBalancer } from '../../model/hns';
import { canonicalIp } from '../../model/ip';
import { endpointRef, loadBalancerName, loadBalancerRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import { fieldEvidence, lineWith, someOf } from '../evidence-lines';
import { doesNotApply, firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';

/** Tests of pods; the host has its own ways to pods, and checks of its own. */
const REMOTE = /^pods? .*\breach remote pods?/i;
const LOCAL = /^pods? .*\breach local pods?/i;
/** The backend that a test names, where it names one. */
const NAMED = /\bpod (?:\[([0-9a-f.:]+)\]|(\d{1,3}(?:\.\d{1,3}){3})):\d+/i;

export const rule: Rule = {
  meta: {
    id: 'SVC-DIP-REACH',
    step: 7,
    symptom: 'services',
    severity: 'error',
    title: 'Backends of services answer directly',
    description:
      'Before a load balancer is blamed, its backends must answer on their own addresses. Failed probes of local or remote pods, and failed lookups sent straight to a DNS pod, are held against the load balancers that use them.',
    impact: 'Services with these backends fail whatever the load balancer does.',
    needs: ['loadBalancers', ['tests', 'dnsLookups']],
    falsePositives:
      'A network policy may let only some callers in. A probe of a pod that was not ready fails too.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
    ],
  },
  check({ snapshot }) {
    const tests = snapshot.tests.filter(({ name }) => REMOTE.test(name) || LOCAL.test(name));
    const lookups = snapshot.dnsLookups.flatMap((lookup) => {
      // Nor does a lookup of the node itself tell what pods reach.
      if (lookup.container === undefined) return [];
      const server = canonicalIp(lookup.server ?? '');
      const used = server === undefined ? [] : behind(snapshot, (ip) => ip === server);
      return server !== undefined && used.length > 0 ? [{ lookup, server, used }] : [];
    });
    if (tests.length === 0 && lookups.length === 0) {
      return notChecked('No probe of a backend itself was collected', 'tests', 'dnsLookups');
    }
    const findings = [
      ...[REMOTE, LOCAL].flatMap((pattern) => {
        const failed = tests.filter(
          ({ name, result }) => pattern.test(name) && result === 'failed',
        );
        const used = failed.length === 0 ? [] : usedBy(snapshot, failed, pattern === REMOTE);
        return used.length === 0 ? [] : [testFinding(snapshot, pattern === REMOTE, failed, used)];
      }),
      ...lookups
        .filter(({ lookup }) => !lookup.ok)
        .map(({ lookup, server, used }) => lookupFinding(snapshot, lookup, server, used)),
    ];
    if (
      findings.length === 0 &&
      tests.every(({ result }) => result !== 'passed') &&
      lookups.length === 0
    ) {
      return doesNotApply(
        'The probes of pods failed or were skipped, and no load balancer uses such backends',
      );
    }
    return firedOrPassed(
      findings,
      `${tests.filter(({ result }) => result === 'passed').length} probes of pods and ${lookups.filter(({ lookup }) => lookup.ok).length} direct lookups answered`,
    );
  },
};

/** Load balancers with a backend whose address fits. */
function behind(snapshot: NodeSnapshot, fits: (ip: string) => boolean): HnsLoadBalancer[] {
  return snapshot.loadBalancers.filter((lb) =>
    lb.endpointIds.some(
      (id) => snapshot.links.endpointById.get(id)?.ipAddresses.some(fits) === true,
    ),
  );
}

/** The load balancers with a backend that was tried; where no test names it, those with any such backend. */
function usedBy(
  snapshot: NodeSnapshot,
  failed: readonly TestResult[],
  remote: boolean,
): HnsLoadBalancer[] {
  const tried = failed.map(({ name }) => {
    const [, six, four] = NAMED.exec(name) ?? [];
    return canonicalIp(six ?? four ?? '');
  });
  return tried.includes(undefined)
    ? balancersTo(snapshot, remote)
    : behind(snapshot, (ip) => tried.includes(ip));
}

function balancersTo(snapshot: NodeSnapshot, remote: boolean): HnsLoadBalancer[] {
  return snapshot.loadBalancers.filter((lb) =>
    lb.endpointIds.some((id) => {
      const endpoint = snapshot.links.endpointById.get(id);
      return (
        endpoint !== undefined &&
        (endpoint.isRemote === true) === remote &&
        endpoint.ipAddresses.length > 0
      );
    }),
  );
}

function testFinding(
  snapshot: NodeSnapshot,
  remote: boolean,
  failed: readonly TestResult[],
  used: readonly HnsLoadBalancer[],
): FindingDraft {
  const where = remote ? 'on other nodes' : 'on this node';
  const endpoints = used
    .flatMap(({ endpointIds }) => endpointIds)
    .flatMap((id) => snapshot.links.endpointById.get(id) ?? [])
    .filter((endpoint) => (endpoint.isRemote === true) === remote);
  const unique = [...new Set(endpoints)];
  return {
    title: `Backends ${where} do not answer even directly`,
    summary: `The probe "${failed[0]?.name ?? ''}" failed${failed[0]?.message === undefined ? '' : `: ${oneLine(failed[0].message)}`}. ${someOf(used.map(loadBalancerName))} ${used.length === 1 ? 'sends' : 'send'} to backends ${where}.`,
    cause: remote
      ? 'The path to pods of other nodes is broken: look at the inter-node findings before the load balancer.'
      : 'The pods of this node are out of reach: their endpoints, ports or the programs in them.',
    remedy: [
      {
        text: remote
          ? 'Follow the path to the other node (symptom: pods do not reach pods of other nodes).'
          : 'Check the endpoint state and the VFP port of the backend; then whether the program listens.',
        command: `kubectl exec <pod> -- powershell Test-NetConnection ${argument(unique[0]?.ipAddresses[0] ?? '<DIP>')} -Port <target port>`,
        verify: {
          kind: 'observation',
          text: 'The connection to the DIP opens; only then test the VIP',
        },
      },
    ],
    entities: [...used.slice(0, 5).map(loadBalancerRef), ...unique.slice(0, 5).map(endpointRef)],
    evidence: [
      ...failed.flatMap(({ evidence }) => evidence.slice(0, 1)),
      ...used.slice(0, 3).flatMap((lb) => backendLine(snapshot, lb, unique)),
    ],
  };
}

/** The line of a load balancer that names one of the endpoints. */
function backendLine(
  snapshot: NodeSnapshot,
  lb: HnsLoadBalancer,
  endpoints: readonly HnsEndpoint[],
): FindingDraft['evidence'] {
  const id = endpoints.find((endpoint) => lb.endpointIds.includes(endpoint.id))?.id;
  return id === undefined ? [] : lineWith(snapshot, fieldEvidence(lb, 'endpoints'), id);
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function lookupFinding(
  snapshot: NodeSnapshot,
  lookup: DnsLookup,
  server: string,
  used: readonly HnsLoadBalancer[],
): FindingDraft {
  const endpoints = snapshot.links.endpointsByIp.get(server) ?? [];
  return {
    title: `DNS pod ${server} does not answer even directly`,
    summary: `A lookup of ${lookup.name} sent straight to ${server} failed${lookup.message === undefined ? '' : `: ${oneLine(lookup.message)}`}. It is a backend of ${someOf(used.map(loadBalancerName))}.`,
    cause:
      'The DNS pod is down or the path to its node is broken; the load balancer is not to blame.',
    remedy: [
      {
        text: 'Ask the other DNS pods directly. If none answers, look at the inter-node findings; if only this one, at the pod.',
        command: `Resolve-DnsName kubernetes.default.svc.cluster.local -Server ${argument(server)}; kubectl get pods -n kube-system -o wide`,
        verify: { kind: 'observation', text: 'The lookup answers' },
      },
    ],
    entities: [...used.slice(0, 5).map(loadBalancerRef), ...endpoints.slice(0, 2).map(endpointRef)],
    evidence: [
      ...lookup.evidence.slice(0, 1),
      ...used.slice(0, 2).flatMap((lb) => backendLine(snapshot, lb, endpoints)),
    ],
  };
}
