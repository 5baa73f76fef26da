import type { HnsLoadBalancer } from '../model/hns';
import type { VfpDirection, VfpRuleType } from '../model/vfp';
import { vfpRuleRef } from '../snapshot/entity-ref';
import { wasListed } from '../snapshot/vfp-ports';
import type { AssumptionId } from './assumptions';
import { ended, type Disposition } from './disposition';
import { allOf, explained, matches, matchSubject, type Match, type MatchSubject } from './match';
import type { NodeView, PortPlace } from './node-view';
import { headerChanges, headerText, type PacketHeader } from './packet';
import {
  ruleIndex,
  type IndexedGroup,
  type IndexedLayer,
  type IndexedRule,
  type RuleIndex,
} from './rule-index';
import { effectsOf, type Effect } from './transform';
import type { BranchChoice, RunnerUp, StepPlace, TraceStep } from './steps';

/** A packet on its way, with everything that happened to it. */
export interface Walking {
  readonly header: PacketHeader;
  readonly steps: readonly TraceStep[];
  readonly choices: readonly BranchChoice[];
  /** The load balancer that chose the destination last. */
  readonly balancer: HnsLoadBalancer | undefined;
  /** Ports met before, to see a loop. */
  readonly seen: readonly string[];
  /** An answer of a flow that its own packets translated already: NAT rules leave it alone. */
  readonly reply: boolean;
  /** The node and port that took it, where it was delivered to one. */
  readonly arrival: { readonly view: NodeView; readonly port: PortPlace | undefined } | undefined;
  /** Set when the packet's way ended. */
  readonly end: Disposition | undefined;
}

/** A packet before its first step. */
export function setOut(header: PacketHeader, reply = false): Walking {
  return {
    header,
    steps: [],
    choices: [],
    balancer: undefined,
    seen: [],
    reply,
    arrival: undefined,
    end: undefined,
  };
}

/** Adds a step and its header. */
export function stepped(walking: Walking, step: TraceStep): Walking {
  const { reply } = walking;
  return { ...walking, header: step.after, steps: [...walking.steps, { ...step, reply }] };
}

/** Sends every packet that is still on its way on; those that ended stay. */
export function onward(
  walkings: readonly Walking[],
  next: (walking: Walking) => readonly Walking[],
): readonly Walking[] {
  return walkings.flatMap((walking) => (walking.end === undefined ? next(walking) : [walking]));
}

const COLUMN: Readonly<Record<PortPlace['role'], StepPlace['column']>> = {
  pod: 'port',
  host: 'host',
  bridge: 'host',
  external: 'external',
};

interface PortWalk {
  readonly view: NodeView;
  readonly place: PortPlace;
  readonly direction: VfpDirection;
  readonly index: RuleIndex;
  readonly step: StepPlace;
}

/**
 * Walks a packet through one VFP port. OUT is from the owner of the port into the switch, IN from
 * the switch to it. Gives one or more packets: forks at load balancing and at conditions that
 * cannot be decided.
 */
