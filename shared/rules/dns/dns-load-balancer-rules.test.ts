import { describe, expect, it } from 'vitest';
import type { CheckResult, Finding } from '../../model/finding';
import { caseOf } from '../../synthetic/case-of';
import { scenario } from '../../synthetic/scenarios';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { analyse } from '../engine';
import type { Rule } from '../rule';
import { rule as backends } from './dns-lb-backends';
import { rule as health } from './dns-lb-health';
import { rule as missing } from './dns-lb-missing';
import { rule as nicSuffix } from './dns-nic-suffix';
import { rule as suffix } from './dns-suffix-3way';

const l2 = syntheticNode({ mode: 'l2bridge' });
const ovl = syntheticNode({ mode: 'overlay' });
const nodes = [
  l2,
  ovl,
  syntheticNode({ mode: 'l2bridge', schema: 2 }),
  syntheticNode({ mode: 'overlay', schema: 1 }),
];
const ALL = [missing, backends, health, suffix];

function run(
  rule: Rule,
  bundle: BundleTexts,
): { readonly check: CheckResult; readonly findings: readonly Finding[] } {
  const { checks, findings } = analyse(caseOf(bundle), [rule]);
  const [check] = checks;
  if (check === undefined) throw new Error('nothing ran');
  return { check, findings };
}

function cited(bundle: BundleTexts, finding: Finding | undefined): string {
  return (finding?.evidence ?? [])
    .flatMap((e) => (bundle.get(e.file) ?? '').split('\n').slice(e.line - 1, e.endLine))
    .join('\n');
}

type Json = Record<string, unknown>;

function changeBalancers(bundle: BundleTexts, change: (list: Json[]) => Json[]): BundleTexts {
  return edit(without(bundle, 'hnsdiag.txt'), 'policy.txt', (text) => {
    const list = JSON.parse(
      text.slice(text.search(/^\[/m)).replace(/(\d{17,})/g, '"$1"'),
    ) as Json[];
    return JSON.stringify(change(list), undefined, 4);
  });
}

const isDns = (lb: Json, protocol?: number): boolean => {
  const text = JSON.stringify(lb);
  return (
    text.includes('"10.96.0.10"') &&
    text.includes('"ExternalPort":53') &&
    (protocol === undefined || text.includes(`"Protocol":${protocol}`))
  );
};

describe('load balancers of the cluster DNS', () => {
  it.each(ALL.map((rule) => [rule.meta.id, rule] as const))(
    '%s is quiet on healthy nodes',
    (_id, rule) => {
      for (const bundle of nodes) expect(run(rule, bundle).check.status).toBe('passed');
    },
  );

  it.each([
    [missing, ['policy.txt', 'hnsdiag.txt']],
    [backends, ['endpointslices.json']],
    [backends, ['endpoint.txt', 'hnsdiag.txt']],
    [health, ['policy.txt', 'hnsdiag.txt']],
    [suffix, ['endpoint.txt', 'hnsdiag.txt']],
  ] as const)('%# is not checked without its evidence', (rule, files) => {
    for (const bundle of [l2, ovl]) {
      const { check, findings } = run(rule, without(bundle, ...files));
      expect(findings).toEqual([]);
      expect(check.status).toBe('not-checked');
    }
  });

  it.each([
    ['V1', l2],
    ['V2', ovl],
  ] as const)(
    'without UDP no name resolves, without TCP long answers fail (%s)',
    (_schema, bundle) => {
      const noUdp = run(
        missing,
        changeBalancers(bundle, (list) => list.filter((lb) => !isDns(lb, 17))),
      );
      expect(noUdp.findings[0]).toMatchObject({ severity: 'error' });
      expect(noUdp.findings[0]?.title).toContain('10.96.0.10:53/UDP');
      const noTcp = run(
        missing,
        changeBalancers(bundle, (list) => list.filter((lb) => !isDns(lb, 6))),
      );
      expect(noTcp.findings[0]).toMatchObject({ severity: 'warning' });
    },
  );

  it('finds the sample node by its scenario, and cites the load balancers that are there', () => {
    const bundle = scenario('broken-dns-l2bridge').bundle();
    const { findings } = run(missing, bundle);
    expect(findings).toHaveLength(1);
    expect(cited(bundle, findings[0])).toContain('"10.96.0.10"');
  });

  it('without services the VIP of the CNI counts when the CNI routes its prefix', () => {
    const broken = without(
      changeBalancers(l2, (list) => list.filter((lb) => !isDns(lb, 17))),
      'services.json',
      'kubelet.log',
    );
    expect(run(missing, broken).findings).toHaveLength(1);
    const outside = edit(broken, 'cni/config/cni.conf', (text) =>
      text.replace('"10.96.0.10"', '"168.63.129.16"'),
    );
    expect(run(missing, outside).findings).toEqual([]);
  });

  it('hnsdiag alone shows no ports: two load balancers of the VIP are enough, one is not', () => {
    const diag = without(l2, 'policy.txt');
    expect(run(missing, diag).check.status).toBe('passed');
    // Without the service three load balancers may be of other ports, or all of TCP.
    const untold = run(missing, without(diag, 'services.json', 'kubelet.log'));
    expect(untold.findings).toEqual([]);
    expect(untold.check).toMatchObject({
      status: 'not-checked',
      reason: expect.stringContaining('their ports were not collected') as string,
    });
    let seen = 0;
    const one = edit(diag, 'hnsdiag.txt', (text) =>
      text
        .split('\n')
        .filter((line) => !line.includes('10.96.0.10 ') || (seen += 1) === 1)
        .join('\n'),
    );
    expect(run(missing, one).findings).toHaveLength(1);
  });

  it('backends that are no DNS pods are found at their lines', () => {
    const bundle = scenario('broken-dns-overlay').bundle();
    const { findings } = run(backends, bundle);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.severity).toBe('error');
    expect(findings[0]?.summary).toContain('10.244.0.3');
    expect(cited(bundle, findings[0])).toContain('10.244.0.3');
  });

  it('a backend that is only left out is a warning, one that just started is nothing', () => {
    const less = changeBalancers(l2, (list) =>
      list.map((lb) =>
        isDns(lb) ? { ...lb, References: (lb['References'] as string[]).slice(0, 1) } : lb,
      ),
    );
    expect(run(backends, less).findings[0]).toMatchObject({ severity: 'warning' });
  });

  it('DNS pods that are not ready ask for nothing', () => {
    const down = edit(scenario('broken-dns-overlay').bundle(), 'endpointslices.json', (text) =>
      text.replaceAll('"ready": true', '"ready": false'),
    );
    expect(run(backends, down).check.because).toBe('does-not-apply');
  });

  it('an error code is decoded at its line', () => {
    const broken = changeBalancers(l2, (list) =>
      list.map((lb) =>
        isDns(lb, 17) ? { ...lb, Health: { LastErrorCode: 2151350279, LastUpdateTime: 1 } } : lb,
      ),
    );
    const { findings } = run(health, broken);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toContain('switch port is missing');
    expect(cited(broken, findings[0])).toContain('2151350279');
  });
});

