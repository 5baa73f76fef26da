import type { HnsEndpoint } from '../../model/hns';
import type { VSwitchPort } from '../../model/tcpip';
import { endpointRef } from '../../snapshot/entity-ref';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { argument } from '../commands';
import { countOf } from '../evidence-lines';
import { podNameOf } from '../pod-endpoints';
import { firedOrPassed, notChecked, type FindingDraft, type Rule } from '../rule';

/** A ratio of a few connections means nothing. */
const LEAST_SYN = 50;
const LEAST_LOST = 30;
const SYN_RATIO = 1.2;
const TIMEOUT_SHARE = 0.05;
const RESET_SHARE = 0.1;

/** What a port counted of connections that its pod opened. */
interface Opened {
  readonly syn: number;
  readonly answered: number;
  readonly timedOut: number;
  readonly reset: number;
}

export const rule: Rule = {
  meta: {
    id: 'CNT-TCP',
    step: 8,
    severity: 'warning',
    title: 'Connections that pods open are answered',
    description:
      'Counts, for each port of a pod, SYN packets that left against SYN-ACK that came, half-open connections that timed out, and resets.',
    impact:
      'Connections of the pod hang until they time out, or are refused. Which of the two it is tells a lost packet from a program that does not listen.',
    needs: ['vswitchPorts'],
    falsePositives:
      'Counters run since the port was made: the fault may be over. Programs that close by reset count as resets, which are an information only.',
    references: ['https://github.com/microsoft/retina/tree/main/pkg/plugin/hnsstats'],
  },
  check({ snapshot }) {
    const ports = [...snapshot.links.vswitchPortOf].flatMap(([endpoint, port]) => {
      const opened = endpoint.isRemote === true ? undefined : openedAt(port);
      return opened === undefined ? [] : [{ endpoint, port, opened }];
    });
    if (ports.length === 0)
      return notChecked(
        'No port of an endpoint shows counters of TCP (vfpctrl /get-port-counter)',
        'vswitchPorts',
      );
    const findings = ports.flatMap(
      ({ endpoint, port, opened }) => finding(snapshot, endpoint, port, opened) ?? [],
    );
    return firedOrPassed(findings, `${countOf(ports.length, 'port')} of endpoints with counters`);
  },
};

function openedAt({ counters }: VSwitchPort): Opened | undefined {
  const count = (name: string): number | undefined => counters.get(name);
  const syn = count('SYN packets OUT');
  const answered = count('SYN-ACK packets IN');
  if (syn === undefined || answered === undefined) return undefined;
  return {
    // Whether a SYN-ACK also counts as a SYN is not documented: without them it is the least.
    syn: syn - (count('SYN-ACK packets OUT') ?? 0),
    answered,
    timedOut: count('TCP Half Open Timeouts OUT') ?? 0,
    reset: count('RST packets IN') ?? 0,
  };
}

function finding(
  snapshot: NodeSnapshot,
  endpoint: HnsEndpoint,
  port: VSwitchPort,
  { syn, answered, timedOut, reset }: Opened,
): FindingDraft | undefined {
  if (syn < LEAST_SYN) return undefined;
  const lost = syn - answered;
  const unanswered = lost >= LEAST_LOST && syn > SYN_RATIO * answered;
  const halfOpen = timedOut >= LEAST_LOST && timedOut > TIMEOUT_SHARE * syn;
  const refused = reset >= LEAST_LOST && reset > RESET_SHARE * syn;
  if (!unanswered && !halfOpen && !refused) return undefined;
  const name = podNameOf(snapshot, endpoint);
  const silent = unanswered || halfOpen;
  return {
    severity: silent ? 'warning' : 'info',
    title: silent
      ? `Connections that ${name} opens get no answer`
      : `Many connections of ${name} are reset`,
    summary: `The port counted ${syn} SYN packets out and ${answered} SYN-ACK in, ${timedOut} half-open connections that timed out and ${reset} resets in.`,
    cause: silent
      ? 'SYN packets or their answers are lost on the way: a route, a filter, a load balancer whose backend is gone, or NAT.'
      : 'The other side refuses or breaks off: nothing listens there, or its program ends connections by reset.',
    remedy: [
      {
        text: 'Capture while the pod connects, and see in the flows of step 8 which ends do not answer.',
        command: 'pktmon start --capture --comp all; <reproduce>; pktmon stop',
        disturbs: 'Nothing.',
        verify: {
          kind: 'command',
          command: `vfpctrl /port ${argument(port.name)} /get-port-counter`,
          shows: 'counts as many SYN-ACK as SYN from now on',
        },
      },
    ],
    entities: [endpointRef(endpoint)],
    evidence: port.evidence,
  };
}
