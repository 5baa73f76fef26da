import { describe, expect, it } from 'vitest';
import type { CheckResult, Finding } from '../../model/finding';
import { caseOf } from '../../synthetic/case-of';
import { planNode } from '../../synthetic/node-plan';
import { SCENARIOS, scenario } from '../../synthetic/scenarios';
import {
  bundleOf,
  edit,
  syntheticNode,
  without,
  type BundleTexts,
} from '../../synthetic/synthetic-node';
import { vfpPorts } from '../../synthetic/vfp-plan';
import { vfpText, type SyntheticVfpRule } from '../../synthetic/vfp-text';
import { analyse } from '../engine';
import type { Rule } from '../rule';
import { rule as duplicates } from './vfp-dup-rules';
import { rule as overlap } from './vfp-encap-overlap';
import { rule as shadowed } from './vfp-rule-shadowed';

const RULES = [duplicates, shadowed, overlap] as const;

function run(
  rule: Rule,
  bundle: BundleTexts,
): { readonly check: CheckResult; readonly findings: readonly Finding[] } {
  const { checks, findings } = analyse(caseOf(bundle), [rule]);
  const [check] = checks;
  if (check === undefined) throw new Error('nothing ran');
  return { check, findings };
}

/** A node whose rules of one group, on every pod port, are changed. */
function changed(
  mode: 'l2bridge' | 'overlay',
  group: RegExp,
  change: (rules: readonly SyntheticVfpRule[]) => readonly SyntheticVfpRule[],
  matchType = 'Priority-based match',
): BundleTexts {
  const plan = planNode({ mode });
  const pods = new Set(plan.pods.map(({ portGuid }) => portGuid));
  const ports = vfpPorts(plan).map((port) =>
    pods.has(port.name)
      ? {
          ...port,
          layers: port.layers.map((layer) => ({
            ...layer,
            groups: layer.groups.map((each) =>
              group.test(each.name)
                ? {
                    ...each,
                    rules: change(each.rules),
                    matchType,
                  }
                : each,
            ),
          })),
        }
      : port,
  );
  return edit(bundleOf(plan), 'vfpOutput.txt', () => vfpText(ports));
}

const named = (rule: SyntheticVfpRule, name: string, more: Partial<SyntheticVfpRule> = {}) => ({
  ...rule,
  friendlyName: name,
  ...more,
});

/** The lines that a finding cites first. */
function cited(bundle: BundleTexts, finding: Finding | undefined): string {
  const [e] = finding?.evidence ?? [];
  const lines = (e && bundle.get(e.file)?.split('\n')) ?? [];
  return e ? lines.slice(e.line - 1, e.endLine).join('\n') : '';
}

describe('quiet', () => {
  it.each(SCENARIOS.map(({ id }) => id))('on %s, whose faults are others', (id) => {
    for (const rule of RULES) expect(run(rule, scenario(id).bundle()).findings).toEqual([]);
  });

  it.each([
    { mode: 'l2bridge', dsr: true },
    { mode: 'overlay', dsr: true },
    { mode: 'l2bridge', pods: 8, services: 30 },
  ] as const)('on a healthy node: %j', (options) => {
    for (const rule of RULES)
      expect(run(rule, syntheticNode(options)).check).toMatchObject(
        rule === overlap && options.mode !== 'overlay'
          ? { status: 'not-checked', because: 'does-not-apply' }
          : { status: 'passed' },
      );
  });

  it('without a dump nothing is checked, and a port that was listed in part is not judged', () => {
    const bundle = syntheticNode({ mode: 'overlay' });
    const cut = edit(bundle, 'vfpOutput.txt', (text) =>
      text.replace(/Command (?:list-rule|get-rule-counter) succeeded!/g, ''),
    );
    for (const rule of RULES) {
      expect(run(rule, without(bundle, 'vfpOutput.txt')).check.status).toBe('not-checked');
      expect(run(rule, cut).check.status).toBe('not-checked');
    }
  });
});

describe('two rules with the same conditions', () => {
  const twice = (change: (rule: SyntheticVfpRule) => Partial<SyntheticVfpRule>): BundleTexts =>
    changed('l2bridge', /^LB_IPv4_OUT/, (rules) =>
      rules.flatMap((rule, i) => (i === 0 ? [rule, named(rule, 'LB_OLD', change(rule))] : [rule])),
    );

  it('that go to other backends contradict each other, on all ports as one finding', () => {
    const bundle = twice(({ data }) => ({
      data: data.map((line) => line.replace('10.127.130.37', '10.127.130.99')),
    }));
    const { findings } = run(duplicates, bundle);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toContain('LB_OLD');
    expect(findings[0]?.summary).toContain('LB / LB_IPv4_OUT of 3 ports');
    expect(cited(bundle, findings[0])).toContain('LB_OLD');
    expect(run(shadowed, bundle).findings).toEqual([]);
  });

  it('that do the same are no contradiction', () => {
    expect(
      run(
        duplicates,
        twice(() => ({})),
      ).findings,
    ).toEqual([]);
  });

  it('one of which is for another port are none', () => {
    const bundle = twice(({ conditions, data }) => ({
      conditions: conditions.map(([key, value]) =>
        key === 'Destination ports' ? ([key, '444'] as const) : ([key, value] as const),
      ),
      data: data.map((line) => line.replace('10.127.130.37', '10.127.130.99')),
    }));
    expect(run(duplicates, bundle).findings).toEqual([]);
  });
});

