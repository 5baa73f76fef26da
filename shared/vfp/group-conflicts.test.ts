import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VfpConditions } from '../model/vfp';
import type { SyntheticVfpRule } from '../synthetic/vfp-text';
import { decide } from '../trace/layer-decision';
import { matchSubject } from '../trace/match-subject';
import type { PacketHeader } from '../trace/packet';
import { rule, withLayer } from '../trace/testing/nodes';
import { compileConditions, matches } from './conditions';
import { covers } from './coverage';
import { groupConflicts } from './group-conflicts';
import { ruleIndex } from './rule-index';

const address = fc.integer({ min: 1, max: 6 }).map((last) => `10.0.0.${last}`);
const range = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .map(([a, b]) => `10.0.0.${Math.min(a, b)}-10.0.0.${Math.max(a, b)}`);
const ip = fc.oneof(address, range);
const port = fc.constantFrom('80', '81', '80-82');
const protocol = fc.constantFrom(6, 17);
const some = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { maxLength: 2 });

const header: fc.Arbitrary<PacketHeader> = fc.record({
  sourceMac: fc.constant('00-15-5d-00-00-01'),
  destinationMac: fc.constant('00-15-5d-00-00-02'),
  sourceIp: address,
  destinationIp: address,
  protocol,
  sourcePort: fc.constant(50000),
  destinationPort: fc.constantFrom(80, 81, 82, 83),
  tcpFlags: fc.constant([]),
  encap: fc.constant([]),
});

describe('a condition that covers another', () => {
  const conditions: fc.Arbitrary<VfpConditions> = fc.record({
    protocols: some(protocol),
    sourceIps: some(ip),
    destinationIps: some(fc.oneof(ip, fc.constant('the moon'))),
    sourcePorts: fc.constant([]),
    destinationPorts: some(port),
    sourceMacs: fc.constant([]),
    destinationMacs: some(fc.constantFrom('00-15-5D-00-00-02', '00-15-5d-00-00-03')),
    other: some(fc.constantFrom('Odd : 1', 'Odd : 2')),
  });

  it('takes every packet that the other takes', () => {
    let covered = 0;
    fc.assert(
      fc.property(conditions, conditions, fc.array(header, { maxLength: 20 }), (a, b, packets) => {
        if (!covers(a, b)) return;
        covered += 1;
        const [wide, narrow] = [compileConditions(a), compileConditions(b)];
        for (const packet of packets) {
          const subject = matchSubject(packet);
          if (matches(narrow, subject) === 'yes') expect(matches(wide, subject)).toBe('yes');
          if (matches(wide, subject) === 'no') expect(matches(narrow, subject)).toBe('no');
        }
      }),
      { numRuns: 5000 },
    );
    expect(covered).toBeGreaterThan(50);
  });
});

describe('a rule that is said to get no packets', () => {
  const rules = fc.array(
    fc
      .record({
        destination: fc.option(ip),
        port: fc.option(port),
        protocol: fc.option(protocol),
        priority: fc.constantFrom(100, 100, 200, 300),
        block: fc.boolean(),
      })
      .map((each) => ({
        ...each,
        conditions: [
          ...(each.protocol === null ? [] : [['Protocols', String(each.protocol)] as const]),
          ...(each.destination === null ? [] : [['Destination IP', each.destination] as const]),
          ...(each.port === null ? [] : [['Destination ports', each.port] as const]),
        ],
      })),
    { minLength: 2, maxLength: 6 },
  );

  it.each(['Priority-based match', 'Longest prefix match on Destination IP'])(
    'is never the one that decides: %s',
    (matchType) => {
      let losers = 0;
      fc.assert(
        fc.property(rules, fc.array(header, { minLength: 20, maxLength: 40 }), (list, packets) => {
          const { opened } = withLayer({
            name: 'TEST_LAYER',
            priority: 1,
            groups: [
              {
                name: 'TEST_GROUP_OUT',
                priority: 100,
                direction: 'OUT',
                matchType,
                rules: list.map(({ conditions, priority, block }, i): SyntheticVfpRule =>
                  rule(`rule-${i}`, block ? 'block' : 'allow', { conditions, priority }),
                ),
              },
            ],
          });
          const dump = opened.nodes[0]?.snapshots[0]?.vfp[0];
          const layer = dump?.layers.find(({ name }) => name === 'TEST_LAYER');
          if (dump === undefined || layer === undefined) throw new Error('no layer');
          const groups = ruleIndex(dump)
            .layersOf(layer.port, 'OUT')
            .find((each) => each.layer === layer)?.groups;
          const [group] = groups ?? [];
          if (groups === undefined || group === undefined) throw new Error('no group');
          const never = new Set(groupConflicts(dump, group).map(({ loser }) => loser.name));
          losers += never.size;
          for (const packet of packets) {
            for (const { rule: deciding } of decide(groups, matchSubject(packet)) ?? [])
              expect(never).not.toContain(deciding?.body.name);
          }
        }),
        { numRuns: 60 },
      );
      expect(losers).toBeGreaterThan(0);
    },
  );
});
