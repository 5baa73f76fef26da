import type { WindowsEvent } from '../../model/logs';
import type { WindowsProcess } from '../../model/system';
import { processRef, windowsServiceRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { fired, notChecked, passed, type FindingDraft, type Rule } from '../rule';
import { hnsProcess, kubeProxyProcess } from './hns-process';
import { serviceState } from './service-state';

/** Service Control Manager: a service ended unexpectedly. The numbers are the same in every language. */
const CRASHES: readonly number[] = [7031, 7034];
/** HNS starts when it is first called, so at a start of Windows the two begin together. */
const TOGETHER = 5 * 60_000;

export const rule: Rule = {
  meta: {
    id: 'SYS-HNS-CRASH',
    step: 1,
    severity: 'error',
    title: 'HNS has not restarted behind the back of kube-proxy',
    description:
      'Looks for events 7031 and 7034 of the Service Control Manager that name HNS, and for a start of HNS that is later than the one of kube-proxy. A restarted HNS has lost policies that kube-proxy still believes in.',
    impact:
      'Load balancers of services are missing or point to backends that are gone, until kube-proxy starts anew.',
    needs: [['windowsEvents', 'processes']],
    falsePositives:
      'A planned restart of HNS looks the same, without the events. Where kube-proxy started after it, all was made anew and the finding is an information only.',
    references: [
      'https://github.com/kubernetes/kubernetes/issues/110849',
      'https://github.com/Azure/AgentBaker/tree/main/staging/cse/windows',
    ],
    explains: [
      'SVC-LB-MISSING',
      'SVC-NODEPORT-NOLB',
      'SVC-VFP-LB-MISSING',
      'SVC-VFP-3WAY',
      'HNS-ORPHAN-LB-ENDPOINT',
      'HNS-EP-NO-VNIC',
      'DNS-LB-MISSING',
      'DNS-LB-BACKENDS',
    ],
  },
  check({ snapshot }) {
    const proxy = kubeProxyProcess(snapshot);
    const crash = lastCrash(snapshot);
    if (crash) return fired(crashFinding(crash, proxy));
    const hns = hnsProcess(snapshot);
    const later = hns && proxy ? startedLater(hns, proxy) : undefined;
    if (later === true && hns && proxy) return fired(restartFinding(hns, proxy));
    const events = snapshot.windowsEvents.some(({ provider }) => isManager(provider));
    if (later === false) return passed('HNS runs since before kube-proxy');
    if (events) return passed('No event tells that HNS ended');
    return notChecked(
      'No output tells when HNS started, or whether it ended',
      'windowsEvents',
      'processes',
    );
  },
};

const isManager = (provider: string): boolean => /^Service Control Manager$/i.test(provider);

/** The last event that names HNS, by its display name in the language of the node. */
function lastCrash(snapshot: NodeSnapshot): WindowsEvent | undefined {
  const display = serviceState(snapshot, 'hns')?.displayName;
  const names = ['host network service', ...(display === undefined ? [] : [display.toLowerCase()])];
  return snapshot.windowsEvents.findLast(
    ({ provider, id, message }) =>
      isManager(provider) &&
      CRASHES.includes(id & 0xffff) &&
      names.some((name) => message.toLowerCase().includes(name)),
  );
}

function startedLater(hns: WindowsProcess, proxy: WindowsProcess): boolean | undefined {
  if (hns.startTime === undefined || proxy.startTime === undefined) return undefined;
  if (hns.startZone !== proxy.startZone) return undefined;
  return hns.startTime > proxy.startTime + TOGETHER;
}

const RESTART_PROXY: FindingDraft['remedy'] = [
  {
    text: 'Restart kube-proxy, so that it makes its load balancers anew. Where Calico runs, restart CalicoNode and CalicoFelix too.',
    command: 'Restart-Service kubeproxy',
    disturbs: 'Connections through services break for a moment.',
    verify: {
      kind: 'command',
      command: 'hnsdiag list loadbalancers',
      shows: 'lists one for every port of every service again',
    },
  },
];

function crashFinding(crash: WindowsEvent, proxy: WindowsProcess | undefined): FindingDraft {
  const comparable =
    crash.time !== undefined && proxy?.startTime !== undefined && crash.clock === 'utc'
      ? proxy.startZone === 'utc'
      : crash.clock === 'local-unknown-zone' && proxy?.startZone === 'local';
  const after = comparable && (proxy?.startTime ?? 0) > (crash.time ?? 0);
  const when =
    crash.time === undefined ? '' : ` at ${new Date(crash.time).toISOString().slice(0, 19)}`;
  const severity = after ? 'info' : comparable ? 'error' : 'warning';
  const kubeProxy = after
    ? 'kube-proxy was started after it.'
    : comparable
      ? 'kube-proxy runs since before it.'
      : 'Whether kube-proxy was started after it is not known.';
  return {
    severity,
    title: after
      ? 'HNS ended unexpectedly; kube-proxy was started after it'
      : 'HNS ended unexpectedly: what kube-proxy had made in it may be gone',
    summary: `Event ${crash.id & 0xffff} of the Service Control Manager${when} says that HNS ended. ${kubeProxy}`,
    cause:
      'A defect of HNS or a call that it could not answer; its memory dump and the events before it tell more.',
    remedy: after ? [] : RESTART_PROXY,
    entities: [windowsServiceRef('hns')],
    evidence: [...crash.evidence, ...(proxy?.evidence ?? [])],
  };
}

function restartFinding(hns: WindowsProcess, proxy: WindowsProcess): FindingDraft {
  const minutes = Math.round(((hns.startTime ?? 0) - (proxy.startTime ?? 0)) / 60_000);
  return {
    severity: 'warning',
    title: 'HNS was started after kube-proxy: load balancers may be missing',
    summary: `HNS started ${minutes} minutes after kube-proxy, which did not notice.`,
    cause: 'HNS was restarted by hand, by an update or after it had ended.',
    remedy: RESTART_PROXY,
    entities: [windowsServiceRef('hns'), processRef(proxy.name)],
    evidence: [...hns.evidence, ...proxy.evidence],
  };
}
