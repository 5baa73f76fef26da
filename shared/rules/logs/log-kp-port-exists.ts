import type { Evidence } from '../../model/evidence';
import type { LogEntry, LogFile } from '../../model/logs';
import { logRef, serviceRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { codesIn } from '../events/event-codes';
import { someOf } from '../evidence-lines';
import { freeBlocks } from '../hns/port-blocks';
import { REF } from '../references';
import { fired, notChecked, passed, type FindingDraft, type Rule } from '../rule';
import type { Frontend } from '../service-load-balancers';
import { missingServiceFrontends } from '../services/wanted-frontends';
import { newestLog } from './log-runs';

const PORT_EXISTS = 0x803b0013;
/** The same as HNS writes it into its JSON. */
const DECIMAL = String(PORT_EXISTS);
/** The load balancer of the health check collides with kube-proxy itself: it is another matter. */
const HEALTH_CHECK = /health-?check/i;

/** Why the port is taken, as far as the evidence tells. */
interface Reason {
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

export const rule: Rule = {
  meta: {
    id: 'LOG-KP-PORT-EXISTS',
    step: 4,
    symptom: 'services',
    severity: 'error',
    title: 'HNS gives kube-proxy the ports it asks for',
    description:
      'Looks in the log of kube-proxy for load balancers that HNS refused because their port was taken (0x803b0013), and for why: no free blocks, an excluded range, a program that listens.',
    impact: 'The service does not answer on this node, though it does on others.',
    needs: ['kubeProxyLog'],
    falsePositives:
      'kube-proxy tries again: where no load balancer is missing by now, nothing is reported. Where the load balancers are not known, it is a warning.',
    references: [
      REF.commonProblems,
      'https://github.com/kubernetes/kubernetes/issues/137530',
      'https://github.com/kubernetes/community/issues/8883',
    ],
    explains: ['SVC-LB-MISSING', 'SVC-NODEPORT-NOLB', 'SVC-VFP-LB-MISSING', 'SVC-VFP-NODEPORT'],
  },
  check({ snapshot }) {
    const log = newestLog(snapshot, 'kube-proxy');
    if (!log) return notChecked('The log of kube-proxy has no entries', 'kubeProxyLog');
    const all = refusals(log);
    const refused = all.filter(({ text }) => !HEALTH_CHECK.test(text));
    const last = refused.at(-1);
    const healthCheck = all.at(-1);
    if (!last) {
      return healthCheck === undefined
        ? passed('HNS refused kube-proxy no port')
        : fired(healthCheckRefused(log, healthCheck, all.length));
    }
    const missing = missingServiceFrontends(snapshot);
    if (missing?.length === 0)
      return passed('HNS refused a port once; no load balancer is missing now');
    const reasons = missing === undefined ? [] : reasonsOf(snapshot, missing);
    const services = [...new Set((missing ?? []).map(({ service }) => service))];
    const names = someOf(services.map(({ name }) => name));
    return fired({
      severity: missing === undefined ? 'warning' : 'error',
      title:
        missing === undefined
          ? 'HNS refused kube-proxy a port that was taken'
          : `HNS refused kube-proxy a port that was taken: ${names} lack load balancers`,
      summary: `The log of kube-proxy has 0x803b0013 (port already exists) in ${refused.length} of its entries.${missing === undefined ? ' Whether the load balancers were made later is not known.' : ''}`,
      cause:
        reasons.length > 0
          ? reasons.map(({ text }) => text).join(' ')
          : 'A load balancer that was left behind, another program, or an excluded range holds the port; no listing of this node tells which.',
      remedy: [
        {
          text: 'Free the port: enlarge the dynamic range away from the NodePorts, end the program that listens, or delete the load balancer that was left behind. Then start kube-proxy again.',
          command:
            'netsh int ipv4 sh excludedportrange tcp; hnsdiag list loadbalancers; Restart-Service kubeproxy',
          disturbs: 'Services of this node may pause until its first sync is done.',
          verify: {
            kind: 'command',
            command: 'hnsdiag list loadbalancers',
            shows: 'shows one for every port of every service',
          },
        },
      ],
      entities: [logRef(log.file), ...services.slice(0, 10).map(serviceRef)],
      evidence: [last.evidence, ...reasons.flatMap(({ evidence }) => evidence.slice(0, 2))],
    });
  },
};

/** The port of the health check is the one kube-proxy listens on; only a flag makes it ask HNS for it. */
function healthCheckRefused(log: LogFile, entry: LogEntry, times: number): FindingDraft {
  return {
    severity: 'warning',
    title: 'HNS refused kube-proxy the load balancer of a health check',
    summary: `The log of kube-proxy has 0x803b0013 (port already exists) in ${times === 1 ? 'one entry' : `${times} entries`} about health checks.`,
    cause:
      'Most likely kube-proxy runs with --forward-healthcheck-vip=true, and a LoadBalancer service has externalTrafficPolicy: Cluster: its health check is on the port that kube-proxy listens on itself (10256), and Windows Server 2019 gives a port only once. What kube-proxy still had to make for that service is left out.',
    remedy: [
      {
        text: 'Take --forward-healthcheck-vip out of the arguments of kube-proxy, or set externalTrafficPolicy: Local for the service, which then has a health check port of its own. Then start kube-proxy again.',
        command: 'Restart-Service kubeproxy',
        disturbs: 'Services of this node may pause until its first sync is done.',
        verify: {
          kind: 'observation',
          text: 'The log has no newer "Healthcheck loadbalancer policy creation failed"',
        },
      },
    ],
    entities: [logRef(log.file)],
    evidence: [entry.evidence],
  };
}

function refusals(log: LogFile): LogEntry[] {
  const at = new Set([...log.find('803b0013'), ...log.find(DECIMAL)]);
  return [...at]
    .sort((a, b) => a - b)
    .map((index) => log.entry(index))
    .filter(({ text }) => codesIn(text).includes(PORT_EXISTS));
}

function reasonsOf(snapshot: NodeSnapshot, missing: readonly Frontend[]): Reason[] {
  const gone = freeBlocks(snapshot).find(({ free }) => free === 0);
  const nodePorts = missing.filter(({ vip }) => vip === undefined);
  return [
    ...(gone === undefined
      ? []
      : [
          {
            text: `No block of 64 ${gone.protocol.toUpperCase()} ports is free.`,
            evidence: gone.evidence,
          },
        ]),
    ...nodePorts.flatMap((frontend) => [
      ...excludedBy(snapshot, frontend),
      ...heldBy(snapshot, frontend),
    ]),
  ];
}

function excludedBy(snapshot: NodeSnapshot, { port, protocol }: Frontend): Reason[] {
  const range = snapshot.portRanges.find(
    (r) =>
      r.use === 'excluded' &&
      r.protocol === (protocol === 6 ? 'tcp' : 'udp') &&
      port >= r.from &&
      port <= r.to,
  );
  return range === undefined
    ? []
    : [{ text: `NodePort ${port} is excluded from use.`, evidence: range.evidence }];
}

function heldBy(snapshot: NodeSnapshot, { port, protocol }: Frontend): Reason[] {
  const listener = snapshot.tcpConnections.find(
    ({ localPort, state }) => protocol === 6 && localPort === port && /^listen$/i.test(state),
  );
  if (listener === undefined) return [];
  const { pid } = listener;
  const name = snapshot.processes.find((p) => pid !== undefined && p.pid === pid)?.name;
  const who = name ?? (pid === undefined ? 'a program' : `process ${pid}`);
  return [{ text: `${who} listens on port ${port}.`, evidence: listener.evidence }];
}