export function walkPort(
  walking: Walking,
  view: NodeView,
  place: PortPlace,
  direction: VfpDirection,
): readonly Walking[] {
  const { dump, port, role, name } = place;
  const step: StepPlace = { node: view.snapshot.node, column: COLUMN[role], name };
  const visit = `${view.snapshot.id} ${dump.file}#${port.index} ${direction} ${headerText(walking.header)}`;
  const blocked = port.state?.blocked === true;
  const listed = wasListed(port) || dump.layers.some((l) => l.port === port.index);
  const entered = stepped(walking, {
    kind: 'port',
    place: step,
    text: `${direction === 'OUT' ? 'enters the switch by' : 'leaves the switch by'} the ${name} (${direction} rules)`,
    before: walking.header,
    after: walking.header,
    changes: [],
    evidence: [blocked && port.state ? port.state.evidence : port.evidence],
    entities: [],
    remarks: [],
    assumes: [],
    reply: false,
  });
  if (walking.seen.includes(visit))
    return [
      {
        ...entered,
        end: ended('looped', `The packet comes to the ${name} again with the same header.`),
      },
    ];
  if (blocked && port.state)
    return [
      {
        ...entered,
        end: ended('dropped-by-default', `The ${name} is blocked: nothing passes.`, [
          port.state.evidence,
        ]),
      },
    ];
  if (!listed)
    return [
      {
        ...entered,
        end: ended(
          'insufficient-information',
          `The rules of the ${name} are not in the dump.`,
          [port.evidence],
          [
            {
              what: 'the rules of the port',
              command: `vfpctrl /port ${port.name.toUpperCase()} /list-rule`,
              where: 'node',
            },
          ],
        ),
      },
    ];
  const walk: PortWalk = { view, place, direction, index: ruleIndex(dump), step };
  let walkings: readonly Walking[] = [{ ...entered, seen: [...walking.seen, visit] }];
  for (const layer of walk.index.layersOf(port.index, direction))
    walkings = onward(walkings, (each) => walkLayer(each, walk, layer));
  return walkings;
}

/** One way a layer may decide: the rule that applies, or none. `given` says what it takes for granted. */
interface Decision {
  readonly rule: IndexedRule | undefined;
  readonly group: IndexedGroup | undefined;
  readonly given: readonly string[];
}

function walkLayer(walking: Walking, walk: PortWalk, layer: IndexedLayer): readonly Walking[] {
  const subject = matchSubject(walking.header);
  const groups = layer.groups.filter(({ group }) => mayHold(group, walk.direction, subject));
  if (groups.length === 0) return [walking];
  const decisions = decide(groups, subject);
  if (decisions === undefined) {
    return [
      {
        ...walking,
        end: ended(
          'insufficient-information',
          `Too many rules of layer ${layer.layer.name} have conditions that cannot be decided.`,
          [layer.layer.evidence],
        ),
      },
    ];
  }
  return decisions.flatMap((decision) => {
    const chosen =
      decision.given.length === 0
        ? walking
        : {
            ...walking,
            choices: [
              ...walking.choices,
              { kind: 'unknown-condition' as const, text: decision.given.join('; ') },
            ],
          };
    const { rule, group } = decision;
    return rule === undefined || group === undefined
      ? [byDefault(chosen, walk, layer, groups, subject)]
      : applied(chosen, walk, layer, group, rule, subject);
  });
}

/** Groups of the other direction or the other address family do not concern the packet. */
function mayHold(
  group: IndexedGroup['group'],
  direction: VfpDirection,
  { family }: MatchSubject,
): boolean {
  if (group.direction !== undefined && group.direction !== direction) return false;
  if (/ipv6/i.test(group.type) && family === 4) return false;
  return !(/ipv4/i.test(group.type) && family === 6);
}

/** A direction that is not printed makes everything in the group uncertain. */
const groupMatch = ({ group, conditions }: IndexedGroup, subject: MatchSubject): Match =>
  allOf(group.direction === undefined ? 'unknown' : 'yes', matches(conditions, subject));

/** How many undecided conditions a layer may have before its trace is no longer useful. */
const MOST_DECISIONS = 16;

/**
 * Every way the layer may decide. In a group the best matching rule counts; among groups the last
 * match, unless a matching rule is terminating: it ends the layer. Undefined beyond a bound.
 */
function decide(
  groups: readonly IndexedGroup[],
  subject: MatchSubject,
): readonly Decision[] | undefined {
  let open: readonly Decision[] = [{ rule: undefined, group: undefined, given: [] }];
  const done: Decision[] = [];
  for (const group of groups) {
    const outcomes = groupOutcomes(group, subject);
    const next: Decision[] = [];
    for (const before of open) {
      for (const { rule, given } of outcomes) {
        const all = [...before.given, ...given];
        if (rule === undefined) next.push({ ...before, given: all });
        else if (rule.body.terminating) done.push({ rule, group, given: all });
        else next.push({ rule, group, given: all });
      }
    }
    if (next.length + done.length > MOST_DECISIONS) return undefined;
    open = next;
  }
  return [...done, ...open];
}

