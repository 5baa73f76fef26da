import { errorMeaning, errorText } from '../../model/error-codes';
import type { Severity } from '../../model/finding';
import type { KubeEvent } from '../../model/kubernetes';
import { podRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { kubectlOnPod } from '../commands';
import { REF } from '../references';
import type { FindingDraft, Rule } from '../rule';
import { firedOrPassed } from '../rule';
import { codesIn, usualCause } from './event-codes';
import { eventsOfNode } from './node-scope';

const WINDOW = 600_000;
const LEAST = 3;

export const rule: Rule = {
  meta: {
    id: 'EV-SANDBOX-FAILED',
    step: 3,
    severity: 'error',
    title: 'Sandboxes of pods are created',
    description:
      'Counts FailedCreatePodSandBox events of the node; three within 10 minutes are a fault, a single one happens while a node comes up and is a note as long as its pod does not run. The error code in the message is decoded.',
    impact:
      'The runtime, the CNI plugin or HNS refuses the endpoint: no new pod of the node starts.',
    needs: ['events'],
    falsePositives:
      'A few failures while the CNI agent of a new node starts, or while a network is made anew, end by themselves.',
    references: [REF.article, REF.windowsDebug],
    explains: ['EV-CONTAINERCREATING', 'CT-ROLLOUT-STALLED'],
  },
  check({ snapshot, case: theCase }) {
    const events = eventsOfNode(snapshot, theCase);
    const failed = events.filter((e) => e.reason === 'FailedCreatePodSandBox');
    const rate = failuresInWindow(failed);
    const telling = rate < LEAST ? open(failed, events, snapshot) : failed;
    // Messages that are quoted without their table do not tell how often it happened.
    const least = rate >= LEAST ? 'error' : telling.some(isBare) ? 'warning' : 'info';
    const findings = causes(telling).map((group) => draft(group, snapshot, least));
    const few =
      failed.length === 0
        ? `None of ${events.length} events is a FailedCreatePodSandBox`
        : `${Math.round(rate * 10) / 10} failures in 10 minutes, fewer than ${LEAST}`;
    return firedOrPassed(findings, few);
  },
};

/** Quoted without its table: neither how often nor when is told. */
const isBare = (e: KubeEvent): boolean =>
  e.count === undefined && lastTime(e) === undefined && firstTime(e) === undefined;

/** Few failures that are the last word on their pod: it is not known to run, and nothing newer is said of it. */
function open(
  failed: readonly KubeEvent[],
  events: readonly KubeEvent[],
  snapshot: NodeSnapshot,
): readonly KubeEvent[] {
  return failed.filter((event) => {
    const pods = snapshot.cluster.pods.filter(({ name }) => name === event.objectName);
    if (pods.some((pod) => pod.phase === 'Running' && pod.ips.length > 0)) return false;
    const time = lastTime(event);
    return !events.some(
      (other) =>
        other.objectName === event.objectName &&
        other.reason !== event.reason &&
        time !== undefined &&
        (lastTime(other) ?? -Infinity) > time,
    );
  });
}

const lastTime = (e: KubeEvent): number | undefined =>
  e.lastSeen ?? (e.lastSeenAgo === undefined ? undefined : -e.lastSeenAgo * 1000);
const firstTime = (e: KubeEvent): number | undefined =>
  e.firstSeen ?? (e.firstSeenAgo === undefined ? undefined : -e.firstSeenAgo * 1000);

/** Failures within the 10 minutes before the newest one. An event that counts over a longer time gives its share. */
function failuresInWindow(events: readonly KubeEvent[]): number {
  const newest = Math.max(...events.map((e) => lastTime(e) ?? -Infinity));
  return events.reduce((sum, event) => {
    const end = lastTime(event);
    if (end !== undefined && Number.isFinite(newest) && newest - end > WINDOW) return sum;
    const count = event.count ?? 1;
    const span = (end ?? 0) - (firstTime(event) ?? end ?? 0);
    return sum + (span > WINDOW ? (count * WINDOW) / span : count);
  }, 0);
}

interface Group {
  readonly code: number | undefined;
  readonly events: readonly KubeEvent[];
}

/** One group for each error code; what carries none is told apart by its cause. */
function causes(events: readonly KubeEvent[]): Group[] {
  const groups = new Map<string, Group>();
  for (const event of events) {
    const code = codesIn(event.message)[0];
    const key = code === undefined ? causeOf(event.message, code) : String(code);
    groups.set(key, { code, events: [...(groups.get(key)?.events ?? []), event] });
  }
  return [...groups.values()];
}

function draft({ code, events }: Group, snapshot: NodeSnapshot, severity: Severity): FindingDraft {
  const pods = [...new Set(events.flatMap((e) => e.objectName ?? []))];
  const known = snapshot.cluster.pods.filter((p) => pods.includes(p.name));
  const over =
    pods.length > 0 &&
    known.length === pods.length &&
    known.every((p) => p.phase === 'Running' && p.ips.length > 0);
  const times = events.reduce((sum, e) => sum + (e.count ?? 1), 0);
  const message = events[0]?.message ?? '';
  const why =
    code === undefined
      ? knownReason(message)?.[1]
      : (errorMeaning(code)?.meaning ?? errorText(code));
  const what = code === undefined ? 'no error code is given' : errorText(code);
  return {
    title: over
      ? 'Sandboxes failed for a while; the pods run now'
      : `${severity === 'info' ? 'A pod has not started yet: its sandbox fails' : 'Pods do not start: their sandbox fails'}${why === undefined ? '' : ` (${why})`}`,
    summary: `FailedCreatePodSandBox ${times === 1 ? 'once' : `${times} times`} for ${pods.length === 0 ? (times === 1 ? 'a pod' : 'pods') : pods.slice(0, 4).join(', ')}: ${what}.${events.some(isBare) ? ' How often is not told: the messages stand without their table.' : ''}`,
    cause: causeOf(message, code),
    remedy: [
      {
        text: 'Check the CNI configuration of the node (step 5) and that its network exists in HNS (step 6): most refusals come from there.',
        command: 'Get-Content C:\\k\\cni\\config\\*.conf*; Get-HnsNetwork | select Name, Type, Id',
        verify: {
          kind: 'observation',
          text: 'The name in the configuration is one of the HNS networks, and every prefix in it is right',
        },
      },
      {
        text: 'After the repair delete the stuck pods; their controller makes new ones.',
        command: kubectlOnPod('delete', known[0] ?? named(events)),
        disturbs: 'Only the pod that does not run anyway.',
        verify: {
          kind: 'command',
          command: 'kubectl get events --field-selector reason=FailedCreatePodSandBox',
          shows: 'shows no newer event',
        },
      },
    ],
    severity: over ? 'info' : severity,
    entities: known.map(podRef),
    evidence: events.flatMap((e) => e.evidence.slice(0, 1)).slice(0, 10),
  };
}

/** The pod of the first event that names one. */
function named(events: readonly KubeEvent[]): { name: string; namespace?: string } | undefined {
  const [first] = events.flatMap(({ objectName, namespace }) =>
    objectName === undefined
      ? []
      : [{ name: objectName, ...(namespace === undefined ? {} : { namespace }) }],
  );
  return first;
}

/** What a message without a code tells, in words for a title and as a cause. */
const KNOWN: readonly (readonly [RegExp, string, string])[] = [
  [
    /timed out locking store/,
    'the plugin waits for its state file',
    'Many pods start at once and wait for the lock of the plugin’s state file.',
  ],
  [
    /failed to reserve sandbox name/,
    'an earlier attempt still goes on',
    'The runtime is still busy with an earlier attempt for the same pod: what that one waits for is the cause.',
  ],
];

const knownReason = (message: string): (typeof KNOWN)[number] | undefined =>
  KNOWN.find(([pattern]) => pattern.test(message));

function causeOf(message: string, code: number | undefined): string {
  const told = knownReason(message);
  if (told) return told[2];
  const usual = usualCause(code, message);
  if (usual !== undefined)
    return `The CNI plugin, HNS or Windows refused it. Usual cause: ${usual}.`;
  return 'The runtime, the CNI plugin or HNS refused the endpoint; the message of the event says which call failed.';
}
