import type { LogComponent, LogFile } from '../../model/logs';
import { logRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { REF } from '../references';
import type { FindingDraft, Rule } from '../rule';
import { firedOrPassed, notChecked } from '../rule';
import { baseName, isCutLog, newestLog, processState } from './log-runs';
import { isCompared, referenceTime } from './reference-time';
import { silenceText } from './silence-text';

const MINUTE = 60_000;
const LIMITS: Readonly<Partial<Record<LogComponent, number>>> = {
  kubelet: 5 * MINUTE,
  'kube-proxy': 10 * MINUTE,
  flanneld: 10 * MINUTE,
  'calico-felix': 10 * MINUTE,
};
const SERVICE: Readonly<Partial<Record<LogComponent, string>>> = {
  kubelet: 'kubelet',
  'kube-proxy': 'kube-proxy',
  flanneld: 'flanneld',
  'calico-felix': 'CalicoFelix',
};
/** Components that always have something to say; the others are quiet on a quiet cluster. */
const TALKATIVE: readonly LogComponent[] = ['kubelet', 'calico-felix'];

export const rule: Rule = {
  meta: {
    id: 'LOG-STALE',
    step: 4,
    severity: 'error',
    title: 'The logs of the components keep moving',
    description:
      'Compares the last time stamp inside each log with the newest time of the collection. A log that has paused at most minutes and then stops for long, while its process lives, suggests a hung process.',
    impact:
      'A hung component does not follow the cluster any more: routes, load balancers and pods stay as they were.',
    needs: ['anyLog'],
    falsePositives:
      'A copy that was cut inside of a line, and a year that was guessed against one that was not, are not compared. kube-proxy and flanneld say nothing for hours on an idle cluster: only silence much longer than all pauses before counts, and for them it is a warning. klog names no zone: logs are compared among themselves where a difference of zones is likely.',
    references: [REF.article, REF.windowsDebug],
  },
  check({ snapshot }) {
    const components = (Object.keys(LIMITS) as LogComponent[]).flatMap((component) => {
      const log = newestLog(snapshot, component);
      return log ? [{ component, log }] : [];
    });
    const dated = components.filter(({ log }) => log.lastTime !== undefined);
    if (dated.length === 0)
      return notChecked('No log of a component has time stamps whose year is known', 'anyLog');
    // A copy that stops inside of a line was cut: when the component last wrote it does not tell.
    const timed = dated.filter(({ log }) => !isCutLog(log, snapshot));
    if (timed.length === 0)
      return notChecked('The logs are cut: their last entries are missing', 'anyLog');
    const logs = timed.map(({ log }) => log);
    const compared = timed.filter(({ log }) => isCompared(log, logs, snapshot));
    if (compared.length === 0) {
      return notChecked(
        `Nothing tells how long before the collection ${timed.map(({ component }) => component).join(' and ')} wrote last`,
        'anyLog',
      );
    }
    const now = new Map(
      compared.map(({ log }) => [log, referenceTime(log, logs, snapshot)] as const),
    );
    const silences = compared.map(({ component, log }) => ({
      component,
      log,
      silence: Math.max(0, (now.get(log) ?? 0) - (log.lastTime ?? 0)),
    }));
    const findings = silences.flatMap((s) => {
      const othersFresh = silences.some((o) => o !== s && o.silence <= (LIMITS[o.component] ?? 0));
      return staleFinding(s, othersFresh, snapshot) ?? [];
    });
    const detail = silences
      .map(
        ({ component, silence }) =>
          `${component} ${silence < 2 * MINUTE ? `${Math.round(silence / 1000)} s` : silenceText(silence)}`,
      )
      .join(', ');
    return firedOrPassed(findings, `Last entries before the end of the collection: ${detail}`);
  },
};

interface Silence {
  readonly component: LogComponent;
  readonly log: LogFile;
  readonly silence: number;
}

function staleFinding(
  { component, log, silence }: Silence,
  othersFresh: boolean,
  snapshot: NodeSnapshot,
): FindingDraft | undefined {
  const limit = LIMITS[component] ?? Infinity;
  const process = processState(snapshot, component);
  // A process that is gone is another fault, and its silence is no wonder.
  if (silence <= limit || process?.running === false) return undefined;
  const pause = longestPause(log);
  const span = (log.lastTime ?? 0) - (log.firstTime ?? 0);
  const hadRhythm = span >= 3 * limit && silence > 2 * pause;
  if (!hadRhythm && !TALKATIVE.includes(component)) return undefined;
  const severity = !hadRhythm
    ? 'info'
    : TALKATIVE.includes(component) && othersFresh && process?.running === true
      ? 'error'
      : 'warning';
  const service = SERVICE[component] ?? component;
  return {
    title: `${component} has written nothing for ${silenceText(silence)}`,
    summary: `The last entry of ${baseName(log.file)} is ${silenceText(silence)} older than ${othersFresh ? 'those of the other logs' : 'the collection'}; before, its longest pause was ${silenceText(pause)}. ${process?.running === true ? 'The process still runs.' : 'Whether the process runs is not known.'}`,
    cause: hadRhythm
      ? `A component that wrote all the time and stops while its process lives is most likely hung, often in a call to HNS.`
      : `The log is too short to tell how often ${component} writes; it may be idle or hung.`,
    remedy: [
      {
        text: 'Before you restart it, keep what shows where it hangs.',
        command: `Get-Process ${component === 'calico-felix' ? 'calico-node' : component} | select Id, CPU, StartTime, Responding`,
        verify: { kind: 'observation', text: 'CPU time does not grow: it waits for something' },
      },
      {
        text: 'Restart the component.',
        command: `Restart-Service ${service}`,
        disturbs:
          component === 'kubelet'
            ? 'Running pods go on; no pod is started or stopped meanwhile.'
            : 'Rules and routes that are there stay; changes wait until it is up.',
        verify: { kind: 'observation', text: `${baseName(log.file)} grows again` },
      },
    ],
    severity,
    entities: [logRef(log.file)],
    evidence: [
      log.entry(log.entryCount - 1).evidence,
      ...(process?.running === true ? process.evidence.slice(0, 1) : []),
    ],
  };
}

/** The longest time between two entries. */
function longestPause(log: LogFile): number {
  let before: number | undefined;
  let longest = 0;
  for (let i = 0; i < log.entryCount; i += 1) {
    const time = log.time(i);
    if (time === undefined) continue;
    if (before !== undefined) longest = Math.max(longest, time - before);
    before = time;
  }
  return longest;
}