interface Outcome {
  readonly rule: IndexedRule | undefined;
  readonly given: readonly string[];
}

function groupOutcomes(group: IndexedGroup, subject: MatchSubject): readonly Outcome[] {
  const own = groupMatch(group, subject);
  if (own === 'no') return [{ rule: undefined, given: [] }];
  const outcomes: Outcome[] = [];
  const not: string[] = [];
  for (const rule of group.candidates(subject)) {
    const match = allOf(own, matches(rule.conditions, subject));
    if (match === 'no') continue;
    if (match === 'yes') return [...outcomes, { rule, given: not }];
    const undecided = [
      ...explained(group.conditions, subject),
      ...explained(rule.conditions, subject),
    ].filter(({ result }) => result === 'unknown');
    const what =
      undecided.length === 0
        ? 'the direction of its group'
        : undecided.map(({ condition }) => condition).join(', ');
    outcomes.push({ rule, given: [...not, `${rule.body.name} applies (${what})`] });
    not.push(`${rule.body.name} does not apply (${what})`);
    if (outcomes.length > MOST_DECISIONS) return outcomes;
  }
  return [...outcomes, { rule: undefined, given: not }];
}

function applied(
  walking: Walking,
  walk: PortWalk,
  layer: IndexedLayer,
  group: IndexedGroup,
  rule: IndexedRule,
  subject: MatchSubject,
): readonly Walking[] {
  const { body, index } = rule;
  const { dump } = walk.place;
  const evidence = walk.index.evidenceOf(index);
  const matched = dump.counters(index)?.matchedPackets;
  const effects: readonly Effect[] =
    walking.reply && NAT_TYPES.includes(body.type)
      ? [
          {
            after: walking.header,
            text: `${body.name} does not apply: the flow pair translates the answer`,
            assumes: ['flow-pair'],
          },
        ]
      : effectsOf(body, walking.header, { view: walk.view, place: walk.place, evidence });
  const runnersUp = lostTo(rule, group, subject, walk);
  const why = [...explained(group.conditions, subject), ...explained(rule.conditions, subject)];
  const remarks =
    matched === 0 && walk.index.counts(walk.place.port.index)
      ? ['This rule has never been hit.']
      : [];
  return effects.map((effect): Walking => {
    const step: TraceStep = {
      kind: 'rule',
      place: walk.step,
      direction: walk.direction,
      layer: layer.layer.name,
      group: group.group.name,
      rule: {
        index,
        name: body.name,
        type: body.type,
        typeText: body.typeText,
        priority: body.priority,
        terminating: body.terminating,
      },
      text: effect.text,
      before: walking.header,
      after: effect.after,
      changes: headerChanges(walking.header, effect.after),
      why,
      runnersUp,
      matchedPackets: matched,
      evidence: [evidence, ...(effect.evidence ?? [])],
      entities: [vfpRuleRef(dump.file, index, body.name), ...(effect.entities ?? [])],
      remarks: [...(effect.remarks ?? []), ...remarks],
      assumes: [
        ...(filled(layer, walk.direction) > 1 ? (['group-order'] as const) : []),
        ...orderAssumptions(group, runnersUp),
        ...(effect.assumes ?? []),
      ],
      reply: false,
    };
    return {
      ...stepped(walking, step),
      choices: effect.choice === undefined ? walking.choices : [...walking.choices, effect.choice],
      balancer: effect.balancer ?? walking.balancer,
      end: effect.end,
    };
  });
}

/** How many groups with rules the layer has for a direction. */
const filled = ({ groups }: IndexedLayer, direction: VfpDirection): number =>
  groups.filter(({ group }) => group.direction === direction && group.ruleCount > 0).length;

