import { describe, expect, it } from 'vitest';
import type { CheckResult, Finding } from '../../model/finding';
import { caseOf } from '../../synthetic/case-of';
import { scenario } from '../../synthetic/scenarios';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { analyse } from '../engine';
import type { Rule } from '../rule';
import { rule as dipReach } from './svc-dip-reach';
import { rule as lbMissing } from './svc-lb-missing';
import { rule as nodePort } from './svc-nodeport-nolb';

const l2 = syntheticNode({ mode: 'l2bridge' });
const ovl = syntheticNode({ mode: 'overlay' });
const nodes = [
  l2,
  ovl,
  syntheticNode({ mode: 'l2bridge', schema: 2 }),
  syntheticNode({ mode: 'overlay', schema: 1 }),
];
const ALL = [lbMissing, nodePort, dipReach];

function run(
  rule: Rule,
  bundle: BundleTexts,
): { readonly check: CheckResult; readonly findings: readonly Finding[] } {
  const { checks, findings } = analyse(caseOf(bundle), [rule]);
  const [check] = checks;
  if (check === undefined) throw new Error('nothing ran');
  return { check, findings };
}

type Json = Record<string, unknown>;

/** policy.txt with only the load balancers that pass; hnsdiag.txt is left out. */
function keepBalancers(bundle: BundleTexts, keep: (text: string) => boolean): BundleTexts {
  return edit(without(bundle, 'hnsdiag.txt'), 'policy.txt', (text) => {
    const list = JSON.parse(
      text.slice(text.search(/^\[/m)).replace(/(\d{17,})/g, '"$1"'),
    ) as Json[];
    return JSON.stringify(
      list.filter((lb) => keep(JSON.stringify(lb))),
      undefined,
      4,
    );
  });
}

const WEB = /"10\.102\.220\.146"/;
const NODE_PORT = /"ExternalPort":31486/;

describe('load balancers of services', () => {
  it.each(ALL.map((rule) => [rule.meta.id, rule] as const))(
    '%s is quiet on healthy nodes',
    (_id, rule) => {
      for (const bundle of nodes) expect(run(rule, bundle).check.status).toBe('passed');
    },
  );

  it.each([
    ['policy.txt', lbMissing, ['policy.txt', 'hnsdiag.txt']],
    ['services.json', lbMissing, ['services.json']],
    ['endpointslices.json', nodePort, ['endpointslices.json']],
    ['policy.txt', nodePort, ['policy.txt', 'hnsdiag.txt']],
    ['the probes', dipReach, ['ValidateKubernetes.Pester.txt', 'dns-direct.txt', 'dns-vip.txt']],
  ] as const)('is not checked without %s', (_what, rule, files) => {
    for (const bundle of [l2, ovl]) {
      const { check, findings } = run(rule, without(bundle, ...files));
      expect(findings).toEqual([]);
      expect(check.status).toBe('not-checked');
    }
  });

  it.each([
    ['V1', l2],
    ['V2', ovl],
  ] as const)('a service without its load balancer does not answer (%s)', (_schema, bundle) => {
    const broken = keepBalancers(bundle, (lb) => !WEB.test(lb));
    const { findings } = run(lbMissing, broken);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toContain('win-webserver (10.102.220.146:80/TCP)');
    expect(findings[0]?.evidence[0]?.file).toBe('services.json');
    expect(run(nodePort, broken).findings).toEqual([]);
  });

  it.each([
    ['V1', l2],
    ['V2', ovl],
  ] as const)(
    'a NodePort without its load balancer is dead on this node (%s)',
    (_schema, bundle) => {
      const broken = keepBalancers(bundle, (lb) => !NODE_PORT.test(lb));
      const { findings } = run(nodePort, broken);
      expect(findings.map(({ title }) => title)).toEqual([
        'NodePort 31486/TCP of service win-webserver does not answer on this node',
      ]);
      const place = findings[0]?.evidence[0];
      expect((broken.get(place?.file ?? '') ?? '').split('\n')[(place?.line ?? 0) - 1]).toContain(
        '31486',
      );
    },
  );

  it('traffic policy Local without a pod here has no load balancer by design', () => {
    const noPods = syntheticNode({ mode: 'l2bridge', pods: 1 });
    const local = (policy: string, text: string): string =>
      text.replace(`"${policy}": "Cluster"`, `"${policy}": "Local"`);
    const elsewhere = edit(
      keepBalancers(noPods, (lb) => !NODE_PORT.test(lb)),
      'endpointslices.json',
      (text) => text.replaceAll('"nodeName": "win-24elfepi8d9"', '"nodeName": "another"'),
    );
    expect(
      run(
        nodePort,
        edit(elsewhere, 'services.json', (text) => local('externalTrafficPolicy', text)),
      ).findings,
    ).toEqual([]);
    expect(run(nodePort, elsewhere).findings).toHaveLength(1);
  });

  it('a service without ready backends has none either', () => {
    const broken = edit(
      keepBalancers(l2, (lb) => !WEB.test(lb)),
      'endpointslices.json',
      (text) => text.replaceAll('"ready": true', '"ready": false'),
    );
    expect(run(lbMissing, broken).findings).toEqual([]);
  });

  it('all services at once are one finding', () => {
    const many = syntheticNode({ mode: 'l2bridge', services: 8 });
    const { findings } = run(
      lbMissing,
      keepBalancers(many, () => false),
    );
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toContain('No service answers');
  });

  it('hnsdiag alone shows no ports: as many load balancers as ports are enough, fewer are not', () => {
    const diag = without(l2, 'policy.txt');
    expect(run(lbMissing, diag).findings).toEqual([]);
    const fewer = edit(diag, 'hnsdiag.txt', (text) =>
      text
        .split('\n')
        .filter((line) => !line.includes('10.102.220.146'))
        .join('\n'),
    );
    expect(run(lbMissing, fewer).findings).toHaveLength(1);
  });

  it('a cut policy.txt proves nothing', () => {
    const cut = edit(without(l2, 'hnsdiag.txt'), 'policy.txt', (text) => text.slice(0, 3000));
    expect(run(lbMissing, cut).check).toMatchObject({
      status: 'not-checked',
      because: 'needs-evidence',
    });
    expect(run(nodePort, cut).check.status).toBe('not-checked');
  });

  it('an IPv6 address of a service is asked for only where it has IPv6 backends and pods have IPv6', () => {
    const dual = edit(l2, 'services.json', (text) =>
      text.replaceAll(
        /"clusterIPs": \[\s+"10\.102\.220\.146"/g,
        '"clusterIPs": ["10.102.220.146", "fd00::1"',
      ),
    );
    expect(run(lbMissing, dual).findings).toEqual([]);
    const slices = edit(dual, 'endpointslices.json', (text) =>
      text.replaceAll('10.244.18.49', 'fd00:1::49'),
    );
    expect(run(lbMissing, slices).findings).toEqual([]);
    // dual-stack.test.ts has a node whose pods have both.
  });
});

describe('backends probed directly', () => {
  it.each(['broken-inter-node-l2bridge', 'broken-inter-node-overlay'])(
    '%s: remote backends do not answer',
    (id) => {
      const { findings } = run(dipReach, scenario(id).bundle());
      expect(findings).toHaveLength(1);
      expect(findings[0]?.title).toBe('Backends on other nodes do not answer even directly');
      expect(findings[0]?.evidence[0]?.file).toBe('ValidateKubernetes.Pester.txt');
    },
  );

  it('a failing VIP with answering backends is not its matter', () => {
    expect(run(dipReach, scenario('broken-services-overlay').bundle()).findings).toEqual([]);
    expect(run(dipReach, scenario('broken-dns-l2bridge').bundle()).findings).toEqual([]);
  });

  it('a test that names its backend speaks of its load balancers only, and only one of a pod', () => {
    const bare = without(l2, 'ValidateKubernetes.Pester.txt', 'dns-direct.txt', 'dns-vip.txt');
    const tried = (name: string) => {
      const text = `Describing Connections of pods\n  [-] ${name} 3004ms\n    no answer within 3 s\n`;
      return run(dipReach, new Map([...bare, ['pod-connections.Pester.txt', text]]));
    };
    const pod = 'reach remote pod 10.244.0.3:53';
    const { findings } = tried(`Pod should be able to ${pod} (from default/win-1)`);
    expect(findings).toHaveLength(1);
    const balancers = findings[0]?.entities.filter(({ kind }) => kind === 'load-balancer') ?? [];
    expect(balancers.length).toBeGreaterThan(0);
    expect(balancers.every(({ name }) => /:(53|9153)\b/.test(name))).toBe(true);
    expect(tried(`Host should be able to ${pod}`).findings).toEqual([]);
    // A process of no load balancer.
    expect(tried('Pod should be able to reach remote pod 10.244.9.9:1').findings).toEqual([]);
  });

  it('a lookup of the node itself at a DNS pod is not its matter', () => {
    const bare = without(l2, 'ValidateKubernetes.Pester.txt', 'dns-direct.txt', 'dns-vip.txt');
    const text =
      'PS C:\\> Resolve-DnsName -Name kubernetes.default -Server 10.244.0.3\nResolve-DnsName : kubernetes.default : This operation returned because the timeout period expired\n';
    const { check, findings } = run(dipReach, new Map([...bare, ['host-lookups.txt', text]]));
    expect(findings).toEqual([]);
    expect(check.status).toBe('not-checked');
  });
});
