import { describe, expect, it } from 'vitest';
import type { CheckResult, Finding } from '../../model/finding';
import { caseOf } from '../../synthetic/case-of';
import { planNode } from '../../synthetic/node-plan';
import { bundleOf, edit, type BundleTexts } from '../../synthetic/synthetic-node';
import { vfpPorts } from '../../synthetic/vfp-plan';
import { vfpText, type SyntheticVfpGroup, type SyntheticVfpRule } from '../../synthetic/vfp-text';
import { analyse } from '../engine';
import type { Rule } from '../rule';
import { rule as duplicates } from './vfp-dup-rules';
import { rule as shadowed } from './vfp-rule-shadowed';

/* Rules of different groups of one layer, held against each other. */

function run(
  rule: Rule,
  bundle: BundleTexts,
): { readonly check: CheckResult | undefined; readonly findings: readonly Finding[] } {
  const { checks, findings } = analyse(caseOf(bundle), [rule]);
  return { check: checks[0], findings };
}

const TO_SERVICE = [
  ['Protocols', '6'],
  ['Destination IP', '10.102.220.146'],
  ['Destination ports', '80'],
] as const;
const ALL_SERVICES = [['Destination IP', '10.96.0.0-10.111.255.255']] as const;

const balancing = (name: string, more: Partial<SyntheticVfpRule> = {}): SyntheticVfpRule => ({
  name: '',
  friendlyName: name,
  priority: 100,
  type: 'lbnat',
  conditions: ALL_SERVICES,
  flowTtl: 0,
  data: ['Count of DIP Ranges: 1', 'DIP Range(s) :', '    { 10.244.19.99 : 80 }'],
  ...more,
});

/** A node with one more group in the LB layer of every pod's port, before (50) or behind (300) what is there. */
function withGroup(
  rules: readonly SyntheticVfpRule[],
  more: Partial<SyntheticVfpGroup> = {},
): BundleTexts {
  const plan = planNode({ mode: 'l2bridge' });
  const pods = new Set(plan.pods.map(({ portGuid }) => portGuid));
  const extra = {
    name: 'LB_OLD_OUT',
    priority: 50,
    direction: 'OUT' as const,
    type: 'IPv4',
    rules,
    ...more,
  };
  const ports = vfpPorts(plan).map((port) =>
    pods.has(port.name)
      ? {
          ...port,
          layers: port.layers.map((layer) =>
            layer.name === 'LB'
              ? {
                  ...layer,
                  groups: [...layer.groups.map((each) => ({ ...each, type: 'IPv4' })), extra],
                }
              : layer,
          ),
        }
      : port,
  );
  return edit(bundleOf(plan), 'vfpOutput.txt', () => vfpText(ports));
}

