import type { CapturedFlow } from '../../model/capture';
import { withPort } from '../../model/ip';
import type { Case } from '../../snapshot/node-snapshot';
import type { PacketHeader } from '../../trace/packet';
import type { RuleStep } from '../../trace/steps';
import { tracePacket, type Trace } from '../../trace/trace';
import type { ObservedPath } from './observed-paths';

/** What the rules of the node make of a packet: every header it has on its way, in any branch. */
export interface Expectation {
  readonly headers: readonly PacketHeader[];
  /** Rules that change the packet, in the order of the way. */
  readonly rules: readonly RuleStep[];
  /** Does it arrive in every branch, as far as the node can do it? */
  readonly delivered: boolean;
}

/** Questions asked of one capture at most: a trace takes milliseconds. */
const MOST_QUESTIONS = 200;

const made = new WeakMap<Case, Map<string, Expectation | undefined>>();

/**
 * The way that the trace gives the packets of a flow. Undefined where the state does not decide it:
 * what is then seen can be neither expected nor unexpected.
 */
export function expectationOf({ flow }: ObservedPath, theCase: Case): Expectation | undefined {
  const { client, server } = flow;
  const protocol = protocolOf(flow);
  if (protocol === undefined) return undefined;
  const known = made.get(theCase) ?? new Map<string, Expectation | undefined>();
  made.set(theCase, known);
  const to = server.port === undefined ? server.address : withPort(server.address, server.port);
  const key = `${client.address} ${to} ${protocol}`;
  if (known.has(key)) return known.get(key);
  if (known.size >= MOST_QUESTIONS) return undefined;
  const result = tracePacket(
    { from: client.address, to, protocol, sourcePort: client.port },
    theCase,
  );
  const expected = result.kind === 'trace' ? headersOf(result.trace) : undefined;
  known.set(key, expected);
  return expected;
}

const protocolOf = ({ protocolNumber }: CapturedFlow): 'tcp' | 'udp' | undefined =>
  protocolNumber === 6 ? 'tcp' : protocolNumber === 17 ? 'udp' : undefined;

function headersOf(trace: Trace): Expectation | undefined {
  const undecided = trace.branches.some(
    ({ disposition, choices }) =>
      disposition.kind === 'insufficient-information' ||
      choices.some(({ kind }) => kind === 'unknown-condition'),
  );
  if (undecided || trace.header === undefined) return undefined;
  const steps = [...trace.steps, ...trace.branches.flatMap((branch) => branch.steps)];
  return {
    delivered: trace.delivered,
    headers: [trace.header, ...steps.map(({ after }) => after)],
    rules: steps.filter(
      (step): step is RuleStep =>
        step.kind === 'rule' &&
        (step.changes.length > 0 || step.before.encap.length !== step.after.encap.length),
    ),
  };
}

/**
 * Is the flow what a packet with one of these headers looks like? What a header leaves open fits.
 * `sources` are addresses that a load balancer may put in the place of the client's.
 */
export function isExpected(
  { client, server, tunnel }: CapturedFlow,
  headers: readonly PacketHeader[],
  sources: ReadonlySet<string> = new Set(),
): boolean {
  return headers.some((header) => {
    const [encap] = header.encap;
    if ((encap === undefined) !== (tunnel === undefined)) return false;
    return (
      (header.sourceIp === client.address || sources.has(client.address)) &&
      header.destinationIp === server.address &&
      fits(header.destinationPort, server.port) &&
      fits(encap?.destinationIp, tunnel?.outerTo) &&
      fits(encap?.sourceIp, tunnel?.outerFrom) &&
      fits(encap?.vni, tunnel?.network)
    );
  });
}

const fits = <T>(expected: T | undefined, seen: T): boolean =>
  expected === undefined || expected === seen;
