import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipText } from '../model/ip';
import type { VfpConditions } from '../model/vfp';
import type { SyntheticVfpRule } from '../synthetic/vfp-text';
import { compileConditions, explained, matches } from '../vfp/conditions';
import { matchSubject } from './match-subject';
import { answered, headerChanges, undone, type PacketHeader } from './packet';
import { traceText } from './render-text';
import { caseOf } from '../synthetic/case-of';
import { SCENARIOS, scenario } from '../synthetic/scenarios';
import type { Case } from '../snapshot/node-snapshot';
import { newestSnapshots, type FlowQuestion } from './flow';
import { cellQuestion, nodePortColumns, reachabilityAxes } from './reachability-axes';
import { allSteps, rule, rulesOf, textAt, traceOf, wayOf, withLayer } from './testing/nodes';

const address = fc.nat(255).map((last) => `10.244.19.${last}`);
const range = fc
  .tuple(fc.nat(255), fc.nat(255))
  .map(([a, b]) => `10.244.19.${Math.min(a, b)}-10.244.19.${Math.max(a, b)}`);
const port = fc.integer({ min: 1, max: 120 }).map(String);

const conditions: fc.Arbitrary<SyntheticVfpRule['conditions']> = fc
  .record(
    {
      Protocols: fc.constantFrom('6', '17', '6,17'),
      'Destination IP': fc.oneof(address, range),
      'Source IP': range,
      'Destination ports': port,
    },
    { requiredKeys: [] },
  )
  .map((record) => Object.entries(record).map(([key, value]) => [key, String(value)] as const));

const anyRule = (name: string, priority: number): fc.Arbitrary<SyntheticVfpRule> =>
  fc
    .record({
      conditions,
      type: fc.constantFrom('allow', 'block', 'nat', 'transposition'),
      flags: fc.constantFrom('1 terminating', '0'),
    })
    .map(({ type, ...more }) =>
      rule(name, type, {
        ...more,
        priority,
        data:
          type === 'nat'
            ? ['Modifying destination IP', '{ 10.244.19.30 : 81 }']
            : type === 'transposition'
              ? ['Transposition:', 'Modify:', 'Destination MAC: 00-00-00-00-00-02']
              : [],
      }),
    );

const rules = fc
  .array(fc.nat(500), { minLength: 1, maxLength: 6 })
  .chain((priorities) => fc.tuple(...priorities.map((p, i) => anyRule(`rule-${i}`, p))));

const PRIORITY = 'Priority-based match';

const layerOf = (list: readonly SyntheticVfpRule[], matchType = PRIORITY) => ({
  name: 'TEST_LAYER',
  priority: 1,
  groups: [
    {
      name: 'TEST_GROUP_OUT',
      priority: 100,
      direction: 'OUT' as const,
      matchType,
      rules: list,
    },
  ],
});

const ask = { from: '10.244.19.29', to: '10.244.19.30:80' };

describe('a trace', () => {
  it('is deterministic', () => {
    fc.assert(
      fc.property(rules, (list) => {
        const text = (): string => traceText(traceOf(ask, withLayer(layerOf(list)).opened), 'full');
        expect(text()).toBe(text());
      }),
      { numRuns: 15 },
    );
  });

  it.each([
    ['priority, listed last', PRIORITY, false],
    ['priority, listed first', PRIORITY, true],
    ['prefix', 'Longest prefix match on Destination IP', false],
  ])(
    'never changes by a rule of lower precedence than the deciding one: %s',
    (_by, matchType, first) => {
      // By prefix a rule without a destination is the last of all.
      const other = anyRule('later', 900).map((later) =>
        matchType === PRIORITY
          ? later
          : { ...later, conditions: later.conditions.filter(([key]) => key !== 'Destination IP') },
      );
      fc.assert(
        fc.property(rules, other, (list, later) => {
          const end = (all: readonly SyntheticVfpRule[]) => {
            const trace = traceOf(ask, withLayer(layerOf(all, matchType)).opened);
            const decided = rulesOf(wayOf(trace)).find(({ layer }) => layer === 'TEST_LAYER');
            return {
              rule: decided?.rule.name,
              ends: trace.branches.map((b) => ({
                kind: b.disposition.kind,
                header: b.end,
                choices: b.choices,
              })),
            };
          };
          const before = end(list);
          // Only a rule that decides can have one of lower precedence.
          if (before.rule !== undefined)
            expect(end(first ? [later, ...list] : [...list, later])).toEqual(before);
        }),
        { numRuns: 30 },
      );
    },
  );

  it('points to text that has the rule, for the rules that lost too', () => {
    fc.assert(
      fc.property(rules, (list) => {
        const { opened } = withLayer(layerOf(list));
        for (const step of rulesOf(wayOf(traceOf(ask, opened)))) {
          const [own] = step.evidence;
          expect(own && textAt(opened, own)).toContain(step.rule.name);
          for (const lost of step.runnersUp)
            expect(textAt(opened, lost.evidence)).toContain(lost.name);
        }
      }),
      { numRuns: 15 },
    );
  });
});

