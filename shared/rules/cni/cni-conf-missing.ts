import type { Evidence } from '../../model/evidence';
import { nodeRef } from '../../snapshot/entity-ref';
import type { Case, NodeSnapshot } from '../../snapshot/node-snapshot';
import { eventsOfNode, kubeNodeOf } from '../events/node-scope';
import { REF } from '../references';
import type { Rule } from '../rule';
import { fired, notChecked, passed } from '../rule';
import { confName } from './active-config';

const SAYS_NONE =
  /cni config uninitialized|cni plugin not initialized|no networks found in|no network config found in/i;
const FRAGMENTS = [
  'cni config uninitialized',
  'cni plugin not initialized',
  'no networks found in',
  'no network config found in',
];
/** The message repeats every few seconds while it holds: an older one is history. */
const RECENT = 3 * 60_000;

export const rule: Rule = {
  meta: {
    id: 'CNI-CONF-MISSING',
    step: 5,
    severity: 'error',
    title: 'The runtime finds a CNI configuration',
    description:
      'A missing file is known by what kubelet and the node object say ("cni config uninitialized"): that a bundle lacks the file proves nothing.',
    impact: 'The node never becomes Ready, or no pod gets a network.',
    needs: [['cniConfig', 'kubeletLog', 'nodes', 'events']],
    falsePositives:
      'In the first minutes of a new node the CNI installer has not written its file yet.',
    references: [
      REF.article,
      REF.cniSpec,
      'https://github.com/kubernetes-sigs/sig-windows-tools/issues/61',
    ],
    explains: ['EV-NODE-NOTREADY', 'EV-SANDBOX-FAILED', 'EV-CONTAINERCREATING'],
  },
  check({ snapshot, case: theCase }) {
    const said = saidMissing(snapshot, theCase);
    const [config] = snapshot.cniConfigs;
    if (said.length === 0) {
      if (config) return passed(`${snapshot.cniConfigs.map(confName).join(', ')} collected`);
      const node = kubeNodeOf(snapshot);
      if (node?.ready === true)
        return passed(`${node.name} is Ready, so its runtime has a CNI configuration`);
      return notChecked(
        'The CNI configuration was not collected, and nothing says that it is missing',
        'cniConfig',
      );
    }
    const node = kubeNodeOf(snapshot);
    return fired({
      title: 'No pod gets a network: the runtime finds no CNI configuration',
      summary: config
        ? `The runtime reports that it has no configuration, although the bundle holds ${confName(config)}: the file is in another folder than the runtime looks in, or it cannot be read.`
        : 'The kubelet reports that the runtime has no CNI configuration, and the bundle holds none.',
      cause:
        'The CNI installer did not run or failed, or it writes to another folder than containerd (conf_dir) or kubelet (--cni-conf-dir) reads.',
      remedy: [
        {
          text: 'See which folder the runtime reads and what is in it.',
          command:
            'Select-String conf_dir "C:\\Program Files\\containerd\\config.toml"; Get-ChildItem C:\\etc\\cni\\net.d, C:\\k\\cni\\config, "C:\\Program Files\\containerd\\cni\\conf" -ErrorAction SilentlyContinue',
          verify: { kind: 'observation', text: 'The folder holds one .conf or .conflist file' },
        },
        {
          text: 'Run the installer of the CNI again, or put its file into that folder.',
          command: 'Restart-Service containerd',
          disturbs: 'Running containers go on.',
          verify: { kind: 'command', command: 'kubectl get nodes', shows: 'shows the node Ready' },
        },
      ],
      entities: node ? [nodeRef(node)] : [],
      evidence: said.slice(0, 5),
    });
  },
};

/** Places that say now that there is no configuration. */
function saidMissing(snapshot: NodeSnapshot, theCase: Case): Evidence[] {
  const found: Evidence[] = [];
  const node = kubeNodeOf(snapshot);
  if (node?.ready === false && SAYS_NONE.test(node.readyReason ?? ''))
    found.push(...node.evidence.slice(0, 1));
  // A node that is Ready now had its troubles earlier.
  if (node?.ready === true) return found;
  for (const event of eventsOfNode(snapshot, theCase)) {
    if (
      event.type !== 'Normal' &&
      SAYS_NONE.test(event.message) &&
      isRecent(event.lastSeen, snapshot.collectedAt?.time)
    )
      found.push(...event.evidence.slice(0, 1));
  }
  for (const log of snapshot.logs.filter(
    (l) => l.component === 'kubelet' || l.component === 'containerd',
  )) {
    const last = Math.max(...FRAGMENTS.map((f) => log.find(f).at(-1) ?? -1));
    if (last < 0) continue;
    const isLate =
      log.lastTime === undefined
        ? last >= log.entryCount - 20
        : isRecent(log.time(last), log.lastTime);
    if (isLate) found.push(log.entry(last).evidence);
  }
  return found;
}

function isRecent(time: number | undefined, now: number | undefined): boolean {
  return time === undefined || now === undefined || now - time <= RECENT;
}
