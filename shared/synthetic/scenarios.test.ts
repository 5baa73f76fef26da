import { describe, expect, it } from 'vitest';
import { brokenLink } from '../chains/chain';
import type { Evidence } from '../model/evidence';
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
    // Captures are no texts of a bundle, and made on request; a sample is of one node.
    const open = result.checks.filter(
      (c) =>
        c.status === 'not-checked' &&
        c.because !== 'does-not-apply' &&
        c.step !== 8 &&
        !(c.missing.length > 0 && c.missing.every(({ where }) => where === 'another-node')),
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

/** What the first line of the cause's evidence says, and in which file. */
const SHOWN_BY: ReadonlyMap<string, readonly [string, RegExp]> = new Map([
  ['broken-inter-node-l2bridge', ['routes.txt', /10\.244\.18\.0\/24 +10\.127\.130\.35/]],
  [
    'broken-inter-node-overlay',
    ['hnsdiag.txt', /"DistributedRouterMacAddress":"00-15-5D-8C-01-FA"/],
  ],
  ['broken-outbound-l2bridge', ['cni/config/cni.conf', /"10\.244\.0\.0\/0"/]],
  ['broken-outbound-overlay', ['hnsdiag.txt', /"OutBoundNAT"/]],
  ['broken-services-l2bridge', ['vfpOutput.txt', /^\s*Count of DIP Ranges: 3/]],
  ['broken-services-overlay', ['policy.txt', /9187832c-0a75-48a2-8ad1-7a6736bc94a6/]],
  ['broken-dns-l2bridge', ['policy.txt', /"10\.96\.0\.10"/]],
  ['broken-dns-overlay', ['policy.txt', /e4cb1fb2-5e6b-4dd2-8dc0-22e80e06b6c3/]],
  ['broken-start-l2bridge', ['cni/config/cni.conf', /"10\.244\.0\.0\/0"/]],
]);

/** Words of a sentence that could only come from a file: addresses, ids, numbers, names with a dash or in camel case. */
const telling = (text: string): string[] =>
  text
    .split(/[\s,;:()"[\]]+/)
    .filter((word) => /\d|\w-\w|[a-z][A-Z]/.test(word) && word.length > 1);

describe.each(broken.map((s) => [s.id, s] as const))('%s', (id, scenario) => {
  const result = analysed(id);
  const bundle = scenario.bundle();
  const textAt = ({ file, line, endLine }: Evidence): string =>
    (bundle.get(file) ?? '')
      .split('\n')
      .slice(line - 1, endLine)
      .join('\n');

  it('shows its cause by the very lines that hold it', () => {
    const first = result.findings[0]?.evidence[0];
    const [file, text] = SHOWN_BY.get(id) ?? ['', /^$/];
    expect(first?.file).toBe(file);
    expect(first && textAt(first)).toMatch(text);
  });

  it('points every finding to lines that are there and say what it says', () => {
    const empty = result.findings.flatMap((f) =>
      f.evidence
        .filter((e) => textAt(e).trim() === '')
        .map((e) => `${f.ruleId} ${e.file} ${e.line}`),
    );
    expect(empty).toEqual([]);
    const vague = result.findings
      .filter((f) => f.severity !== 'info')
      .filter((f) => {
        const shown = f.evidence.slice(0, 2).map(textAt).join('\n').toLowerCase();
        const words = telling([f.title, f.summary, ...f.entities.map((e) => e.id)].join(' '));
        return !words.some((word) => shown.includes(word.toLowerCase()));
      });
    expect(vague.map((f) => `${f.ruleId}: ${f.title}`)).toEqual([]);
  });

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