describe('a rule behind a wider one', () => {
  const behind = (wide: Partial<SyntheticVfpRule>): BundleTexts =>
    changed('l2bridge', /^LB_IPv4_OUT/, (rules) => {
      const [first] = rules;
      return first === undefined ? rules : [named(first, 'LB_WIDE', wide), ...rules];
    });
  const wide = {
    priority: 50,
    conditions: [
      ['Protocols', '6'],
      ['Destination IP', '10.96.0.0-10.111.255.255'],
    ] as const,
  };

  it('is never applied, and the rule that takes its packets is named', () => {
    const bundle = behind(wide);
    const { findings } = run(shadowed, bundle);
    expect(findings.length).toBeGreaterThan(1);
    for (const finding of findings) {
      expect(finding.title).toMatch(/^VFP never applies LB_\S+: LB_WIDE takes its packets$/);
      expect(finding.severity).toBe('warning');
    }
    // UDP is none of the wider rule's packets.
    expect(findings.some(({ title }) => /_53_53_17/.test(title))).toBe(false);
    expect(cited(bundle, findings[0])).toContain('RULE :');
  });

  it('of worse priority is no fault, nor a wider one that cannot be read', () => {
    expect(run(shadowed, behind({ ...wide, priority: 900 })).findings).toEqual([]);
    const odd = [...wide.conditions, ['Odd condition', '1'] as const];
    expect(run(shadowed, behind({ ...wide, conditions: odd })).findings).toEqual([]);
  });

  it('in a group by longest prefix is reached, but not behind one of the same address', () => {
    const prefixed = (conditions: SyntheticVfpRule['conditions']): BundleTexts =>
      changed(
        'l2bridge',
        /^LB_IPv4_OUT/,
        (rules) => {
          const [first] = rules;
          return first === undefined
            ? rules
            : [...rules, named(first, 'LB_WIDE', { ...wide, conditions })];
        },
        'Longest prefix match on Destination IP',
      );
    expect(run(shadowed, prefixed(wide.conditions)).findings).toEqual([]);
    const { findings } = run(shadowed, prefixed([['Destination IP', '10.102.220.146']]));
    expect(findings.map(({ title }) => title)).toEqual([
      expect.stringMatching(/^VFP never applies LB_\S+_10\.102\.220\.146_80_80_6: LB_WIDE/),
    ]);
  });

  it('of filters is an information: a policy may mean it', () => {
    const acl = (name: string, type: string, priority: number, to: string): SyntheticVfpRule => ({
      name: '',
      friendlyName: name,
      priority,
      type,
      conditions: [['Destination IP', to]],
      flowTtl: 0,
      data: [],
    });
    const bundle = changed('l2bridge', /^ACL_ENDPOINT_GROUP_IPv4_OUT/, (rules) => [
      acl('ACL_BLOCK', 'block', 200, '10.0.0.0-10.255.255.255'),
      acl('ACL_ONE', 'allow', 300, '10.1.2.3'),
      ...rules,
    ]);
    const { findings } = run(shadowed, bundle);
    expect(findings.map(({ severity }) => severity)).toEqual(['info']);
    expect(findings[0]?.title).toContain('ACL_ONE');
  });
});

describe('tunnels', () => {
  const widened = (matchType = 'Priority-based match'): BundleTexts =>
    changed(
      'overlay',
      /^VNET_GROUP_ENCAP/,
      (rules) =>
        rules.map((rule, i) =>
          i === 0
            ? { ...rule, conditions: [['Destination IP', '10.244.0.0-10.244.255.255'] as const] }
            : rule,
        ),
      matchType,
    );

  it('of a prefix that is too wide take the packets of other nodes', () => {
    const { findings } = run(overlap, widened());
    expect(findings).toHaveLength(2);
    expect(findings[0]).toMatchObject({ severity: 'error' });
    expect(findings[0]?.summary).toMatch(/The first leads to 10\.127\.130\.\d+, the second to/);
    // The node's own pods are behind it too: their rule is never reached.
    expect(run(shadowed, widened()).findings.map(({ title }) => title)).toEqual([
      expect.stringContaining('VFP never applies ENCAP_'),
    ]);
  });

  it('by longest prefix lead to the narrower', () => {
    expect(run(overlap, widened('Longest prefix match on Destination IP')).findings).toEqual([]);
  });
});
