import type { HnsLoadBalancer } from '../../model/hns';
import { loadBalancerName, loadBalancerRef, serviceRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import {
  countOf,
  fieldEvidence,
  isWholeListing,
  lineWith,
  listingEvidence,
  someOf,
} from '../evidence-lines';
import { firedOrPassed, notChecked, passed, type FindingDraft, type Rule } from '../rule';

/** More dead endpoints than this are one story: HNS lost them together. */
const TOGETHER = 5;

export const rule: Rule = {
  meta: {
    id: 'HNS-ORPHAN-LB-ENDPOINT',
    step: 6,
    symptom: 'services',
    severity: 'error',
    title: 'Load balancers name only endpoints that exist',
    description:
      'Each HNS load balancer refers to its backends by endpoint id. Ids that no listed endpoint has are backends that are gone: HNS still sends them a share of the connections.',
    impact:
      'A share of the connections to the service times out; with all backends gone, all of them.',
    needs: ['loadBalancers', 'endpoints'],
    falsePositives:
      'A cut list of endpoints proves nothing: then the check is not made. Endpoints and load balancers listed at different times can disagree for a moment.',
    references: ['https://github.com/kubernetes/kubernetes/issues/112836'],
    explains: [
      'SVC-LB-BACKENDS',
      'SVC-VFP-3WAY',
      'DNS-LB-BACKENDS',
      'CT-HOST-SVC-VIP',
      'CT-POD-SVCNAME',
      'CT-REMOTE-NODEPORT',
      'HNS-LB-NO-REFS',
    ],
  },
  check({ snapshot }) {
    const dead = new Map<string, HnsLoadBalancer[]>();
    let references = 0;
    for (const lb of snapshot.loadBalancers) {
      for (const id of new Set(lb.endpointIds)) {
        references += 1;
        if (snapshot.links.endpointById.has(id)) continue;
        dead.set(id, [...(dead.get(id) ?? []), lb]);
      }
    }
    if (dead.size === 0)
      return passed(
        `All ${references} references of ${snapshot.loadBalancers.length} load balancers resolve`,
      );
    if (!isWholeListing(snapshot, 'hns-endpoints')) {
      return notChecked(
        'The list of endpoints is cut or contradicts another one, so a missing endpoint proves nothing',
        'endpoints',
      );
    }
    const findings =
      dead.size > TOGETHER
        ? [finding(snapshot, [...dead.keys()], [...new Set([...dead.values()].flat())])]
        : [...dead].map(([id, lbs]) => finding(snapshot, [id], lbs));
    return firedOrPassed(findings, '');
  },
};

function finding(
  snapshot: NodeSnapshot,
  ids: readonly string[],
  lbs: readonly HnsLoadBalancer[],
): FindingDraft {
  const names = lbs.map(loadBalancerName);
  const allDead = lbs.filter((lb) =>
    lb.endpointIds.every((id) => !snapshot.links.endpointById.has(id)),
  );
  const services = new Map(
    lbs.flatMap((lb) => {
      const link = snapshot.links.serviceOf.get(lb);
      return link ? [[link.service.name, link.service] as const] : [];
    }),
  );
  const [first] = lbs;
  const total = first?.endpointIds.length ?? 0;
  const share = allDead.length === lbs.length ? 'No connection' : 'Only a part of the connections';
  const evidence = lbs.slice(0, 8).flatMap((lb) => {
    const id = ids.find((wanted) => lb.endpointIds.includes(wanted)) ?? '';
    return lineWith(snapshot, fieldEvidence(lb, 'endpoints'), id);
  });
  return {
    title: `${share} to ${someOf(names, 2)} works: ${ids.length === 1 ? 'a backend is gone' : `${ids.length} backends are gone`}`,
    summary: `${countOf(lbs.length, 'load balancer')} (${someOf(names)}) ${lbs.length === 1 ? 'names' : 'name'} endpoint ${someOf(ids, 2)}, which HNS does not have${ids.length === 1 && total > 1 ? `; ${names[0] ?? ''} has ${total} backends in all` : ''}.`,
    cause:
      'The endpoint was removed while load balancers still used it: kube-proxy missed the change, or HNS was restarted or cleaned up under it.',
    remedy: [
      {
        text: 'Delete the load balancers that name it and start kube-proxy again; it makes them anew with the living backends.',
        command: `${lbs
          .slice(0, 5)
          .map(({ id }) => `hnsdiag delete loadbalancers ${argument(id)}`)
          .join('; ')}; Restart-Service kubeproxy`,
        disturbs:
          'The services have no address on this node until kube-proxy has synced; open connections break.',
        verify: {
          kind: 'command',
          command: 'hnsdiag list all',
          shows: 'lists every Direct IP ID under Endpoints',
        },
      },
    ],
    entities: [
      ...lbs.slice(0, 10).map(loadBalancerRef),
      ...[...services.values()].slice(0, 5).map(serviceRef),
    ],
    evidence: [...evidence, ...listingEvidence(snapshot, 'hns-endpoints').slice(0, 1)],
  };
}
