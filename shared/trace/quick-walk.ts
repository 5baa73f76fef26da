import type { VfpDirection, VfpDump, VfpRuleType } from '../model/vfp';
import { headerClasses, type HeaderClass } from './header-classes';
import { hasAcls, isAclLayer } from './hns-policies';
import { decide, mayHold, type Decision } from './layer-decision';
import type { MatchSubject } from '../vfp/conditions';
import type { PortPlace } from './node-view';
import { ruleIndex, type IndexedGroup, type IndexedLayer } from '../vfp/rule-index';
import type { RuleMark } from './walking';

/**
 * What is remembered between the packets of one matrix: how each layer decides about each class of
 * headers. Layers that hold equal rules on many ports share what they know, so a rule that is
 * found may be that of another port with the same text: right for where a packet ends, not for
 * where it is written.
 */
export interface QuickWalk {
  /** Layers of a port that have a rule for the direction, in the order a packet meets them. */
  layersOf(place: PortPlace, direction: VfpDirection): readonly QuickLayer[];
}

export interface QuickLayer {
  readonly layer: IndexedLayer;
  readonly groupsFor: (subject: MatchSubject) => readonly IndexedGroup[];
  /** A policy of HNS may say that a rule is missing: that no rule matches has to be looked into. */
  readonly mayLackRule: boolean;
  readonly decide: (subject: MatchSubject) => QuickDecision;
}

interface QuickDecision {
  /** Every way the layer may decide; undefined beyond a bound. */
  readonly decisions: readonly Decision[] | undefined;
  /** The packet passes as it came, leaving no mark; and if it is an answer. */
  readonly passes: boolean;
  readonly passesAsReply: boolean;
  readonly hasRule: boolean;
}

/** A rule that leaves a packet out of outbound NAT. */
export const isException = ({ name, type }: Pick<RuleMark, 'name' | 'type'>): boolean =>
  type === 'allow' && /OUTBOUNDNAT/i.test(name);

/** Types that never change a header, whatever it holds. */
const LEAVE_ALONE: readonly VfpRuleType[] = ['allow', 'meter', 'paroute', 'redirect', 'other'];
export const NAT_TYPES: readonly VfpRuleType[] = ['lbnat', 'nat', 'dynnat', 'mapnat'];

function passesBy(
  decisions: readonly Decision[] | undefined,
  layer: IndexedLayer,
  reply: boolean,
): boolean {
  const [only] = decisions ?? [];
  if (decisions?.length !== 1 || only === undefined || only.given.length > 0) return false;
  const { rule } = only;
  if (rule === undefined) return layer.layer.defaultAllow;
  const { type } = rule.body;
  return (
    (LEAVE_ALONE.includes(type) || (reply && NAT_TYPES.includes(type))) && !isException(rule.body)
  );
}

interface LayerMemory {
  readonly classOf: HeaderClass;
  readonly decisions: Map<string, QuickDecision>;
}

/** A memory for many packets of one case. */
export function quickWalk(): QuickWalk {
  const ports = new Map<PortPlace['port'], Map<VfpDirection, readonly QuickLayer[]>>();
  const memories = new Map<VfpDump, Map<string, LayerMemory>>();
  const memoryOf = (
    dump: VfpDump,
    defaultAllow: boolean,
    groups: readonly IndexedGroup[],
  ): LayerMemory => {
    const ofDump = memories.get(dump) ?? new Map<string, LayerMemory>();
    memories.set(dump, ofDump);
    const program = `${defaultAllow} ${groups.map((each) => programOf(dump, each)).join('\n')}`;
    const known = ofDump.get(program);
    if (known !== undefined) return known;
    const asked = groups.flatMap((group) => [
      group.conditions.asked,
      ...group.conditionsOfRules().map((conditions) => conditions.asked),
    ]);
    const made = { classOf: headerClasses(asked), decisions: new Map() };
    ofDump.set(program, made);
    return made;
  };
  const prepared = (
    { dump, port, endpoint }: PortPlace,
    direction: VfpDirection,
  ): readonly QuickLayer[] =>
    ruleIndex(dump)
      .layersOf(port.index, direction)
      .map((layer) => ({
        layer,
        groups: layer.groups.filter(
          ({ group }) =>
            // A layer without a rule is passed, unless a policy of HNS says that one is missing.
            (group.ruleCount > 0 || (isAclLayer(layer.layer.name) && hasAcls(endpoint))) &&
            (group.direction === undefined || group.direction === direction),
        ),
      }))
      .filter(({ groups }) => groups.length > 0)
      .map(({ layer, groups }): QuickLayer => {
        const memory = memoryOf(dump, layer.layer.defaultAllow, groups);
        const groupsFor = (subject: MatchSubject): readonly IndexedGroup[] =>
          groups.filter(({ group }) => mayHold(group, direction, subject));
        return {
          layer,
          groupsFor,
          mayLackRule: isAclLayer(layer.layer.name) && hasAcls(endpoint),
          decide: (subject) => {
            const key = `${subject.family ?? 0} ${memory.classOf(subject)}`;
            const known = memory.decisions.get(key);
            if (known !== undefined) return known;
            const decisions = decide(groupsFor(subject), subject);
            const made = {
              decisions,
              passes: passesBy(decisions, layer, false),
              passesAsReply: passesBy(decisions, layer, true),
              hasRule: decisions?.[0]?.rule !== undefined,
            };
            memory.decisions.set(key, made);
            return made;
          },
        };
      });
  return {
    layersOf(place, direction) {
      const known = ports.get(place.port) ?? new Map<VfpDirection, readonly QuickLayer[]>();
      ports.set(place.port, known);
      const found = known.get(direction) ?? prepared(place, direction);
      known.set(direction, found);
      return found;
    },
  };
}

/** Equal for groups that decide alike: their kind, conditions and the texts of their rules in order. */
function programOf(dump: VfpDump, { group }: IndexedGroup): string {
  const { direction, type, matchType, conditions, priority } = group;
  const bodies = dump.rulesOfGroup(group.index).map((rule) => dump.bodyIdOf(rule));
  return JSON.stringify([direction, type, matchType, conditions, priority, bodies]);
}