const ip = fc.nat(0xffffffff).map((value) => ipText({ family: 4, value: BigInt(value) }));
const optionalPort = fc.option(fc.integer({ min: 1, max: 65535 }), { nil: undefined });
const macOf = fc.option(fc.constantFrom('00-15-5d-00-00-01', '00-15-5d-00-00-02'), {
  nil: undefined,
});
const header: fc.Arbitrary<PacketHeader> = fc.record({
  sourceMac: macOf,
  destinationMac: macOf,
  sourceIp: ip,
  destinationIp: ip,
  protocol: fc.constantFrom(1, 6, 17),
  sourcePort: optionalPort,
  destinationPort: optionalPort,
  tcpFlags: fc.constant([]),
  encap: fc.constant([]),
});

describe('a header', () => {
  it('comes back when what a step changed is undone', () => {
    fc.assert(
      fc.property(header, header, (before, other) => {
        const after = { ...other, protocol: before.protocol };
        expect(undone(headerChanges(before, after), after)).toEqual(before);
      }),
    );
  });

  it('is answered by one whose answer has the same ends', () => {
    fc.assert(
      fc.property(header, (one) => {
        expect(answered(answered(one))).toEqual(one);
      }),
    );
  });
});

/** Each pod to everything, and the NodePorts of the node from outside. */
function questionsOf(opened: Case, rowsOnly?: number): readonly FlowQuestion[] {
  const { rows, columns } = reachabilityAxes(opened);
  return [
    ...rows
      .slice(0, rowsOnly)
      .flatMap((row) => columns.flatMap((column) => cellQuestion(row, column) ?? [])),
    ...newestSnapshots(opened)
      .flatMap(nodePortColumns)
      .map(({ ip, port }) => ({ from: '203.0.113.5', to: `${ip}:${port ?? 0}` })),
  ];
}

describe('a translation', () => {
  it.each(SCENARIOS.map(({ id }) => id))('is undone by the flow, on %s', (id) => {
    const opened = caseOf(scenario(id).bundle());
    for (const question of questionsOf(opened)) {
      const trace = traceOf(question, opened);
      for (const step of allSteps(trace))
        expect(undone(step.changes, step.after)).toMatchObject({
          ...step.before,
          encap: step.after.encap,
        });
      for (const { reply } of trace.branches) {
        const last = reply?.steps.at(-1);
        if (reply?.status !== 'symmetric' || last === undefined || trace.header === undefined)
          continue;
        // The sender gets an answer from whom it sent to.
        const { sourceIp, destinationIp, destinationPort } = trace.header;
        expect(last.after).toMatchObject({ sourceIp: destinationIp, destinationIp: sourceIp });
        expect(last.after.sourcePort).toBe(destinationPort);
      }
    }
  });
});

describe('evidence', () => {
  it.each(SCENARIOS.map(({ id }) => id))('of every rule of a trace has the rule, on %s', (id) => {
    const opened = caseOf(scenario(id).bundle());
    for (const question of questionsOf(opened, 1)) {
      for (const step of rulesOf(allSteps(traceOf(question, opened)))) {
        expect(step.evidence[0] && textAt(opened, step.evidence[0])).toContain(step.rule.name);
        for (const lost of step.runnersUp)
          expect(textAt(opened, lost.evidence)).toContain(lost.name);
      }
    }
  });
});

const NONE: VfpConditions = {
  protocols: [],
  sourceIps: [],
  destinationIps: [],
  sourcePorts: [],
  destinationPorts: [],
  sourceMacs: [],
  destinationMacs: [],
  other: [],
};

describe('conditions', () => {
  const texts = fc.array(fc.oneof(ip, range, fc.string()), { maxLength: 3 });
  const any = fc.record({
    protocols: fc.array(fc.constantFrom(6, 17), { maxLength: 2 }),
    sourceIps: texts,
    destinationIps: texts,
    sourcePorts: fc.array(fc.oneof(port, fc.string()), { maxLength: 2 }),
    destinationPorts: fc.array(fc.oneof(port, fc.string()), { maxLength: 2 }),
    sourceMacs: fc.array(fc.string(), { maxLength: 1 }),
    destinationMacs: fc.array(fc.string(), { maxLength: 1 }),
    other: fc.array(fc.string(), { maxLength: 1 }),
  });

  it('whatever is printed, the result is what its single conditions say', () => {
    fc.assert(
      fc.property(any, header, (printed, packet) => {
        const compiled = compileConditions(printed);
        const subject = matchSubject(packet);
        const results = explained(compiled, subject).map(({ result }) => result);
        const expected = results.includes('no')
          ? 'no'
          : results.includes('unknown')
            ? 'unknown'
            : 'yes';
        expect(matches(compiled, subject)).toBe(expected);
      }),
    );
  });

  it('what is not interpreted is never a yes', () => {
    fc.assert(
      fc.property(fc.string(), header, (text, packet) => {
        const compiled = compileConditions({ ...NONE, other: [`Odd ${text} : 1`] });
        expect(matches(compiled, matchSubject(packet))).toBe('unknown');
      }),
    );
  });
});
