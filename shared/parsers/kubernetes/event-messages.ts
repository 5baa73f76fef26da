import type { KubeEvent } from '../../model/kubernetes';
import { LineAccount, pastedLines } from '../line-account';
import type { Parser } from '../parser';

/** Beginnings of messages that kubelet's events are known by, with the reason they come under. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:\(combined from similar events\): )?Failed (?:to )?create pod sandbox/,
    'FailedCreatePodSandBox',
  ],
  [/^Pod sandbox changed, it will be killed and re-created/, 'SandboxChanged'],
  [/^error killing pod/, 'FailedKillPod'],
  [/^Back-off restarting failed container/, 'BackOff'],
  [/^network is not ready/, 'NetworkNotReady'],
];

/** Messages of events without their table, as people quote them: the reason is told from the text. */
export const eventMessagesParser: Parser = {
  kind: 'event-messages',
  title: 'Messages of Kubernetes events, quoted without their table',
  command: 'kubectl get events -A -o json',
  recognise: (_region, head) => (head.some((line) => reasonOf(line) !== undefined) ? 60 : 0),
  parse: (region) => {
    const account = new LineAccount(region);
    const events: KubeEvent[] = [];
    for (const { n, text } of pastedLines(region)) {
      const reason = reasonOf(text);
      if (reason === undefined) continue;
      account.claim(n);
      events.push({ reason, message: text.trim(), evidence: [account.at(n)] });
    }
    if (events.length === 0) return account.result();
    const [first] = events;
    account.note(
      'guessed',
      'event messages without their table: reasons are told from the text',
      first?.evidence[0]?.line ?? region.line,
    );
    return account.result({ kind: 'kube-events', items: events });
  },
};

function reasonOf(line: string): string | undefined {
  return KNOWN.find(([pattern]) => pattern.test(line.trim()))?.[1];
}
