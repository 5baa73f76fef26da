import type { Evidence } from '../../model/evidence';
import type { LogComponent, LogFile } from '../../model/logs';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';

/** What the collected evidence says of why a component does not run. */
export interface Explanation {
  /** Sentences; '' when nothing is known. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

const excerpt = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
};

/** The last fatal entry, else the last error, of the component's newest log. */
function lastWords(
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

/**
 * Why a component is not running, as far as its log and flags tell: its last fatal or error entry,
 * and for kube-proxy a network name that HNS does not have.
 */
export function whyNotRunning(snapshot: NodeSnapshot, component: LogComponent): Explanation {
  const logs = snapshot.logs.filter((log) => log.component === component && log.entryCount > 0);
  const log = logs.reduce<LogFile | undefined>(
    (best, next) => ((next.lastTime ?? 0) >= (best?.lastTime ?? 0) ? next : best),
    undefined,
  );
  if (!log) return { text: '', evidence: [] };
  const sentences: string[] = [];
  const evidence: Evidence[] = [];
  const words = lastWords(log);
  if (words) {
    sentences.push(`The last error in its log: "${excerpt(words.text)}".`);
    evidence.push(words.evidence);
  } else {
    const last = log.entry(log.entryCount - 1);
    sentences.push(`Its log ends without an error: "${excerpt(last.text)}".`);
    evidence.push(last.evidence);
  }
  if (component === 'kube-proxy') {
    const network = log.flags.get('network-name') ?? log.flags.get('hns-network-name');
    const wanted = network?.value.replace(/^"|"$/g, '') ?? '';
    const names = snapshot.networks.flatMap(({ name }) =>
      name === undefined ? [] : [name.toLowerCase()],
    );
    if (network && wanted !== '' && names.length > 0 && !names.includes(wanted.toLowerCase())) {
      sentences.push(`It was started for the network "${wanted}", which HNS does not have.`);
      evidence.push(network.evidence);
    }
  }
  return { text: sentences.join(' '), evidence };
}
