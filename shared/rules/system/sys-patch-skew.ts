import { fileRef } from '../../snapshot/entity-ref';
import type { Case, NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import { countOf } from '../evidence-lines';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';

/** Updates come monthly, and a roll-out takes some days. */
const MONTH = 45 * 86_400_000;

export const rule: Rule = {
  meta: {
    id: 'SYS-PATCH-SKEW',
    step: 1,
    severity: 'warning',
    title: 'All Windows nodes are updated alike',
    description:
      'Compares this node with the other opened nodes of the same Windows build: the version of HNS, and how far the newest updates lie apart.',
    impact: 'What works on one node fails on another, without any difference in configuration.',
    needs: ['osVersion'],
    falsePositives: 'While updates are rolled out, nodes differ for some days.',
    references: [
      'https://learn.microsoft.com/virtualization/windowscontainers/kubernetes/common-problems',
      'https://github.com/kubernetes/kubernetes/pull/109124',
    ],
  },
  check({ snapshot, case: theCase }) {
    const peers = peersOf(snapshot, theCase);
    if (peers.length === 0)
      return notChecked('No other node of this Windows build is open', 'peerNode');
    const findings = peers.flatMap((peer) => finding(snapshot, peer) ?? []).slice(0, 1);
    return firedOrPassed(findings, `${countOf(peers.length, 'other node')} of the same build`);
  },
};

/** The newest snapshot of every other node of the same build. */
function peersOf(snapshot: NodeSnapshot, theCase: Case): NodeSnapshot[] {
  const { os } = snapshot;
  if (os?.build === undefined) return [];
  return theCase.nodes
    .filter(({ snapshots }) => !snapshots.includes(snapshot))
    .flatMap(({ snapshots }) => snapshots.slice(-1))
    .filter((peer) => peer.os?.build === os.build);
}

function newestUpdate({ hotfixes }: NodeSnapshot): number | undefined {
  const times = hotfixes.flatMap(({ installedAt }) => installedAt ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Said once for a pair, at the node that is behind. */
function finding(snapshot: NodeSnapshot, peer: NodeSnapshot): FindingDraft | undefined {
  const [mine, theirs] = [snapshot.hnsVersion, peer.hnsVersion];
  const olderHns =
    mine !== undefined &&
    theirs !== undefined &&
    (mine.major < theirs.major || (mine.major === theirs.major && mine.minor < theirs.minor));
  const [here, there] = [newestUpdate(snapshot), newestUpdate(peer)];
  const behind =
    (snapshot.os?.ubr ?? 0) < (peer.os?.ubr ?? 0) &&
    here !== undefined &&
    there !== undefined &&
    there - here > MONTH;
  if (!olderHns && !behind) return undefined;
  const version = (of: NodeSnapshot): string =>
    [
      `build ${of.os?.build ?? '?'}.${of.os?.ubr ?? '?'}`,
      ...(of.hnsVersion ? [`HNS ${of.hnsVersion.major}.${of.hnsVersion.minor}`] : []),
    ].join(', ');
  const evidence = [
    ...(olderHns ? (mine.evidence ?? []) : []),
    ...(snapshot.os?.evidence.slice(0, 1) ?? []),
    ...(peer.os?.evidence.slice(0, 1) ?? []),
  ];
  return {
    title: `${snapshot.node} is behind ${peer.node} with updates of Windows`,
    summary: `${snapshot.node}: ${version(snapshot)}. ${peer.node}: ${version(peer)}.`,
    cause: 'The nodes were not updated together.',
    remedy: [
      {
        text: 'Update all nodes of the pool to the same level.',
        command: `kubectl drain ${argument(snapshot.node)} --ignore-daemonsets --delete-emptydir-data`,
        disturbs: 'All pods of the node move to other nodes; the node restarts.',
        verify: {
          kind: 'command',
          command: 'kubectl get nodes -o wide',
          shows: 'shows the same kernel version for all Windows nodes',
        },
      },
    ],
    entities: evidence.slice(0, 1).map(({ file }) => fileRef(file)),
    evidence,
  };
}