/** Only a choice between rules rests on how they are compared. */
function orderAssumptions(
  group: IndexedGroup,
  runnersUp: readonly RunnerUp[],
): readonly AssumptionId[] {
  const compared = runnersUp.some(({ why }) => why.startsWith('also matches'));
  if (!compared) return [];
  return group.by === 'priority-assumed' ? ['match-type', 'priority-order'] : ['priority-order'];
}

const NAT_TYPES: readonly VfpRuleType[] = ['lbnat', 'nat', 'dynnat', 'mapnat'];

const MOST_RUNNERS_UP = 3;

/** Rules of the group that match too, then those that one condition alone keeps out. */
function lostTo(
  winner: IndexedRule,
  group: IndexedGroup,
  subject: MatchSubject,
  walk: PortWalk,
): readonly RunnerUp[] {
  const candidates = group.candidates(subject).filter((rule) => rule !== winner);
  const also = candidates
    .filter((rule) => matches(rule.conditions, subject) === 'yes')
    .map((rule) => ({
      name: rule.body.name,
      why:
        group.by === 'prefix' && rule.body.priority === winner.body.priority
          ? 'also matches, by a shorter prefix or listed later'
          : group.by === 'prefix'
            ? `also matches, by a shorter prefix or priority ${rule.body.priority ?? 'not shown'}`
            : `also matches, with priority ${rule.body.priority ?? 'not shown'}`,
      evidence: walk.index.evidenceOf(rule.index),
    }));
  return [...also, ...nearMisses(candidates, subject, walk)].slice(0, MOST_RUNNERS_UP);
}

function nearMisses(
  candidates: readonly IndexedRule[],
  subject: MatchSubject,
  walk: PortWalk,
): readonly RunnerUp[] {
  const out: RunnerUp[] = [];
  for (const rule of candidates) {
    const failed = rule.conditions.all.filter(({ check }) => check(subject) === 'no');
    const [only] = failed;
    if (failed.length !== 1 || rule.conditions.all.length < 2 || only === undefined) continue;
    out.push({
      name: rule.body.name,
      why: `does not match: ${only.condition}, the packet has ${only.value(subject)}`,
      evidence: walk.index.evidenceOf(rule.index),
    });
    if (out.length >= MOST_RUNNERS_UP) break;
  }
  return out;
}

/** What happens to a packet that no rule of the layer matches. */
function byDefault(
  walking: Walking,
  walk: PortWalk,
  { layer }: IndexedLayer,
  groups: readonly IndexedGroup[],
  subject: MatchSubject,
): Walking {
  const rules = groups.flatMap((group) => group.candidates(subject));
  const withRules = groups.filter(({ group }) => group.ruleCount > 0);
  const drops =
    !layer.defaultAllow && withRules.length > 0 && withRules.every((group) => group.filtersOnly());
  const assumes: readonly AssumptionId[] = layer.defaultAllow
    ? []
    : [drops ? 'no-default-allow' : 'unflagged-layer'];
  const step: TraceStep = {
    kind: 'layer-default',
    place: walk.step,
    direction: walk.direction,
    layer: layer.name,
    text: `no rule of ${layer.name} matches; ${drops ? 'the layer has no Default Allow' : 'it passes'}`,
    before: walking.header,
    after: walking.header,
    changes: [],
    runnersUp: nearMisses(rules, subject, walk),
    evidence: [layer.evidence],
    entities: [],
    remarks: [],
    assumes: withRules.length === 0 ? [] : assumes,
    reply: false,
  };
  const after = stepped(walking, step);
  return drops
    ? {
        ...after,
        end: ended(
          'dropped-by-default',
          `No rule of layer ${layer.name} on the ${walk.place.name} allows the packet, and the layer has no Default Allow.`,
          [layer.evidence],
        ),
      }
    : after;
}
