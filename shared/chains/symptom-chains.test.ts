import { describe, expect, it } from 'vitest';
import { rule as routeMissing } from '../rules/inter-node/in-l2b-route-missing';
import { analyse } from '../rules/engine';
import { caseOf, onlySnapshot } from '../synthetic/case-of';
import { scenario, SCENARIOS } from '../synthetic/scenarios';
import { edit, syntheticNode, without, type BundleTexts } from '../synthetic/synthetic-node';
import { brokenLink, type SymptomChain } from './chain';
import { symptomChains } from './symptom-chains';

/** Chains of a bundle; `rules` only when a test is about how findings are heard. */
function chainsOf(bundle: BundleTexts, ...peers: readonly BundleTexts[]): SymptomChain[] {
  const opened = caseOf(bundle, ...peers);
  return symptomChains(onlySnapshot(opened), opened, { findings: [], checks: [] });
}

const bad = (chains: readonly SymptomChain[]): SymptomChain[] =>
  chains.filter((c) => c.status === 'error' || c.status === 'warning');

/** What is broken as `<chain id without ids> <first broken link>`, one entry a symptom and link. */
function brokenAt(chains: readonly SymptomChain[]): string[] {
  return [...new Set(bad(chains).map((c) => `${c.symptom} ${brokenLink(c)?.id ?? ''}`))];
}

describe('chains of healthy nodes', () => {
  it.each([
    ['l2bridge', 1, false],
    ['l2bridge', 2, true],
    ['overlay', 1, true],
    ['overlay', 2, false],
  ] as const)(
    '%s, schema %i, DSR %s: nothing is broken and every link but the way back was seen',
    (mode, schema, dsr) => {
      const chains = chainsOf(syntheticNode({ mode, schema, dsr }));
      expect(bad(chains).map((c) => [c.title, brokenLink(c)])).toEqual([]);
      const unseen = chains.flatMap((c) =>
        c.links.filter((l) => l.status === 'not-checked').map((l) => l.id),
      );
      expect([...new Set(unseen)]).toEqual(['way-back']);
      expect(chains.filter((c) => c.symptom === 'inter-node').map((c) => c.headline)).toEqual(
        Array(3).fill('3 of 3 peers'),
      );
      expect(chains.filter((c) => c.symptom === 'outbound')).toHaveLength(3);
      expect(chains.filter((c) => c.symptom === 'services').map((c) => c.title)).toEqual([
        'Services: kubernetes 10.96.0.1:443',
        'Services: win-webserver 10.102.220.146:80',
      ]);
      for (const chain of chains) expect(chain.causes.length).toBeGreaterThan(1);
    },
  );
});

describe('chains of broken nodes', () => {
  it.each([
    ['broken-inter-node-l2bridge', ['inter-node route']],
    ['broken-inter-node-overlay', ['inter-node router-mac']],
    ['broken-outbound-l2bridge', ['outbound nat']],
    ['broken-outbound-overlay', ['outbound nat-vfp']],
    ['broken-services-l2bridge', ['services vfp']],
    ['broken-services-overlay', ['services endpoints']],
    ['broken-dns-l2bridge', ['dns load-balancer']],
    ['broken-dns-overlay', ['dns backends']],
    ['broken-start-l2bridge', ['outbound nic']],
  ])('%s is broken at %j and nowhere else', (id, expected) => {
    const chains = chainsOf(scenario(id).bundle());
    expect(brokenAt(chains)).toEqual(expected);
  });

  it('every broken link cites lines, and every broken scenario is listed above', () => {
    for (const { bundle, expectedRule } of SCENARIOS) {
      if (expectedRule === undefined) continue;
      for (const chain of bad(chainsOf(bundle()))) {
        expect(brokenLink(chain)?.evidence.length, chain.title).toBeGreaterThan(0);
      }
    }
  });

  it('counts honestly and names what is wrong', () => {
    const chains = chainsOf(scenario('broken-services-l2bridge').bundle());
    const [chain] = bad(chains);
    expect(chain?.headline).toBe('1 of 2 services');
    expect(chain && brokenLink(chain)?.detail).toMatch(
      /^2 of 3 ports: win-webserver-\S+ lacks 10\.244\.19\.30$/,
    );
    const one = bad(chainsOf(scenario('broken-outbound-overlay').bundle()));
    expect(one).toHaveLength(1);
    expect(one[0]?.headline).toBe('2 of 3 pods');
    const peer = bad(chainsOf(scenario('broken-inter-node-l2bridge').bundle()));
    expect(peer.map((c) => c.title)).toEqual(['Inter-node: pods on win-9p1xz4ct8rb']);
    expect(peer[0]?.headline).toBe('2 of 3 peers');
  });
});

