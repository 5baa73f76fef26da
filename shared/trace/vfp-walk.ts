import type { VfpDirection } from '../model/vfp';
import { vfpPortRef, vfpRuleRef } from '../snapshot/entity-ref';
import { wasListed } from '../snapshot/vfp-ports';
import type { AssumptionId } from './assumptions';
import { ended } from './disposition';
import { blockNotInVfp, isAclLayer, otherwiseInHns } from './hns-policies';
import { decide, mayHold, type Decision } from './layer-decision';
import { explained, type MatchSubject } from '../vfp/conditions';
import { matchSubject } from './match-subject';
import type { NodeView, PortPlace } from './node-view';
import { headerChanges, headerText } from './packet';
import {
  ruleIndex,
  type IndexedGroup,
  type IndexedLayer,
  type IndexedRule,
  type RuleIndex,
} from '../vfp/rule-index';
import { isException, NAT_TYPES, type QuickWalk } from './quick-walk';
import { lostTo, nearMisses } from './runners-up';
import { effectsOf, type Effect } from './transform';
import type { RunnerUp, StepPlace, TraceStep } from './steps';
import { onward, passing, stepped, type Walking } from './walking';

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
  const blocked = port.state?.blocked === true;
  // Only ways between nodes loop, and those meet the external port.
  if (walking.quick !== undefined && !blocked && role !== 'external' && wasListed(port))
    return quickly(
      walking,
      { view, place, direction, index: ruleIndex(dump), step },
      walking.quick,
    );
  const entered = passing(
    walking,
    'port',
    step,
    `${direction === 'OUT' ? 'enters the switch by' : 'leaves the switch by'} the ${name} (${direction} rules)`,
    {
      evidence: [blocked && port.state ? port.state.evidence : port.evidence],
      entities: [vfpPortRef(dump.file, port.index, port.name)],
      port: { file: dump.file, index: port.index, direction },
    },
  );
  const visit = `${view.snapshot.id} ${dump.file}#${port.index} ${direction} ${headerText(walking.header)}`;
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
  if (!wasListed(port)) {
    return [
      {
        ...entered,
        end: ended(
          'insufficient-information',
          `The rules of the ${name} are not in the case, or not all of them.`,
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
  }
  const walk: PortWalk = { view, place, direction, index: ruleIndex(dump), step };
  const begun = { ...entered, seen: [...walking.seen, visit] };
  if (walking.quick !== undefined) return quickly(begun, walk, walking.quick);
  let walkings: readonly Walking[] = [begun];
  for (const layer of walk.index.layersOf(port.index, direction))
    walkings = onward(walkings, (each) => walkLayer(each, walk, layer));
  return walkings;
}

/** The same for one of many packets: layers that pass it as it came are not written down. */
function quickly(walking: Walking, walk: PortWalk, quick: QuickWalk): readonly Walking[] {
  let walkings: readonly Walking[] = [walking];
  let seen = { header: walking.header, subject: matchSubject(walking.header) };
  for (const { layer, groupsFor, mayLackRule, decide: decideQuickly } of quick.layersOf(
    walk.place,
    walk.direction,
  )) {
    walkings = onward(walkings, (each) => {
      if (seen.header !== each.header)
        seen = { header: each.header, subject: matchSubject(each.header) };
      const { subject } = seen;
      const { decisions, passes, passesAsReply, hasRule } = decideQuickly(subject);
      if (each.reply ? passesAsReply : passes && (hasRule || !mayLackRule)) return [each];
      return decided(each, walk, layer, groupsFor(subject), subject, decisions);
    });
  }
  return walkings;
}

function walkLayer(walking: Walking, walk: PortWalk, layer: IndexedLayer): readonly Walking[] {
  const subject = matchSubject(walking.header);
  const groups = layer.groups.filter(({ group }) => mayHold(group, walk.direction, subject));
  return groups.length === 0
    ? [walking]
    : decided(walking, walk, layer, groups, subject, decide(groups, subject));
}

function decided(
  walking: Walking,
  walk: PortWalk,
  layer: IndexedLayer,
  groups: readonly IndexedGroup[],
  subject: MatchSubject,
  decisions: readonly Decision[] | undefined,
): readonly Walking[] {
  if (groups.length === 0) return [walking];
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
  const ways = decisions.flatMap((decision) => {
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
  walking.forks.left -= ways.length - 1;
  if (walking.forks.left >= 0) return ways;
  return [
    {
      ...walking,
      end: ended(
        'insufficient-information',
        `Layer ${layer.layer.name} forks the trace into more ways than are followed.`,
        [layer.layer.evidence],
      ),
    },
  ];
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
  const marksOf = ({ after }: Effect): Walking['marks'] => {
    const mark = {
      name: body.name,
      type: body.type,
      before: walking.header,
      after,
      evidence: [evidence],
    };
    return after !== walking.header || isException(mark) ? [...walking.marks, mark] : walking.marks;
  };
  const onEffect = (stepping: Walking, effect: Effect): Walking => ({
    ...stepping,
    marks: marksOf(effect),
    choices: effect.choice === undefined ? walking.choices : [...walking.choices, effect.choice],
    balancer: effect.balancer ?? walking.balancer,
    end: effect.end,
  });
  if (walking.quick !== undefined)
    return effects.map((effect) => onEffect({ ...walking, header: effect.after }, effect));
  const matched = dump.counters(index)?.matchedPackets;
  const runnersUp = lostTo(rule, group, subject, walk.index);
  const why = [...explained(group.conditions, subject), ...explained(rule.conditions, subject)];
  const remarks =
    matched === 0 && walk.index.counts(walk.place.port.index)
      ? ['This rule has never been hit.']
      : [];
  const otherwise = walking.reply
    ? []
    : otherwiseInHns(
        body,
        layer.layer.name,
        walking.header,
        walk.direction,
        walk.view,
        walk.place.endpoint,
      );
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
      evidence: [
        evidence,
        ...(effect.evidence ?? []),
        ...otherwise.flatMap((each) => each.evidence),
      ],
      entities: [vfpRuleRef(dump.file, index, body.name), ...(effect.entities ?? [])],
      remarks: [...(effect.remarks?.() ?? []), ...otherwise.map(({ text }) => text), ...remarks],
      assumes: [
        ...(filled(layer, walk.direction) > 1 ? (['group-order'] as const) : []),
        ...orderAssumptions(group, runnersUp),
        ...(effect.assumes ?? []),
      ],
      reply: false,
    };
    return onEffect(stepped(walking, step), effect);
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

/** What happens to a packet that no rule of the layer matches. */
function byDefault(
  walking: Walking,
  walk: PortWalk,
  { layer }: IndexedLayer,
  groups: readonly IndexedGroup[],
  subject: MatchSubject,
): Walking {
  const rules =
    walking.quick === undefined ? groups.flatMap((group) => group.candidates(subject)) : [];
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
    runnersUp: walking.quick === undefined ? nearMisses(rules, subject, walk.index) : [],
    evidence: [layer.evidence],
    entities: [],
    remarks: [],
    assumes: withRules.length === 0 ? [] : assumes,
    reply: false,
  };
  const after = walking.quick === undefined ? stepped(walking, step) : walking;
  const blocked =
    !drops && !walking.reply && isAclLayer(layer.name)
      ? blockNotInVfp(walk.place.endpoint, walking.header, walk.direction, walk.place.name)
      : undefined;
  if (blocked !== undefined) return { ...after, end: blocked };
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
