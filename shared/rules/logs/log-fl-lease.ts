import type { Evidence } from '../../model/evidence';
import { canonicalIp, cidrText, parseCidr } from '../../model/ip';
import type { KubeNode } from '../../model/kubernetes';
import type { LogFile } from '../../model/logs';
import { logRef, nodeRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import { kubeNodeOf } from '../events/node-scope';
import { REF } from '../references';
import type { FindingDraft, Rule } from '../rule';
import { firedOrPassed, notChecked, passed } from '../rule';
import { isWholeListing } from '../evidence-lines';
import { baseName, isCutLog } from './log-runs';

const LEASE = /Subnet (added|removed): (\S+)(?: via (\S+))?/;

export const rule: Rule = {
  meta: {
    id: 'LOG-FL-LEASE',
    step: 4,
    symptom: 'inter-node',
    severity: 'error',
    title: 'flanneld has seen the subnet of every node',
    description:
      'On host-gw flanneld writes "Subnet added: <pods> via <node>" for each node. A Ready node whose pod subnet was never added, or was removed again, has no route from here.',
    impact: 'Pods of this node do not reach the pods of that node.',
    needs: ['flanneldLog', 'nodes'],
    modes: ['l2bridge'],
    cnis: ['flannel-host-gw', 'win-bridge', 'sdnbridge'],
    falsePositives:
      'A rotated log lacks the older lines: a route in routes.txt then counts instead. vxlan writes other lines and is not checked.',
    references: [REF.article, REF.flannelBackends],
  },
  check({ snapshot }) {
    const logs = snapshot.logs.filter((l) => l.component === 'flanneld');
    const leases = leasesOf(logs);
    const own = kubeNodeOf(snapshot);
    const peers = snapshot.cluster.nodes.filter(
      (n) => n !== own && n.ready === true && n.podCidrs.length > 0 && speaksHostGw(n),
    );
    if (peers.length === 0) {
      return snapshot.cluster.nodes.some((n) => n.podCidrs.length > 0)
        ? passed('No other Ready node has a pod subnet')
        : notChecked('The node listing shows no pod subnets', 'nodes');
    }
    const start = startOf(logs);
    const missing = peers.filter(
      (n) =>
        !n.podCidrs.some((cidr) => leases.get(canonical(cidr))?.added === true) &&
        !hasRoute(snapshot, n),
    );
    const removed = missing.filter((n) =>
      n.podCidrs.some((cidr) => leases.get(canonical(cidr))?.added === false),
    );
    const unseen = missing.filter((n) => !removed.includes(n) && !isYounger(n, logs));
    if (unseen.length > 0 && start === undefined && snapshot.routes.length === 0) {
      return notChecked(
        'The log of flanneld does not go back to its start, and the routes were not collected',
        'routes',
      );
    }
    const cut = logs.some((log) => isCutLog(log, snapshot));
    if (missing.length > 0 && cut && !isWholeListing(snapshot, 'routes'))
      return notChecked('The log of flanneld is cut, and the routes are not known', 'flanneldLog');
    const judged = [...removed, ...unseen];
    return firedOrPassed(
      judged.map((node) => leaseFinding(node, leases, logs, start)),
      `Subnets or routes of ${peers.length - missing.length} of ${peers.length} other Ready nodes`,
    );
  },
};

const canonical = (text: string): string => {
  const cidr = parseCidr(text);
  return cidr ? cidrText(cidr) : text;
};

interface Lease {
  readonly added: boolean;
  readonly via: string | undefined;
  readonly evidence: Evidence;
}

/** The last word of the logs on each subnet. */
function leasesOf(logs: readonly LogFile[]): Map<string, Lease> {
  const ordered = [...logs].sort((a, b) => (a.lastTime ?? 0) - (b.lastTime ?? 0));
  const leases = new Map<string, Lease>();
  for (const log of ordered) {
    for (const index of log.find('Subnet ')) {
      const { text, evidence } = log.entry(index);
      const match = LEASE.exec(text);
      if (match)
        leases.set(canonical(match[2] ?? ''), {
          added: match[1] === 'added',
          via: match[3],
          evidence,
        });
    }
  }
  return leases;
}

/** flannel annotates each node with its backend; one of another backend has no lease here. */
function speaksHostGw(node: KubeNode): boolean {
  const backend = node.annotations.get('flannel.alpha.coreos.com/backend-type');
  return backend === undefined || backend === 'host-gw';
}

function hasRoute(snapshot: NodeSnapshot, node: KubeNode): boolean {
  return snapshot.routes.some(
    (route) =>
      node.podCidrs.some((cidr) => canonical(cidr) === canonical(route.destination)) &&
      node.internalIps.includes(canonicalIp(route.nextHop) ?? ''),
  );
}

/** A node that joined after the log ended cannot stand in it. */
function isYounger(node: KubeNode, logs: readonly LogFile[]): boolean {
  const last = Math.max(...logs.map((l) => l.lastTime ?? -Infinity));
  return node.createdAt !== undefined && Number.isFinite(last) && node.createdAt > last;
}

/** The line with which flanneld begins to watch: from there on the log is whole. */
function startOf(logs: readonly LogFile[]): Evidence | undefined {
  for (const log of logs) {
    const index = log.find('Watching for new subnet leases', 1)[0];
    if (index !== undefined) return log.entry(index).evidence;
  }
  return undefined;
}

function leaseFinding(
  node: KubeNode,
  leases: ReadonlyMap<string, Lease>,
  logs: readonly LogFile[],
  start: Evidence | undefined,
): FindingDraft {
  const cidr = node.podCidrs[0] ?? '';
  const lease = leases.get(canonical(cidr));
  const file = lease?.evidence.file ?? start?.file ?? logs[0]?.file ?? '';
  const lastLine =
    logs[0] && logs[0].entryCount > 0 ? logs[0].entry(logs[0].entryCount - 1).evidence : undefined;
  const where = lease?.evidence ?? start ?? lastLine;
  return {
    title: `flanneld ${lease ? 'removed' : 'never saw'} the subnet of ${node.name}: its pods (${cidr}) are out of reach`,
    summary: lease
      ? `The last word of ${baseName(file)} on ${cidr} is "Subnet removed", and ${node.name} is Ready.`
      : `${baseName(file)} has no "Subnet added" line for ${cidr} of ${node.name}, which is Ready${logs.length > 1 ? ' (all logs of flanneld read)' : ''}.`,
    cause: `flanneld lost its watch on the API server, or ${node.name} runs flannel with another backend or carries no flannel annotations.`,
    remedy: [
      {
        text: 'See that the node carries the annotations of flannel.',
        command: `kubectl describe node ${argument(node.name)} | findstr flannel`,
        verify: {
          kind: 'observation',
          text: 'backend-type is host-gw and public-ip is the address of the node',
        },
      },
      {
        text: 'Restart flanneld on this node; it reads all leases anew.',
        command: 'Restart-Service flanneld',
        disturbs: 'Nothing as long as the subnet of this node stays the same.',
        verify: {
          kind: 'observation',
          text: `flanneld.log shows "Subnet added: ${cidr} via ${node.internalIps[0] ?? '<node>'}"`,
        },
      },
    ],
    entities: [nodeRef(node), logRef(file)],
    evidence: [...(where ? [where] : []), ...node.evidence.slice(-1)],
  };
}