describe('a rule that ends its layer for the packets of a later group', () => {
  it('leaves that one without packets: an information, since it rests on the order of groups', () => {
    const bundle = withGroup([balancing('LB_WIDE')]);
    const { findings } = run(shadowed, bundle);
    expect(findings.length).toBeGreaterThan(1);
    for (const finding of findings) {
      expect(finding.severity).toBe('info');
      expect(finding.title).toMatch(/^VFP never applies LB_\S+: LB_WIDE takes its packets$/);
      expect(finding.summary).toContain('of group LB_OLD_OUT first, which ends the layer');
      expect(finding.summary).toContain('LB / LB_IPv4_OUT of 3 ports');
    }
    // The lines of the rule that is not applied, then those of the one that is.
    const lines = bundle.get('vfpOutput.txt')?.split('\n') ?? [];
    const cited = findings[0]?.evidence.map(({ line, endLine }) =>
      lines.slice(line - 1, endLine).join('\n'),
    );
    expect(cited?.[0]).toContain(findings[0]?.title.split(' ')[3]?.replace(':', ''));
    expect(cited?.[1]).toContain('LB_WIDE');
  });

  it.each([
    ['a later group', [balancing('LB_WIDE')], { priority: 300 }],
    ['a group of equal priority', [balancing('LB_WIDE')], { priority: 100 }],
    ['a group of the way in', [balancing('LB_WIDE')], { direction: 'IN' as const }],
    ['a group of the other family', [balancing('LB_WIDE')], { type: 'IPv6' }],
    ['a match type that is not interpreted', [balancing('LB_WIDE')], { matchType: 'Odd match' }],
    ['a rule that does not end the layer', [balancing('LB_WIDE', { flags: '0' })], {}],
    [
      'a group with one rule that does not end the layer',
      [balancing('LB_WIDE'), balancing('LB_OPEN', { flags: '0', priority: 10 })],
      {},
    ],
    ['a rule for everything', [balancing('LB_WIDE', { conditions: [] })], {}],
    [
      'a condition that is not interpreted',
      [balancing('LB_WIDE', { conditions: [...ALL_SERVICES, ['Odd condition', '1']] })],
      {},
    ],
  ] as const)('quiet on %s', (_, rules, more) => {
    const bundle = withGroup(rules, more);
    expect(run(shadowed, bundle).check).toMatchObject({ status: 'passed' });
    expect(run(duplicates, bundle).check).toMatchObject({ status: 'passed' });
  });
});

describe('two rules of two groups with the same conditions', () => {
  const twin = balancing('LB_TWIN', { conditions: TO_SERVICE });

  it.each([50, 100, 300])('contradict each other in whatever order (group at %i)', (priority) => {
    const { findings } = run(duplicates, withGroup([twin], { priority }));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: 'warning' });
    expect(findings[0]?.title).toMatch(/LB_TWIN/);
    expect(findings[0]?.summary).toMatch(
      /in group LB_(?:OLD|IPv4)_OUT of the same layer.* only one of them is ever applied/,
    );
  });

  it('that do the same, or are for another port, are none', () => {
    const other = TO_SERVICE.map(([key, value]) => [key, value === '80' ? '81' : value] as const);
    expect(run(duplicates, withGroup([{ ...twin, conditions: other }])).findings).toEqual([]);
    const plan = planNode({ mode: 'l2bridge' });
    const same = vfpPorts(plan)
      .flatMap(({ layers }) => layers.flatMap(({ groups }) => groups.flatMap((g) => g.rules)))
      .find(({ friendlyName }) => /_10\.102\.220\.146_80_80_6$/.test(friendlyName ?? ''));
    expect(same).toBeDefined();
    expect(run(duplicates, withGroup(same === undefined ? [] : [same])).findings).toEqual([]);
  });

  it('that allow and block are an information: policies may mean it', () => {
    const acl = (type: string): SyntheticVfpRule => ({ ...twin, type, data: [] });
    const plan = planNode({ mode: 'l2bridge' });
    const [first, ...rest] = vfpPorts(plan);
    const layer = {
      name: 'ACL_POLICY_LAYER',
      priority: 10,
      flags: '0x1 Default Allow',
      groups: ['allow', 'block'].map((type, n) => ({
        name: `POLICY_${n}_OUT`,
        priority: 100 * n,
        direction: 'OUT' as const,
        rules: [acl(type)],
      })),
    };
    const ports =
      first === undefined ? [] : [{ ...first, layers: [...first.layers, layer] }, ...rest];
    const { findings } = run(
      duplicates,
      edit(bundleOf(plan), 'vfpOutput.txt', () => vfpText(ports)),
    );
    expect(findings.map(({ severity }) => severity)).toEqual(['info']);
  });
});

it('nothing is checked where no port was listed to its end', () => {
  const cut = edit(withGroup([balancing('LB_WIDE')]), 'vfpOutput.txt', (text) =>
    text.replace(/Command (?:list-rule|get-rule-counter) succeeded!/g, ''),
  );
  for (const rule of [shadowed, duplicates])
    expect(run(rule, cut).check?.status).toBe('not-checked');
});
