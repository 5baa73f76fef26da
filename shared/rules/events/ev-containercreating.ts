import type { KubePod } from '../../model/kubernetes';
import { podRef } from '../../snapshot/entity-ref';
import { listingTime } from '../../snapshot/evidence-span';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { kubectlOnPod } from '../commands';
import { REF } from '../references';
import type { FindingDraft, Rule } from '../rule';
import { firedOrPassed } from '../rule';
import { podsOfNode } from './node-scope';

/** A pod that pulls its image may rightly wait this long. */
const PATIENCE_SECONDS = 300;

export const rule: Rule = {
  meta: {
    id: 'EV-CONTAINERCREATING',
    step: 3,
    severity: 'warning',
    title: 'No pod waits for its sandbox',
    description:
      'Lists pods of the node that are Pending without an address while their containers are created. Older than 5 minutes is a warning; younger ones are only mentioned.',
    impact: 'The pod does not run. This is the first thing seen of most faults of HNS and CNI.',
    needs: ['pods'],
    falsePositives:
      'A large image that is pulled, or a volume that is attached, takes longer than 5 minutes.',
    references: [REF.article, REF.commonProblems],
  },
  check({ snapshot, case: theCase }) {
    const pods = podsOfNode(snapshot, theCase);
    const waiting = pods.filter(isWaiting).map((pod) => ({ pod, age: ageOf(pod, snapshot) }));
    const old = waiting.filter(({ age }) => age !== undefined && age > PATIENCE_SECONDS);
    const young = waiting.filter((w) => !old.includes(w));
    const findings: FindingDraft[] = [];
    if (old.length > 0)
      findings.push(
        stuck(
          old.map(({ pod }) => pod),
          old.map(({ age }) => age ?? 0),
        ),
      );
    if (young.length > 0)
      findings.push(
        fresh(
          young.map(({ pod }) => pod),
          young.map(({ age }) => age),
        ),
      );
    return firedOrPassed(
      findings,
      `None of the ${pods.length} pods of the node waits for its containers`,
    );
  },
};

function isWaiting(pod: KubePod): boolean {
  if (pod.ips.length > 0) return false;
  if (pod.status === 'ContainerCreating' || pod.status === 'PodInitializing') return true;
  return pod.phase === 'Pending' && pod.status === 'Pending' && pod.node !== undefined;
}

function ageOf(pod: KubePod, snapshot: NodeSnapshot): number | undefined {
  if (pod.ageSeconds !== undefined) return pod.ageSeconds;
  const now = listingTime(snapshot, 'kube-pods');
  return pod.createdAt === undefined || now === undefined
    ? undefined
    : (now - pod.createdAt) / 1000;
}

const countOf = (pods: readonly KubePod[]): string =>
  pods.length === 1 ? `Pod ${pods[0]?.name ?? ''}` : `${pods.length} pods`;

function stuck(pods: readonly KubePod[], ages: readonly number[]): FindingDraft {
  const minutes = Math.floor(Math.max(...ages) / 60);
  return {
    title: `${countOf(pods)} ${pods.length === 1 ? 'does' : 'do'} not get past ContainerCreating`,
    summary: `${pods
      .map((p) => p.name)
      .slice(0, 5)
      .join(
        ', ',
      )} ${pods.length > 5 ? `and ${pods.length - 5} more ` : ''}wait for containers, the longest for ${minutes} minutes, without an address.`,
    cause:
      'The sandbox of the pod is not made: the runtime, the CNI plugin or HNS refuses it, or the image is still pulled. The events of the pod name the reason.',
    remedy: [
      {
        text: 'Read the events of one of the pods, and group the stuck pods by node and by reason.',
        command: kubectlOnPod('describe', pods[0]),
        verify: {
          kind: 'observation',
          text: 'The Events table names what failed: FailedCreatePodSandBox (network), Pulling (image), FailedMount (volume)',
        },
      },
    ],
    entities: pods.map(podRef),
    evidence: pods.flatMap((p) => p.evidence.slice(0, 1)).slice(0, 20),
  };
}

function fresh(pods: readonly KubePod[], ages: readonly (number | undefined)[]): FindingDraft {
  const known = ages.filter((age) => age !== undefined).map((age) => Math.round(age));
  const age =
    known.length === 0 ? 'of unknown age' : `${Math.min(...known)} to ${Math.max(...known)} s old`;
  return {
    title: `${countOf(pods)} ${pods.length === 1 ? 'is' : 'are'} just being created`,
    summary: `${pods
      .map((p) => p.name)
      .slice(0, 5)
      .join(
        ', ',
      )}: ContainerCreating without an address, ${age}. That is too young to call it a fault.`,
    cause:
      'Pulling the image and making the sandbox take time. If the pods still wait after 5 minutes, this is a fault.',
    remedy: [
      {
        text: 'Look again in a few minutes.',
        command: 'kubectl get pods -o wide',
        verify: { kind: 'observation', text: 'The pods are Running and have an address' },
      },
    ],
    severity: 'info',
    entities: pods.map(podRef),
    evidence: pods.flatMap((p) => p.evidence.slice(0, 1)).slice(0, 20),
  };
}
