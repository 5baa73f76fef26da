import type { Evidence } from '../../model/evidence';
import type { LogFile } from '../../model/logs';
import { logRef, networkRef, processRef } from '../../snapshot/entity-ref';
import type { Case, NodeSnapshot } from '../../snapshot/node-snapshot';
import { eventsOfNode } from '../events/node-scope';
import { REF } from '../references';
import type { Rule } from '../rule';
import { doesNotApply, fired, notChecked, passed } from '../rule';
import type { ExitReason } from './kube-proxy-end';
import { exitReason, lastFatal } from './kube-proxy-end';
import { baseName, newestLog, processState } from './log-runs';

/** A further fact that bears on why kube-proxy does not run. */
interface Clue {
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

export const rule: Rule = {
  meta: {
    id: 'LOG-KP-EXIT',
    step: 4,
    symptom: 'services',
    severity: 'error',
    title: 'kube-proxy runs',
    description:
      'Where no kube-proxy runs, says why as far as the evidence goes: the last lines of its log, its flags, its network, its source VIP, its service and its events.',
    impact:
      'No service is programmed on the node: load balancers are missing or point to backends that are gone.',
    needs: ['kubeProxyLog', ['processes', 'services']],
    falsePositives:
      'The log may be of an earlier run. Antrea and OVN replace kube-proxy: there it may be absent.',
    references: [REF.article, REF.winkernel, REF.windowsDebug],
    explains: [
      'SYS-KUBEPROXY-COUNT',
      'LOG-STALE',
      'SVC-LB-MISSING',
      'SVC-NODEPORT-NOLB',
      'SVC-VFP-LB-MISSING',
      'SVC-VFP-3WAY',
      'SVC-VFP-NODEPORT',
      'HNS-ORPHAN-LB-ENDPOINT',
      'DNS-LB-MISSING',
      'DNS-LB-BACKENDS',
      'CT-HOST-SVC-VIP',
    ],
  },
  check({ snapshot, case: theCase }) {
    if (snapshot.mode.mode === 'transparent')
      return doesNotApply('On a transparent network the CNI replaces kube-proxy');
    const state = processState(snapshot, 'kube-proxy');
    if (!state) return notChecked('No listing shows whether kube-proxy runs', 'processes');
    if (state.running) return passed(`kube-proxy runs (${state.source})`);
    const log = newestLog(snapshot, 'kube-proxy');
    if (!log) return notChecked('The log of kube-proxy has no entries', 'kubeProxyLog');
    const reason = exitReason(log);
    const fatal = reason ? undefined : lastFatal(log);
    const last = log.entry(log.entryCount - 1);
    const clues = [
      ...flagClues(snapshot, log, reason),
      ...serviceClues(snapshot),
      ...eventClues(snapshot, theCase),
    ];
    const said = reason?.entry ?? fatal ?? last;
    return fired({
      title: reason ? `kube-proxy is not running: ${reason.what}` : 'kube-proxy is not running',
      summary: `No kube-proxy in ${state.source}. ${reason || fatal ? 'Its log ended with' : 'Its log names no reason; the last line is'}: ${oneLine(said.text)}${clues.map((c) => ` ${c.text}`).join('')}`,
      cause:
        reason?.cause ??
        (fatal
          ? `The last fatal line of ${baseName(log.file)} says why it ended.`
          : `The log ends without a fatal line: kube-proxy was stopped from outside, or its last words went elsewhere (console, event log).`),
      remedy: [
        {
          text:
            reason?.remedy ??
            'Start kube-proxy in a console with its usual arguments and read what it prints before it ends.',
          command: reason?.command ?? 'C:\\k\\start-kubeproxy.ps1',
          disturbs: 'Nothing: without kube-proxy no service is served anew.',
          verify: {
            kind: 'command',
            command: 'Get-Process kube-proxy',
            shows: 'shows that it stays, and kubeproxy.log goes on with "Syncing proxy rules"',
          },
        },
        {
          text: 'Then see that the load balancers come back.',
          command: 'hnsdiag list loadbalancers',
          verify: { kind: 'observation', text: 'Every ClusterIP has its load balancer' },
        },
      ],
      entities: [
        processRef('kube-proxy'),
        logRef(log.file),
        ...snapshot.networks.filter((n) => n.id === snapshot.mode.podNetworkId).map(networkRef),
      ],
      evidence: distinct([
        said.evidence,
        last.evidence,
        ...clues.flatMap((c) => c.evidence),
        ...state.evidence,
      ]).slice(0, 12),
    });
  },
};

function oneLine(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line.length > 240 ? `${line.slice(0, 240)}…` : `${line}${/[.!?]$/.test(line) ? '' : '.'}`;
}

function distinct(evidence: readonly Evidence[]): Evidence[] {
  return evidence.filter(
    (e, i) => evidence.findIndex((o) => o.file === e.file && o.line === e.line) === i,
  );
}

/** What the flags say that the log's last words may not: the network that HNS lacks, a source VIP that is empty. */
function flagClues(snapshot: NodeSnapshot, log: LogFile, reason: ExitReason | undefined): Clue[] {
  const clues: Clue[] = [];
  const network = log.flags.get('--network-name');
  const names = snapshot.networks.flatMap((n) => n.name ?? []);
  if (
    network &&
    network.value !== '' &&
    names.length > 0 &&
    !names.some((n) => n.toLowerCase() === network.value.toLowerCase())
  ) {
    clues.push({
      text: `Its --network-name is "${network.value}", and HNS has only ${names.join(', ')}.`,
      evidence: [network.evidence, ...(snapshot.networks[0]?.evidence.slice(0, 1) ?? [])],
    });
  }
  const vip = log.flags.get('--source-vip');
  if (snapshot.mode.mode === 'overlay' && vip?.value === '') {
    const file = snapshot.sourceVips.find((s) => s.address !== undefined)?.address;
    const text = file
      ? `Its --source-vip is empty although ${baseName(file.evidence.file)} holds ${file.value}.`
      : 'Its --source-vip is empty, which an overlay network does not allow.';
    clues.push({ text, evidence: [vip.evidence, ...(file ? [file.evidence] : [])] });
  }
  const gates = log.flags.get('--feature-gates');
  if (gates && reason && /feature gate/.test(reason.what)) {
    clues.push({ text: `Its --feature-gates are "${gates.value}".`, evidence: [gates.evidence] });
  }
  return clues;
}

function serviceClues(snapshot: NodeSnapshot): Clue[] {
  return snapshot.windowsServices
    .filter((s) => /^kube-?proxy$/i.test(s.name) && s.status !== 'running')
    .map((s) => ({
      text: `The service ${s.name} is ${s.status}.`,
      evidence: s.evidence.slice(0, 1),
    }));
}

/** kube-proxy as a HostProcess pod: its events tell of its ends. */
function eventClues(snapshot: NodeSnapshot, theCase: Case): Clue[] {
  const events = eventsOfNode(snapshot, theCase).filter(
    (e) =>
      /^kube-proxy/.test(e.objectName ?? '') &&
      e.type !== 'Normal' &&
      /BackOff|Failed|Killing|Unhealthy/.test(e.reason),
  );
  return events.slice(0, 3).map((e) => ({
    text: `Event ${e.reason}: ${oneLine(e.message)}`,
    evidence: e.evidence.slice(0, 1),
  }));
}
