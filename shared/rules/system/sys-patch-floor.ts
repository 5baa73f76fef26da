import { fileRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import { dsrState } from '../cni/dsr-state';
import { firedOrPassed, notChecked, doesNotApply, type FindingDraft, type Rule } from '../rule';

/** Server 2019: the only build whose early revisions lack what Kubernetes needs. */
const BUILD = 17763;
const MANY_SERVICES = 100;

interface Floor {
  readonly ubr: number;
  readonly update: string;
  readonly lacks: string;
  wanted(snapshot: NodeSnapshot): boolean;
}

/** Updates are cumulative: a revision at or above one of them has it, whatever list of updates is shown. */
const FLOORS: readonly Floor[] = [
  {
    ubr: 379,
    update: 'KB4489899',
    lacks: 'overlay networks need it',
    wanted: ({ mode }) => mode.mode === 'overlay',
  },
  {
    ubr: 1432,
    update: 'KB4571748',
    lacks: 'direct server return (--enable-dsr) needs it',
    wanted: (snapshot) => dsrState(snapshot)?.on === true,
  },
  {
    ubr: 1217,
    update: 'KB4551853',
    lacks: `more than ${MANY_SERVICES} services without direct server return need it`,
    wanted: (snapshot) =>
      dsrState(snapshot)?.on === false && snapshot.cluster.services.length > MANY_SERVICES,
  },
];

export const rule: Rule = {
  meta: {
    id: 'SYS-PATCH-FLOOR',
    step: 1,
    severity: 'warning',
    title: 'Windows has the updates that this network needs',
    description:
      'On Server 2019 (build 17763) compares the revision with the updates that overlay networks, direct server return and many services need.',
    impact: 'What the missing update brought does not work, whatever the configuration.',
    needs: ['osVersion'],
    falsePositives:
      'The revision counts, not the list of updates: later updates replace earlier ones.',
    references: [
      'https://learn.microsoft.com/virtualization/windowscontainers/kubernetes/common-problems',
      'https://kubernetes.io/docs/concepts/services-networking/windows-networking/',
    ],
    explains: ['CT-HOST-SVC-VIP'],
  },
  check({ snapshot }) {
    const { os } = snapshot;
    if (os?.build === undefined)
      return notChecked('No output names the Windows build', 'osVersion');
    if (os.build !== BUILD)
      return doesNotApply(`Build ${os.build} has had these updates from the start`);
    const { ubr } = os;
    if (ubr === undefined)
      return notChecked('No output names the update revision (UBR)', 'osVersion');
    const missing = FLOORS.filter((floor) => ubr < floor.ubr && floor.wanted(snapshot)).filter(
      ({ update }) => !snapshot.hotfixes.some(({ id }) => id === update),
    );
    return firedOrPassed(
      missing.map((floor) => finding(snapshot, floor, ubr)),
      `Build ${BUILD}.${ubr}`,
    );
  },
};

function finding(snapshot: NodeSnapshot, floor: Floor, ubr: number): FindingDraft {
  const evidence = snapshot.os?.evidence ?? [];
  return {
    title: `Windows lacks the update ${floor.update}: ${floor.lacks}`,
    summary: `The node runs build ${BUILD}.${ubr}; ${floor.update} came with ${BUILD}.${floor.ubr}.`,
    cause: 'The node was not updated since.',
    remedy: [
      {
        text: 'Drain the node and install the latest cumulative update.',
        command: `kubectl drain ${argument(snapshot.node)} --ignore-daemonsets --delete-emptydir-data`,
        disturbs: 'All pods of the node move to other nodes; the node restarts.',
        verify: {
          kind: 'command',
          command:
            "(Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion').UBR",
          shows: `shows ${floor.ubr} or more`,
        },
      },
    ],
    entities: evidence.slice(0, 1).map(({ file }) => fileRef(file)),
    evidence,
  };
}
