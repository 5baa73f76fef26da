import type { JudgedPath, Wrong } from './flow-rule';
import { traceIt } from './flow-rule';
import type { ObservedChange } from './observed-changes';

/** Changes of a path that no rule makes, where the rules decide what becomes of its packets. */
export const unmadeChanges = ({ held }: JudgedPath): readonly ObservedChange[] =>
  held().changes.filter(({ verdict }) => verdict.kind === 'unmade');

/** Packets are changed as no rule does it. */
export function unexplained({ unanswered }: JudgedPath, change: ObservedChange): Wrong {
  const { client, server, tunnel } = change.flow;
  return {
    severity: unanswered ? 'error' : 'warning',
    title: (who) => `No rule explains how packets are changed: ${who}`,
    seen: `They become packets from ${client.address} to ${server.address}${tunnel === undefined ? '' : `, in a tunnel from ${tunnel.outerFrom} to ${tunnel.outerTo} (${tunnel.network})`}`,
    cause:
      'The rules changed between capture and collection, or an existing flow keeps what an earlier rule did.',
    remedy: traceIt(
      'Trace the packet in step 8 and compare; collect and capture at one time.',
      'vfpctrl /port <guid> /list-unified-flow',
    ),
  };
}
