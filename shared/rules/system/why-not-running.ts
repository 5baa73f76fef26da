import type { Evidence } from '../../model/evidence';
import type { KubeDaemonSet, KubeEvent, KubePod } from '../../model/kubernetes';
import { componentOfName } from '../../model/log-component';
import type { LogComponent, LogFile } from '../../model/logs';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';

/** What the collected evidence says of why a component does not run. */
export interface Explanation {
  /** Sentences; '' when nothing is known. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** The text of an entry on one line, not too long for a sentence. */
export const excerpt = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
};

/** The last fatal entry, else the last error, of a log. */
export function lastWords(
  log: LogFile,
): { readonly text: string; readonly evidence: Evidence } | undefined {
  let error: number | undefined;
  // The end of the log is what matters; a huge log is not read through.
  const first = Math.max(0, log.entryCount - 5000);
  for (let i = log.entryCount - 1; i >= first; i -= 1) {
    const level = log.level(i);
    if (level === 'fatal') return entryOf(log, i);
    if (level === 'error') error ??= i;
  }
  return error === undefined ? undefined : entryOf(log, error);
}

function entryOf(
  log: LogFile,
  index: number,
): { readonly text: string; readonly evidence: Evidence } {
  const { text, evidence } = log.entry(index);
  return { text, evidence };
}

/** The newest event of the component's own pod on this node that tells of its end. */
function exitEvent(snapshot: NodeSnapshot, component: string): KubeEvent | undefined {
  const node = snapshot.node.toLowerCase();
  const ours = ({ objectName, host }: KubeEvent): boolean => {
    if (objectName?.startsWith(component) !== true) return false;
    const pod = snapshot.cluster.pods.find(({ name }) => name === objectName);
    return (host ?? pod?.node)?.toLowerCase() === node;
  };
  return snapshot.cluster.events
    .filter(
      (event) => ours(event) && /^(BackOff|Failed|Killing|Unhealthy|Evicted)/.test(event.reason),
    )
    .sort((a, b) => (a.lastSeen ?? 0) - (b.lastSeen ?? 0))
    .at(-1);
}

/**
 * Why a component is not running, as far as the evidence goes: the event of its pod, its last fatal
 * or error entry, and for kube-proxy a network name that HNS does not have.
 */
export function whyNotRunning(snapshot: NodeSnapshot, component: LogComponent): Explanation {
  const sentences: string[] = [];
  const evidence: Evidence[] = [];
  const event = exitEvent(snapshot, component);
  if (event) {
    sentences.push(`Kubernetes says of its pod: ${event.reason}, "${excerpt(event.message)}".`);
    evidence.push(...event.evidence.slice(0, 1));
  }
  explainByPod(snapshot, component, sentences, evidence);
  const log = snapshot.logs
    .filter((candidate) => candidate.component === component && candidate.entryCount > 0)
    .reduce<LogFile | undefined>(
      (best, next) => ((next.lastTime ?? 0) >= (best?.lastTime ?? 0) ? next : best),
      undefined,
    );
  if (log) explainByLog(snapshot, log, sentences, evidence);
  return { text: sentences.join(' '), evidence };
}

/**
 * Where the component runs as a HostProcess pod: what Kubernetes says of its pod on this node, or
 * that the DaemonSet has none here. A DaemonSet of Linux nodes says nothing.
 */
function explainByPod(
  snapshot: NodeSnapshot,
  component: LogComponent,
  sentences: string[],
  evidence: Evidence[],
): void {
  const { pods, daemonSets } = snapshot.cluster;
  const node = snapshot.node.toLowerCase();
  const ours = ({ name, hostProcess }: KubePod | KubeDaemonSet): boolean =>
    hostProcess === true && componentOfName(name) === component;
  const here = pods.filter((pod) => ours(pod) && pod.node?.toLowerCase() === node);
  const broken = here.find(({ status }) => status !== undefined && status !== 'Running');
  if (broken) {
    const restarts = broken.restarts === undefined ? '' : `, restarted ${broken.restarts} times`;
    sentences.push(`Its pod ${nameOf(broken)} is ${broken.status ?? ''}${restarts}.`);
    evidence.push(...broken.evidence.slice(0, 1));
  }
  const [set] = daemonSets.filter(ours);
  const allListed = snapshot.evidence.get('kube-pods')?.state === 'present';
  if (here.length > 0 || set === undefined || !allListed) return;
  sentences.push(
    `The DaemonSet ${nameOf(set)} has no pod on this node (it wants ${set.desired ?? '?'}, ${set.ready ?? '?'} are ready): its node selector or a taint of the node keeps it away.`,
  );
  evidence.push(...set.evidence.slice(0, 1));
}

const nameOf = ({ namespace, name }: KubePod | KubeDaemonSet): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

function explainByLog(
  snapshot: NodeSnapshot,
  log: LogFile,
  sentences: string[],
  evidence: Evidence[],
): void {
  const words = lastWords(log);
  const last = words ?? entryOf(log, log.entryCount - 1);
  const lead = words ? 'The last error in its log' : 'Its log ends without an error';
  sentences.push(`${lead}: "${excerpt(last.text)}".`);
  evidence.push(last.evidence);
  const network = log.flags.get('--network-name');
  const wanted = network?.value.replace(/^"|"$/g, '') ?? '';
  const names = snapshot.networks.flatMap(({ name }) =>
    name === undefined ? [] : [name.toLowerCase()],
  );
  if (network && wanted !== '' && names.length > 0 && !names.includes(wanted.toLowerCase())) {
    sentences.push(`It was started for the network "${wanted}", which HNS does not have.`);
    evidence.push(network.evidence);
  }
}
