import { describe, expect, it } from 'vitest';
import { brokenLink } from '../chains/chain';
import { symptomChains } from '../chains/symptom-chains';
import { RULES } from '../rules/catalogue';
import { analyse, type AnalysisResult } from '../rules/engine';
import type { Case } from '../snapshot/node-snapshot';
import { caseOf, onlySnapshot } from './case-of';
import { SCENARIOS } from './scenarios';
import { syntheticCluster, syntheticNode } from './synthetic-node';

interface Analysed extends AnalysisResult {
  readonly opened: Case;
}

function analysed(id: string): Analysed {
  const bundle = SCENARIOS.find((s) => s.id === id)?.bundle() ?? new Map<string, string>();
  const opened = caseOf(bundle);
  return { opened, ...analyse(opened, RULES) };
}

const serious = ({ findings }: AnalysisResult): string[] =>
  findings.filter((f) => f.severity !== 'info').map((f) => `${f.ruleId}: ${f.title}`);

const healthy = SCENARIOS.filter((s) => s.expectedRule === undefined);
const broken = SCENARIOS.filter((s) => s.expectedRule !== undefined);

describe.each(healthy.map((s) => [s.id, s] as const))('%s', (id) => {
  const result = analysed(id);

  it('yields no error and no warning', () => {
    expect(serious(result)).toEqual([]);
  });

  it('has all evidence: every check was made or does not apply', () => {
    const open = result.checks.filter(
      (c) => c.status === 'not-checked' && c.because !== 'does-not-apply',
    );
    expect(open.map((c) => `${c.ruleId}: ${c.reason}`)).toEqual([]);
  });
});

/** Where the chain of the symptom breaks first. */
const BREAKS_AT: ReadonlyMap<string, string> = new Map([
  ['broken-inter-node-l2bridge', 'inter-node route'],
  ['broken-inter-node-overlay', 'inter-node router-mac'],
  ['broken-outbound-l2bridge', 'outbound nat'],
  ['broken-outbound-overlay', 'outbound nat-vfp'],
  ['broken-services-l2bridge', 'services vfp'],
  ['broken-services-overlay', 'services endpoints'],
  ['broken-dns-l2bridge', 'dns load-balancer'],
  ['broken-dns-overlay', 'dns backends'],
  ['broken-start-l2bridge', 'outbound nic'],
]);

describe.each(broken.map((s) => [s.id, s] as const))('%s', (id, scenario) => {
  const result = analysed(id);

  it('names its cause first', () => {
    const [first] = result.findings;
    expect(first?.ruleId).toBe(scenario.expectedRule);
    expect(first?.causedBy).toBeNull();
    expect(first?.evidence.length).toBeGreaterThan(0);
  });

  it('groups every other error and warning under that cause', () => {
    const other = result.findings.filter(
      (f, i) =>
        i > 0 && f.severity !== 'info' && f.causedBy !== 0 && f.ruleId !== scenario.expectedRule,
    );
    expect(other.map((f) => `${f.ruleId}: ${f.title}`)).toEqual([]);
  });

  it('breaks the chain of its symptom, at the right link, and no other', () => {
    const chains = symptomChains(onlySnapshot(result.opened), result.opened, result);
    const bad = chains.filter((c) => c.status === 'error' || c.status === 'warning');
    const places = bad.map((c) => `${c.symptom} ${brokenLink(c)?.id ?? ''}`);
    expect([...new Set(places)]).toEqual([BREAKS_AT.get(id)]);
  });
});

describe('healthy nodes of other kinds', () => {
  it.each([
    { mode: 'l2bridge', schema: 2, dsr: true },
    { mode: 'overlay', schema: 1, dsr: true },
    { mode: 'overlay', nodeIp: '10.127.130.38', remotePods: 0 },
    { mode: 'l2bridge', nodeIp: '10.127.130.61', nodeName: 'win-new', podCidr: '10.244.61.0/24' },
    { mode: 'l2bridge', pods: 30, services: 40 },
  ] as const)('%j: no error and no warning', (options) => {
    expect(serious(analyse(caseOf(syntheticNode(options)), RULES))).toEqual([]);
  });

  it.each(['l2bridge', 'overlay'] as const)('a whole %s cluster: none on any node', (mode) => {
    const opened = caseOf(...syntheticCluster({ mode }));
    expect(opened.nodes).toHaveLength(3);
    const result = analyse(opened, RULES);
    expect(serious(result)).toEqual([]);
    const chains = symptomChains(onlySnapshot(opened), opened, result);
    expect(chains.filter((c) => c.status !== 'ok')).toEqual([]);
  });
});

describe('a node that was joined again', () => {
  it('with the source VIP of its earlier pod subnet: that comes first', () => {
    const opened = caseOf(syntheticNode({ mode: 'overlay', sourceVip: '10.244.7.10' }));
    const result = analyse(opened, RULES);
    expect(result.findings[0]?.ruleId).toBe('CNI-SRCVIP-STALE');
    const chains = symptomChains(onlySnapshot(opened), opened, result);
    expect(new Set(chains.filter((c) => c.status === 'error').map((c) => c.symptom))).toEqual(
      new Set(['services']),
    );
  });
});
