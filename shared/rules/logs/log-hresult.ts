import { errorMeaning, errorText } from '../../model/error-codes';
import type { Remedy } from '../../model/finding';
import type { LogComponent, LogEntry, LogFile } from '../../model/logs';
import { logRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { codesIn, usualCause } from '../events/event-codes';
import { eventsOfNode } from '../events/node-scope';
import { REF } from '../references';
import { allFrontendsServed } from '../services/wanted-frontends';
import { excerpt } from '../system/why-not-running';
import type { FindingDraft, Rule } from '../rule';
import { firedOrPassed, notChecked } from '../rule';
import { baseName, newestLog } from './log-runs';

const COMPONENTS: readonly LogComponent[] = [
  'kubelet',
  'kube-proxy',
  'flanneld',
  'calico-node',
  'calico-felix',
  'azure-vnet',
  'antrea-agent',
  'containerd',
  'docker',
  'rke2',
  'cni',
];

const MINUTE = 60_000;
/** What was refused earlier than this before the end of a log may long have gone well. */
const RECENT = 15 * MINUTE;
/** The same for logs without times, in entries. */
const TAIL = 200;
/** A log that writes more than this in that time is not read further back. */
const MOST = 5000;

const PORT_EXISTS = 0x803b0013;
/** The bridge endpoint is attached when flanneld starts again: nothing is wrong. */
const ALREADY_ATTACHED = 0x803b0014;
/** The high halves of codes of HNS itself, and of Windows at large: those count in calls of HNS only. */
const OF_HNS = 0x803b;
const OF_WINDOWS = 0x8007;
const REMOVAL =
  /delet|remov|destroy|tear ?down|clean|\bDEL\b|StopPodSandbox|KillPodSandbox|failed to kill/i;
const CALLS_HNS = /hcn[A-Z]\w+|hnsCall|HNS ?Endpoint|HNS ?Network|HNS failed|Invoke-HnsRequest/i;

export const rule: Rule = {
  meta: {
    id: 'LOG-HRESULT',
    step: 4,
    severity: 'warning',
    title: 'HNS refuses no component at the end of its log',
    description:
      'Looks in the last quarter of an hour of each component’s log for calls that HNS refused, and decodes the code. The code is exact where the text is localised or cut.',
    impact:
      'What the component wanted from HNS (a network, an endpoint, a load balancer) is not there, unless a later attempt went well.',
    needs: ['anyLog'],
    falsePositives:
      'Components try again, and the log does not always say that it went well; therefore it is a warning. Left out are removals, codes that events of pods carry as well, ports that are taken, and kube-proxy where no load balancer is missing.',
    references: [REF.errorCodes, REF.windowsDebug],
  },
  check({ snapshot, case: theCase }) {
    const logs = COMPONENTS.flatMap((component) => newestLog(snapshot, component) ?? []);
    if (logs.length === 0) return notChecked('No log of a component has entries', 'anyLog');
    const told = new Set(
      eventsOfNode(snapshot, theCase).flatMap(({ message }) => codesIn(message)),
    );
    const findings = logs
      .filter((log) => !isRepaired(log, snapshot))
      .flatMap((log) => refusalsOf(log, told).map((refused) => finding(log, refused)));
    return firedOrPassed(
      findings,
      `None of ${logs.length} ${logs.length === 1 ? 'log' : 'logs'} ends with a refusal of HNS`,
    );
  },
};

/** kube-proxy tries again: all load balancers are there now. */
const isRepaired = (log: LogFile, snapshot: NodeSnapshot): boolean =>
  log.component === 'kube-proxy' && allFrontendsServed(snapshot);

interface Refused {
  readonly code: number;
  readonly entries: readonly LogEntry[];
}

/** Refusals at the end of a log by code, newest first; `told` are codes that another finding speaks of. */
function refusalsOf(log: LogFile, told: ReadonlySet<number>): Refused[] {
  const byCode = new Map<number, LogEntry[]>();
  const first = Math.max(0, log.entryCount - MOST);
  for (let index = log.entryCount - 1; index >= first && !isOld(log, index); index -= 1) {
    const level = log.level(index);
    if (level === 'info' || level === 'debug') continue;
    const entry = log.entry(index);
    for (const code of codesIn(entry.text)) {
      if (!counts(code, log, entry.text) || told.has(code)) continue;
      byCode.set(code, [...(byCode.get(code) ?? []), entry]);
    }
  }
  // What was refused first is likelier the cause of the rest.
  return [...byCode].map(([code, entries]) => ({ code, entries })).reverse();
}

/** Before the end of the log by more than is looked at. An entry without a time is of the time around it. */
function isOld(log: LogFile, index: number): boolean {
  const time = log.time(index);
  if (log.lastTime === undefined) return index < log.entryCount - TAIL;
  return time !== undefined && log.lastTime - time > RECENT;
}

function counts(code: number, log: LogFile, text: string): boolean {
  if (code === ALREADY_ATTACHED || REMOVAL.test(text)) return false;
  if (code === PORT_EXISTS && log.component === 'kube-proxy') return false;
  const high = Math.floor(code / 0x10000);
  return high === OF_HNS || (high === OF_WINDOWS && CALLS_HNS.test(text));
}

const restartProxy: Remedy = {
  text: 'Where a load balancer is missing, delete the backend pods whose endpoint is not attached, then start kube-proxy again; it makes all of them anew.',
  command: 'Restart-Service kubeproxy',
  disturbs: 'Services of this node may pause until its first sync is done.',
  verify: {
    kind: 'command',
    command: 'hnsdiag list loadbalancers',
    shows: 'shows one for every port of every service',
  },
};

function finding(log: LogFile, { code, entries }: Refused): FindingDraft {
  const text = entries[0]?.text ?? '';
  const usual = usualCause(code, text);
  return {
    title: `HNS refuses ${log.component}: ${errorText(code)}`,
    summary: `${errorMeaning(code)?.symbol ?? 'The code'} stands in ${entries.length === 1 ? 'one entry' : `${entries.length} entries`} at the end of ${baseName(log.file)}: "${excerpt(text.split('\n')[0] ?? '')}". Whether a later attempt went well is not known.`,
    cause:
      usual === undefined
        ? 'No usual cause of this code is known; the call in the entry says what was tried.'
        : `Usual cause: ${usual}.`,
    remedy: [
      {
        text: 'Find the call that failed in the entry, and look whether HNS has by now what it asked for.',
        command: 'hnsdiag list all',
        verify: { kind: 'observation', text: 'The log has no newer entry with the code' },
      },
      ...(log.component === 'kube-proxy' ? [restartProxy] : []),
    ],
    entities: [logRef(log.file)],
    evidence: entries.slice(0, 5).map(({ evidence }) => evidence),
  };
}
