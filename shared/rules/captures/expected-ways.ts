import type { CapturedFlow } from '../../model/capture';
import { withPort } from '../../model/ip';
import type { Case } from '../../snapshot/node-snapshot';
import type { Disposition } from '../../trace/disposition';
import type { RuleStep, TraceStep } from '../../trace/steps';
import { tracePacket, type Trace } from '../../trace/trace';

/** One way that the trace leaves open (mostly one backend), answers aside. */
export interface ExpectedWay {
  readonly steps: readonly TraceStep[];
  readonly end: Disposition;
}

/** What the rules of the node make of a packet, on every way that it may take. */
export interface Expectation {
  readonly ways: readonly ExpectedWay[];
  /** Why the state does not decide what becomes of the packet; undefined where it does. */
  readonly undecided: string | undefined;
  /** Rules that change the packet, in the order of the way. */
  readonly rules: readonly RuleStep[];
  /** Does it arrive on every way, as far as the node can do it? */
  readonly delivered: boolean;
}

const made = new WeakMap<Case, Map<string, Expectation | undefined>>();

/**
 * The ways that the trace gives the packets of a flow. Undefined where it gives none: what is then
 * seen can be neither expected nor unexpected.
 * @param most how many questions may have been asked of the case before a new one is not asked any
 * more: a trace takes milliseconds, and rules judge every flow
 */
export function expectationOf(
  { client, server, protocolNumber }: CapturedFlow,
  theCase: Case,
  most = Infinity,
): Expectation | undefined {
  const protocol = PROTOCOLS.get(protocolNumber);
  if (protocol === undefined) return undefined;
  const known = made.get(theCase) ?? new Map<string, Expectation | undefined>();
  made.set(theCase, known);
  const to = server.port === undefined ? server.address : withPort(server.address, server.port);
  const key = `${client.address} ${to} ${protocol}`;
  if (known.has(key)) return known.get(key);
  if (known.size >= most) return NOT_ASKED;
  const result = tracePacket(
    {
      from: client.address,
      to,
      protocol,
      ...(client.port === undefined || client.port === 0 ? {} : { sourcePort: client.port }),
    },
    theCase,
  );
  const expected = result.kind === 'trace' ? waysOf(result.trace) : undefined;
  known.set(key, expected);
  return expected;
}

const NOT_ASKED: Expectation = {
  ways: [],
  undecided: 'there are more flows than are held against the rules',
  rules: [],
  delivered: false,
};

const PROTOCOLS: ReadonlyMap<number, 'tcp' | 'udp' | 'icmp'> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
]);

function waysOf(trace: Trace): Expectation | undefined {
  if (trace.header === undefined) return undefined;
  const ways = trace.branches.map(({ steps, disposition }) => ({
    steps: [...trace.steps, ...steps].filter(({ reply }) => !reply),
    end: disposition,
  }));
  const steps = [...trace.steps, ...trace.branches.flatMap((branch) => branch.steps)];
  return {
    ways,
    undecided: undecidedOf(trace),
    delivered: trace.delivered,
    rules: steps.filter(
      (step): step is RuleStep =>
        step.kind === 'rule' &&
        (step.changes.length > 0 || step.before.encap.length !== step.after.encap.length),
    ),
  };
}

function undecidedOf({ branches }: Trace): string | undefined {
  const open = branches.find(({ disposition }) => disposition.kind === 'insufficient-information');
  if (open !== undefined) return open.disposition.text;
  const forked = branches
    .flatMap(({ choices }) => choices)
    .find(({ kind }) => kind === 'unknown-condition');
  return forked === undefined ? undefined : `The rules leave open: ${forked.text}.`;
}