describe('with the bundle of a peer', () => {
  it.each(['l2bridge', 'overlay'] as const)('%s: the way back is followed', (mode) => {
    const own = syntheticNode({ mode });
    const peer = syntheticNode({ mode, nodeIp: '10.127.130.35' });
    const back = (chains: readonly SymptomChain[]): (string | undefined)[] =>
      chains
        .filter((c) => c.symptom === 'inter-node' && c.title.endsWith('win-7k2fq0dm3vs'))
        .map((c) => c.links.at(-1)?.status);
    expect(back(chainsOf(own, peer))).toEqual(['ok']);
    const forgot =
      mode === 'l2bridge'
        ? edit(peer, 'routes.txt', (t) => t.replaceAll('10.244.19.0', '10.244.119.0'))
        : ['network.txt', 'networkdetailed.txt', 'hnsdiag.txt'].reduce(
            (b, p) => edit(b, p, (t) => t.replaceAll('10.244.3.0/24', '10.244.33.0/24')),
            peer,
          );
    expect(back(chainsOf(own, forgot))).toEqual(['error']);
  });
});

describe('with little evidence', () => {
  it('says what each symptom needs', () => {
    const all = syntheticNode({ mode: 'l2bridge' });
    const chains = chainsOf(new Map([['winver.txt', all.get('winver.txt') ?? '']]));
    expect(chains.map((c) => [c.symptom, c.status])).toEqual([
      ['inter-node', 'not-checked'],
      ['outbound', 'not-checked'],
      ['services', 'not-checked'],
      ['dns', 'not-checked'],
    ]);
    expect(chains.flatMap((c) => c.links).every((l) => l.detail.length > 0)).toBe(true);
    expect(chains[0]?.headline).toBe('not checked');
  });

  it('judges load balancers without Kubernetes objects by their virtual addresses', () => {
    const bundle = without(
      scenario('broken-services-l2bridge').bundle(),
      'services.json',
      'endpointslices.json',
      'pods.json',
      'nodes.json',
    );
    const chains = chainsOf(bundle);
    expect(bad(chains).map((c) => c.title)).toEqual(['Services: 10.102.220.146']);
    const whole = without(
      syntheticNode({ mode: 'overlay' }),
      'services.json',
      'endpointslices.json',
      'pods.json',
      'nodes.json',
    );
    expect(bad(chainsOf(whole))).toEqual([]);
  });

  it('does not call DNS broken when a listing shows no ports', () => {
    const bundle = without(syntheticNode({ mode: 'l2bridge' }), 'policy.txt');
    const dns = chainsOf(bundle).find((c) => c.symptom === 'dns');
    expect(dns?.links[0]).toMatchObject({ id: 'load-balancer', status: 'not-checked' });
  });
});

describe('findings', () => {
  it('are heard by the link of their rule and for the object they name', () => {
    const opened = caseOf(scenario('broken-inter-node-l2bridge').bundle());
    const result = analyse(opened, [routeMissing]);
    const chains = symptomChains(onlySnapshot(opened), opened, result);
    expect(bad(chains).map((c) => c.title)).toEqual(['Inter-node: pods on win-9p1xz4ct8rb']);
    const link = bad(chains)[0]?.links.find((l) => l.id === 'route');
    expect(link?.evidence[0]).toEqual(result.findings[0]?.evidence[0]);
    expect(link?.ruleIds).toContain('IN-L2B-ROUTE-MISSING');
  });
});
