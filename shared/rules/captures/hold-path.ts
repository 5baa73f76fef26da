import type { Capture } from '../../model/capture';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';
import { isDelivered } from '../../trace/disposition';
import type { RuleStep, TraceStep } from '../../trace/steps';
import type { Expectation, ExpectedWay } from './expected-ways';
import { changesOf, type ObservedChange, type Stage } from './observed-changes';
import { ownerOfMac } from './owner-of-mac';

/** What the rules of the node say of one observed change. */
export type ChangeVerdict =
  /** This step of the trace makes it. */
  | { readonly kind: 'made'; readonly by: TraceStep }
  /** The rules decide what becomes of the packet, and it is not this: a finding. */
  | { readonly kind: 'unmade' }
  /** The next hop has another MAC than the node knows for it: seen, and nothing to alarm anybody. */
  | { readonly kind: 'other'; readonly why: string }
  /** The trace ends before it, and why: no rule or route is there to make it. */
  | { readonly kind: 'beyond'; readonly why: string }
  /** The state of the node does not decide it. */
  | { readonly kind: 'open'; readonly why: string };

export interface HeldChange extends ObservedChange {
  readonly verdict: ChangeVerdict;
}

/** What a capture shows of a flow, held against what the trace makes of its packets. */
export interface HeldPath {
  readonly changes: readonly HeldChange[];
  /** Rules that change an address, of which the packets on their way out show nothing. */
  readonly missing: readonly RuleStep[];
}

/**
 * The one judge of captured rewrites: findings and the window both show what it says. Of the ways
 * that the trace leaves open (one a backend) the one that explains most is meant. `left` are the
 * stages at which the packets are certainly on their way out of the node; `traced` is what the trace
 * makes of the flow.
 */
export function holdPath(
  { capture, stages }: HeldFlow,
  left: readonly Stage[],
  snapshot: NodeSnapshot,
  traced: Expectation | undefined,
): HeldPath {
  const changes = stages.flatMap((stage) => changesOf(capture, stage));
  const expected = snapshot.vfp.length === 0 ? undefined : traced;
  if (expected === undefined || expected.ways.length === 0)
    return {
      changes: changes.map((change) => ({
        ...change,
        verdict: { kind: 'open', why: expected?.undecided ?? NO_RULES },
      })),
      missing: [],
    };
  const ways = expected.ways.map((way) => ({ ...way, steps: inSwitch(way) }));
  const sources = balancerSources(snapshot);
  const [way] = ways.toSorted((a, b) => explains(b, changes) - explains(a, changes));
  const context = { ways, way, expected, snapshot, sources };
  return {
    changes: changes.map((change) => ({ ...change, verdict: judge(change, context) })),
    missing:
      way === undefined || left.length === 0 || expected.undecided !== undefined
        ? []
        : notShown(way, changes),
  };
}

/** What became of the packets of a flow, as its client sends them. */
export interface HeldFlow {
  readonly capture: Capture;
  readonly stages: readonly Stage[];
}

const NO_RULES =
  'The rules of VFP for this flow are not in the case: nothing explains what is seen.';

/** The steps behind the point where a pod's packet enters the switch: what a capture can show. */
function inSwitch({ steps }: ExpectedWay): readonly TraceStep[] {
  const first = steps.findIndex(({ kind }) => kind === 'port');
  return first < 0 ? [] : steps.slice(first);
}

/** How much of what is seen a way explains; the destination before all else. */
function explains({ steps }: ExpectedWay, changes: readonly ObservedChange[]): number {
  return changes
    .filter((change) => makerOf(change, steps) !== undefined)
    .reduce((sum, { kind }) => sum + (kind === 'destination' ? 100 : 1), 0);
}

const isMacChange = (kind: ObservedChange['kind']): boolean =>
  kind === 'source-mac' || kind === 'destination-mac';

const makerOf = (change: ObservedChange, steps: readonly TraceStep[]): TraceStep | undefined =>
  steps.find((step) => change.sets(step) && change.fits(step.after) === true);

interface Judging {
  readonly ways: readonly ExpectedWay[];
  readonly way: ExpectedWay | undefined;
  readonly expected: Expectation;
  readonly snapshot: NodeSnapshot;
  readonly sources: ReadonlySet<string>;
}

function judge(change: ObservedChange, context: Judging): ChangeVerdict {
  const { ways, way, expected, snapshot, sources } = context;
  const steps = way?.steps ?? [];
  const by =
    makerOf(change, steps) ??
    // A load balancer may put a source VIP there; its rules do not show it.
    (change.kind === 'source' && sources.has(change.flow.client.address)
      ? steps.find((step) => step.kind === 'rule' && step.rule.type === 'lbnat')
      : undefined);
  if (by !== undefined) return { kind: 'made', by };
  if (expected.undecided !== undefined) return { kind: 'open', why: expected.undecided };
  const isMac = isMacChange(change.kind);
  const setters = ways.flatMap((each) => each.steps.filter(change.sets));
  if (way !== undefined && endsInside(way) && (isMac || setters.length === 0))
    return {
      kind: 'beyond',
      why: `${goesTo(change, snapshot)}The trace ends before it: ${way.end.text}`,
    };
  if (isMac) return macNotMade(change, steps);
  if (setters.some(({ assumes }) => assumes.some((id) => UNCERTAIN.includes(id))))
    return { kind: 'open', why: 'The rule that sets it does not show the address in the case.' };
  return { kind: 'unmade' };
}

/** Is the packet lost on the node itself, by what the trace knows? */
const endsInside = ({ steps, end }: ExpectedWay): boolean =>
  !isDelivered(end) && !steps.some(({ kind }) => kind === 'wire');

/** Assumptions under which a step sets an address that its rule does not show. */
const UNCERTAIN: readonly string[] = ['nat-address', 'map-space', 'not-interpreted'];

/** `The frame is addressed to the default gateway 10.127.130.1. ` */
function goesTo({ kind, mac }: ObservedChange, snapshot: NodeSnapshot): string {
  if (kind !== 'destination-mac' || mac === undefined) return '';
  return `The frame is addressed to ${ownerOfMac(mac, snapshot)}. `;
}

function macNotMade(change: ObservedChange, steps: readonly TraceStep[]): ChangeVerdict {
  const field = change.kind === 'source-mac' ? 'source' : 'next hop';
  const known = steps.some((step) => change.sets(step) && change.fits(step.after) === false);
  const last = steps.at(-1)?.after;
  if (!known || last === undefined || change.fits(last) !== false)
    return { kind: 'open', why: `The MAC of the ${field} is not known from the case.` };
  return { kind: 'other', why: `The case has another MAC for the ${field}.` };
}

/** Steps of the way that change an address and that no observed change fits. */
function notShown(way: ExpectedWay, changes: readonly ObservedChange[]): readonly RuleStep[] {
  return way.steps.filter(
    (step): step is RuleStep =>
      step.kind === 'rule' &&
      step.changes.some(({ field }) => field === 'destinationIp' || field === 'sourceIp') &&
      !changes.some(({ kind, sets }) => !isMacChange(kind) && sets(step)),
  );
}

/** Addresses that a load balancer may give packets as their source: source VIPs and the node's own. */
function balancerSources(snapshot: NodeSnapshot): ReadonlySet<string> {
  return new Set(
    [
      snapshot.addresses.managementIp?.value,
      ...snapshot.sourceVips.map(({ address }) => address?.value),
      ...snapshot.loadBalancers.map(({ sourceVip }) => sourceVip),
    ].filter((address) => address !== undefined),
  );
}