describe('DNS suffixes from CNI to vNIC', () => {
  it('names the hop between CNI and HNS', () => {
    for (const bundle of [l2, ovl]) {
      const broken = edit(bundle, 'cni/config/cni.conf', (text) =>
        text.replace('"svc.cluster.local"', '"svc.corp.local"'),
      );
      const { findings } = run(suffix, broken);
      expect(findings).toHaveLength(1);
      expect(findings[0]?.summary).toContain('between CNI and HNS');
      expect(cited(broken, findings[0])).toContain('svc.corp.local');
    }
  });

  it('names the hop between HNS and vNIC, at the line of the vNIC', () => {
    const broken = edit(l2, 'ip.txt', (text) =>
      text.replace(/(Compartment 2[\s\S]*?)Compartment 3/, (part) =>
        part.replaceAll('svc.cluster.local', 'corp.example'),
      ),
    );
    const { findings } = run(suffix, broken);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.summary).toContain('between HNS and the vNIC');
    expect(cited(broken, findings[0])).toContain('corp.example');
  });

  it('pods that lost the same are one finding, and short names that fail are its consequence', () => {
    const broken = edit(l2, 'ip.txt', (text) =>
      text.replace(/Compartment 2[\s\S]*$/, (part) =>
        part.replaceAll('svc.cluster.local', 'corp.example'),
      ),
    );
    const { findings } = analyse(caseOf(broken), [nicSuffix, suffix]);
    expect(findings.map(({ ruleId, causedBy }) => [ruleId, causedBy])).toEqual([
      ['DNS-SUFFIX-3WAY', null],
      ['DNS-NIC-SUFFIX', 0],
    ]);
    expect(findings[0]?.title).toMatch(/^The vNICs of .* and 1 more lack the DNS suffix/);
  });

  it('a pod that asks for the DNS of the node has its own list, where the runtime hands it on', () => {
    let changed = 0;
    const own = edit(without(l2, 'ip.txt'), 'endpoint.txt', (text) =>
      text.replace(/("DNSSuffix":\s*)"svc\.cluster\.local"/g, (all, key: string) =>
        (changed += 1) === 1 ? `${key}"corp.example"` : all,
      ),
    );
    const policy = (name: string): BundleTexts =>
      edit(own, 'pods.json', (text) =>
        text.replaceAll(/"dnsPolicy": "[^"]*"/g, `"dnsPolicy": "${name}"`),
      );
    expect(run(suffix, policy('Default')).findings).toEqual([]);
    expect(run(suffix, policy('ClusterFirst')).findings).toHaveLength(1);
    const all = edit(policy('Default'), 'endpoint.txt', (text) =>
      text.replaceAll('"svc.cluster.local"', '"corp.example"'),
    );
    expect(run(suffix, all).findings).toHaveLength(1);
    const handedOn = edit(all, 'cni/config/cni.conf', (text) =>
      text.replace('{', '{\n    "capabilities":  { "dns":  true },'),
    );
    expect(run(suffix, handedOn).check.status).toBe('passed');
  });

  it('a namespace in front and the domain behind are no difference', () => {
    const longer = edit(l2, 'ip.txt', (text) =>
      text.replaceAll(
        /^( +)svc\.cluster\.local$/gm,
        '$1default.svc.cluster.local\n$1svc.cluster.local\n$1cluster.local',
      ),
    );
    expect(run(suffix, longer).findings).toEqual([]);
  });
});
